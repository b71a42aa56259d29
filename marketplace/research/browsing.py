"""The lists of the registers: entries and counts kept by ticks, and pages read from them.

A register of a million records is not counted while a reader waits. `browse_batch` keeps one narrow
entry a public record, `count_batch` the counts of all values and of all pairs of values; a page with
one filter or two reads what was counted, one with more counts at most `CAP` entries.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from marketplace.accounts.services import find_or_create_organizations
from marketplace.core import clock
from marketplace.research.models import (
    Counting,
    Entry,
    EntryField,
    FacetCount,
    Record,
    Register,
    Result,
    Task,
)

MARK: Final = "browsed_version"
_BATCH: Final = 500
#: Pages a reader can turn to; beyond them a filter serves better than the thousandth page.
PAGE: Final = 20
LAST_PAGE: Final = 500
#: With three filters and more, or an organisation's, so many entries are counted at most.
CAP: Final = 5000

MODELS: Final[dict[str, type[Record]]] = {Register.RESULT: Result, Register.TASK: Task}
#: Facet → column of the entry; the field has rows of its own.
COLUMNS: Final = {
    "level": "level",
    "agency": "agency",
    "province": "province",
    "programme": "programme",
    "year": "year",
}
FIELD: Final = "field"
FACETS: Final = (FIELD, *COLUMNS)
_NOTHING: Final = {"", "0", "None"}


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
        update_fields=["year", "level", "agency", "province", "programme", "organization"],
    )
    EntryField.objects.bulk_create(
        EntryField(entry=entry, register=register, code=code, year=entry.year, record=entry.record)
        for entry, row in zip(entries, rows, strict=True)
        for code in filter(None, row["field_trail"].split("|"))
        if len(code) <= 5
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
        yield from _pairs(FIELD, facet, fields.values_list("code", f"entry__{column}"))
    yield from _single(FIELD, fields.values_list("code"))
    for one, two in combinations(COLUMNS, 2):
        yield from _pairs(one, two, entries.values_list(COLUMNS[one], COLUMNS[two]))


def _single(facet: str, values: QuerySet[Any, Any]) -> Iterator[tuple[CountKey, int]]:
    for value, count in values.annotate(count=Count("*")):
        if str(value) not in _NOTHING:
            yield ("", "", facet, str(value)), count


def _pairs(one: str, two: str, values: QuerySet[Any, Any]) -> Iterator[tuple[CountKey, int]]:
    for first, second, count in values.annotate(count=Count("*")):
        if str(first) not in _NOTHING and str(second) not in _NOTHING:
            yield (one, str(first), two, str(second)), count
            yield (two, str(second), one, str(first)), count


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """The chosen values; "" is none. Agency, programme and organisation are keys of their rows."""

    field: str = ""
    level: str = ""
    agency: str = ""
    province: str = ""
    programme: str = ""
    year: str = ""
    organization: str = ""

    def chosen(self) -> dict[str, str]:
        names = (*FACETS, "organization")
        return {name: value for name in names if (value := getattr(self, name))}

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})


@dataclass(frozen=True, slots=True)
class Browsed:
    """One page of a list. `total` is exact, or `CAP` where `is_more` says that there are more.

    `facets` holds value → count for each facet, as if its own filter were not chosen; a count is None
    where more than `CAP` entries would have had to be counted.
    """

    keys: list[int]
    total: int
    is_more: bool
    number: int
    pages: int
    facets: dict[str, dict[str, int | None]] = field(default_factory=dict)


def browse(register: str, filters: Filters, *, number: int = 1, page: int = PAGE) -> Browsed:
    """The newest records of a register that meet the filters, and what else could be chosen."""
    total, is_more = _total(register, filters)
    # Beyond the cap nobody knows how many pages there are: one more is offered as long as it fills.
    pages = LAST_PAGE if is_more else min(max(1, -(-total // page)), LAST_PAGE)
    number = min(max(1, number), pages)
    start = (number - 1) * page
    keys = list(
        _entries(register, filters)
        .order_by("-year", "-record")
        .values_list("record", flat=True)[start : start + page]
    )
    # The counts may lag behind the entries for a moment.
    total = max(total, start + len(keys))
    return Browsed(keys, total, is_more, number, pages, _facets(register, filters))


def newest(register: str, filters: Filters, limit: int) -> list[int]:
    """Keys of the newest records, for panels that count nothing."""
    return list(
        _entries(register, filters)
        .order_by("-year", "-record")
        .values_list("record", flat=True)[:limit]
    )


def in_order(records: Any, keys: list[int]) -> list[Any]:
    """The rows of these keys, in their order; what is not among `records` is left out."""
    rows = records.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def filed(register: str, filters: Filters) -> int:
    """How many entries meet the filters, counted now: for the few of one organisation."""
    return _entries(register, filters).count()


def counted(register: str, **chosen: str) -> int:
    """The kept count of the register, or of one value: `counted("result", field="401")`."""
    facet, value = next(iter(chosen.items()), ("", ""))
    return counts_of(register, facet, [value]).get(value, 0)


def counts_of(register: str, facet: str, values: Iterable[str]) -> dict[str, int]:
    """The kept counts of some values of a facet; a value that nothing has is left out."""
    rows = FacetCount.objects.filter(
        register=register, by="", by_value="", facet=facet, value__in=list(values)
    )
    return dict(rows.values_list("value", "count"))


def _entries(register: str, filters: Filters) -> QuerySet[Any, Any]:
    chosen = filters.chosen()
    code = chosen.pop(FIELD, "")
    if code:
        conditions = {f"entry__{name}": value for name, value in chosen.items()}
        if "year" in chosen:  # lies beside the field, in the index
            conditions["year"] = conditions.pop("entry__year")
        return EntryField.objects.filter(register=register, code=code, **conditions)
    return Entry.objects.filter(register=register, **chosen)


def _total(register: str, filters: Filters) -> tuple[int, bool]:
    chosen = filters.chosen()
    if len(chosen) > 2 or "organization" in chosen:
        found = _entries(register, filters).order_by()[: CAP + 1].count()
        return min(found, CAP), found > CAP
    pairs = [*chosen.items(), ("", ""), ("", "")]
    (facet, value), (by, by_value) = pairs[:2]
    row = FacetCount.objects.filter(
        register=register, by=by, by_value=by_value, facet=facet, value=value
    ).first()
    return (row.count if row else 0), False


def _facets(register: str, filters: Filters) -> dict[str, dict[str, int | None]]:
    chosen = filters.chosen()
    kept: dict[tuple[str, str], list[str]] = {}
    live: dict[Filters, list[str]] = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet}
        if len(others) > 1 or "organization" in others:
            live.setdefault(filters.without(facet), []).append(facet)
        else:
            kept.setdefault(next(iter(others.items()), ("", "")), []).append(facet)
    facets: dict[str, dict[str, int | None]] = {}
    for (by, by_value), names in kept.items():
        facets |= {name: {} for name in names}
        rows = FacetCount.objects.filter(
            register=register, by=by, by_value=by_value, facet__in=names
        )
        for facet, value, count in rows.values_list("facet", "value", "count"):
            facets[facet][value] = count
    for others_filters, names in live.items():
        facets |= _counted_live(register, others_filters, names)
    return facets


def _counted_live(
    register: str, filters: Filters, names: Iterable[str]
) -> dict[str, dict[str, int | None]]:
    entries = _entries(register, filters).order_by()
    prefix = "entry__" if filters.field else ""
    columns = [f"{prefix}{column}" for column in COLUMNS.values()]
    key = "entry" if filters.field else "pk"
    rows = list(entries.values_list(key, *columns)[: CAP + 1])
    is_capped = len(rows) > CAP
    counters: dict[str, Counter[str]] = {
        facet: Counter(str(row[at]) for row in rows if str(row[at]) not in _NOTHING)
        for at, facet in enumerate(COLUMNS, 1)
    }
    if FIELD in names:
        codes: Counter[str] = Counter()
        keys = [row[0] for row in rows]
        for start in range(0, len(keys), 1000):
            codes.update(
                EntryField.objects.filter(entry__in=keys[start : start + 1000]).values_list(
                    "code", flat=True
                )
            )
        counters[FIELD] = codes
    return {
        name: {value: None if is_capped else count for value, count in counters[name].items()}
        for name in names
    }
