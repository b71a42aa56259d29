from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.sources.models.records import RecordType
from marketplace.sources.models.runs import Run
from marketplace.sources.models.sources import Source


class WaitingCodeQuerySet(models.QuerySet["WaitingCode"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)


class WaitingCode(models.Model):
    """A value of a record that a person is to say what it stands for, as the record writes it.

    The question itself is asked once for all records (`taxonomy.UnresolvedCode`, the same vocabulary,
    target and key); its answer is then put into each record that waits here.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    record_type = models.CharField(max_length=12, choices=RecordType)
    #: The record's `source_id`.
    identifier = models.CharField(_("mã trong nguồn"), max_length=120)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    field = models.CharField(_("trường"), max_length=40)
    value = models.CharField(_("giá trị trong hồ sơ"), max_length=200)
    vocabulary = models.CharField(max_length=60)
    to = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    #: What was put into the record; empty where the value stands for nothing.
    code = models.CharField(_("mã đã chọn"), max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = WaitingCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("giá trị chờ mã")
        verbose_name_plural = _("giá trị chờ mã")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "record_type", "identifier", "field", "key"],
                name="waiting_code_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["vocabulary", "to", "key"],
                condition=models.Q(settled_at=None),
                name="waiting_code_open",
            ),
        ]

    def __str__(self) -> str:
        return self.value
