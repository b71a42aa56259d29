"""The stages that keep what the lists of the registers are read from: entries, and counts of them."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from marketplace.accounts.services import find_or_create_organizations
from marketplace.core import clock
from marketplace.research.browsing import COLUMNS, FIELD, MODELS, NOTHING, codes_of
from marketplace.research.models import (
    Counting,
    Entry,
    EntryField,
    FacetCount,
    Record,
    Register,
)

MARK: Final = "browsed_version"
_BATCH: Final = 500

# --- the stage that keeps the entries ---------------------------------------------------------


def browse_batch(limit: int = _BATCH) -> int:
    """Brings entries in line with records whose content is ahead; the stage of `research.browse`."""
    for register, model in MODELS.items():
        with transaction.atomic():
            behind = dict(
                model.objects.stale(MARK)
                .order_by("pk")
                .values_list("pk", "content_version")[:limit]
            )
            if behind:
                _write(register, model, list(behind))
                model.mark_done(MARK, behind.items())
                _note_change(register)
                return len(behind)
    return 0


def _write(register: str, model: type[Record], keys: list[int]) -> None:
    wanted = ["pk", "level", "agency", "organization", "programme", "field_trail"]
    year = "year" if register == Register.RESULT else "started_on"
    public: QuerySet[Any] = model.objects.public()
    rows = list(
        public.filter(pk__in=keys).values(
            *wanted,
            year,
            province=Coalesce(NullIf("province_code", Value("")), F("organization__province_code")),
        )
    )
    agencies = find_or_create_organizations(
        sorted({row["agency"] for row in rows if row["agency"]})
    )
    entries = [
        Entry(
            register=register,
            record=row["pk"],
            year=int(str(row[year] or 0)[:4]),
            level=row["level"],
            agency=agencies.get(row["agency"]),
            province=row["province"] or "",
            programme_id=row["programme"],
            organization_id=row["organization"],
            trail=row["field_trail"],
        )
        for row in rows
    ]
    EntryField.objects.filter(entry__register=register, entry__record__in=keys).delete()
    gone = set(keys) - {row["pk"] for row in rows}
    Entry.objects.filter(register=register, record__in=gone).delete()
    Entry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["register", "record"],
        update_fields=["year", "level", "agency", "province", "programme", "organization", "trail"],
    )
    EntryField.objects.bulk_create(
        EntryField(
            entry=entry,
            register=register,
            code=code,
            year=entry.year,
            record=entry.record,
            level=entry.level,
            agency=entry.agency_id,
            province=entry.province,
            programme=entry.programme_id,
            organization=entry.organization_id,
            trail=entry.trail,
        )
        for entry in entries
        for code in codes_of(entry.trail)
    )


def _note_change(register: str) -> None:
    if not Counting.objects.filter(register=register).update(changed=F("changed") + 1):
        Counting.objects.get_or_create(register=register, defaults={"changed": 1})


# --- the stage that keeps the counts ----------------------------------------------------------


def count_batch() -> int:
    """Counts a register whose entries changed; the stage of `research.count`.

    Counting a large register takes its time, so it rests twenty times as long as the last run took.
    """
    now = clock.now()
    for counting in Counting.objects.filter(changed__gt=F("counted")).order_by("register"):
        rest = timedelta(seconds=min(counting.seconds * 20, 3600))
        if counting.counted_at and now - counting.counted_at < rest:
            continue
        count_register(counting.register)
        return 1
    return 0


def count_register(register: str) -> None:
    """What changes while it counts raises `changed` and is counted by the next run."""
    started = time.monotonic()
    changed = Counting.objects.filter(register=register).values_list("changed", flat=True).first()
    fresh = dict(_counted(register))
    held = {
        (row.by, row.by_value, row.facet, row.value): row
        for row in FacetCount.objects.filter(register=register).iterator()
    }
    new, moved = [], []
    for key, count in fresh.items():
        row = held.pop(key, None)
        if row is None:
            by, by_value, facet, value = key
            new.append(
                FacetCount(
                    register=register,
                    by=by, by_value=by_value, facet=facet, value=value, count=count,
                )
            )  # fmt: skip
        elif row.count != count:
            row.count = count
            moved.append(row)
    for part in _parts(new):
        FacetCount.objects.bulk_create(part)
    for part in _parts(moved):
        FacetCount.objects.bulk_update(part, ["count"])
    for part in _parts([row.pk for row in held.values()]):
        FacetCount.objects.filter(pk__in=part).delete()
    Counting.objects.update_or_create(
        register=register,
        defaults={
            "counted": changed or 0,
            "counted_at": clock.now(),
            "seconds": time.monotonic() - started,
        },
    )


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    # Short transactions: SQLite has one writer.
    for start in range(0, len(rows), 500):
        yield rows[start : start + 500]


CountKey = tuple[str, str, str, str]


def _counted(register: str) -> Iterator[tuple[CountKey, int]]:
    entries = Entry.objects.filter(register=register).order_by()
    fields = EntryField.objects.filter(register=register).order_by()
    yield ("", "", "", ""), entries.count()
    for facet, column in COLUMNS.items():
        yield from _single(facet, entries.values_list(column))
        yield from _pairs(FIELD, facet, fields.values_list("code", column))
    yield from _single(FIELD, fields.values_list("code"))
    for one, two in combinations(COLUMNS, 2):
        yield from _pairs(one, two, entries.values_list(COLUMNS[one], COLUMNS[two]))


def _single(facet: str, values: QuerySet[Any, Any]) -> Iterator[tuple[CountKey, int]]:
    for value, count in values.annotate(count=Count("*")):
        if str(value) not in NOTHING:
            yield ("", "", facet, str(value)), count


def _pairs(one: str, two: str, values: QuerySet[Any, Any]) -> Iterator[tuple[CountKey, int]]:
    for first, second, count in values.annotate(count=Count("*")):
        if str(first) not in NOTHING and str(second) not in NOTHING:
            yield (one, str(first), two, str(second)), count
            yield (two, str(second), one, str(first)), count
