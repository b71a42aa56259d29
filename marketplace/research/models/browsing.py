"""What the lists of the registers are read from: narrow rows and kept counts, all of it derived.

A list never counts or sorts the wide rows of the records. A stale entry can hide a record, never show
one: what is listed is fetched through `visible_to` first.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.research.models.choices import Register, TaskLevel

#: What a reader may filter by. It ends every index of the lists: whichever one a page walks, the other
#: filters and the counts are read from it too, and the rows are left alone.
_FILTERS = ("level", "agency", "province", "programme", "organization", "trail")


def _walked(*first: str) -> list[str]:
    rest = [name for name in _FILTERS if name not in first]
    return ["register", *first, "-year", "-record", *rest]


class Entry(models.Model):
    """A public record as the lists see it."""

    register = models.CharField(max_length=8, choices=Register)
    #: The key of the record in its register. No foreign key: entries are dropped by the tick.
    record = models.BigIntegerField()
    #: 0 where it is not known, so that newest first needs no rule for nulls.
    year = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=12, choices=TaskLevel, blank=True)
    agency = models.ForeignKey(
        "accounts.Organization", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    province = models.CharField(max_length=4, blank=True)
    programme = models.ForeignKey(
        "research.Programme", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    #: The fields and those above them, as the record has them (`records.field_trail`).
    trail = models.CharField(max_length=400, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "record"], name="entry_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=_walked(*first), name=name)
            for first, name in (
                ([], "entry_newest"),
                (["level"], "entry_level"),
                (["agency"], "entry_agency"),
                (["province"], "entry_province"),
                (["programme"], "entry_programme"),
                (["organization"], "entry_organization"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.register}:{self.record}"


class EntryField(models.Model):
    """A field of a record, or one above it; the entry's order and filters lie beside it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="fields", db_index=False)
    register = models.CharField(max_length=8, choices=Register)
    code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField(default=0)
    record = models.BigIntegerField()
    level = models.CharField(max_length=12, blank=True, db_default="")
    #: Keys: the entry has the relations.
    agency = models.BigIntegerField(null=True)
    province = models.CharField(max_length=4, blank=True, db_default="")
    programme = models.BigIntegerField(null=True)
    organization = models.BigIntegerField(null=True)
    trail = models.CharField(max_length=400, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "code"], name="entry_field_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=_walked("code"), name="entry_field_newest"),
        ]

    def __str__(self) -> str:
        return self.code


class FacetCount(models.Model):
    """How many records have a value, and how many of them have a value of a second facet too.

    With one filter chosen the page reads its counts here. `by` and `by_value` are empty for the
    counts without a filter; facet and value are empty for the register's total.
    """

    register = models.CharField(max_length=8, choices=Register)
    by = models.CharField(max_length=12, blank=True)
    by_value = models.CharField(max_length=20, blank=True)
    facet = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=20, blank=True)
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register", "by", "by_value", "facet", "value"], name="facet_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}={self.value}: {self.count}"


class Counting(models.Model):
    """When the counts of a register were made, and whether its entries changed since."""

    register = models.CharField(max_length=8, choices=Register, primary_key=True)
    #: Raised by each batch that changes entries; counted is what the counts tell of.
    changed = models.PositiveBigIntegerField(default=0)
    counted = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return self.register
