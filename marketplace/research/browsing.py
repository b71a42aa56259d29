"""The lists of the registers, read from the entries and counts that the stages keep (`filing`).

A register of a million records is not counted while a reader waits, and its rows are not visited: there
is a narrow entry a public record, with its filters in every index it is walked by, and the counts of all
values and of all pairs of values. A page with one filter reads what was counted; one with two or more
counts at most `CAP` entries beside, and says of more that they are more.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import QuerySet

from marketplace.research.models import (
    Entry,
    EntryField,
    FacetCount,
    Record,
    Register,
    Result,
    Task,
)

#: Pages a reader can turn to; beyond them a filter serves better than the thousandth page.
PAGE: Final = 20
LAST_PAGE: Final = 500
#: With three filters and more, or an organisation's, so many entries are counted at most.
CAP: Final = 2000

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
NOTHING: Final = {"", "0", "None"}


def codes_of(trail: str) -> list[str]:
    """The codes that the lists know: those of the tree, not the finer ones some records have."""
    return [code for code in trail.split("|") if 0 < len(code) <= 5]


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
    entries = _Entries(register, filters)
    total, is_more = entries.total(filters)
    # Beyond the cap nobody knows how many pages there are: one more is offered as long as it fills.
    pages = LAST_PAGE if is_more else min(max(1, -(-total // page)), LAST_PAGE)
    number = min(max(1, number), pages)
    start = (number - 1) * page
    keys = list(
        entries.meeting(filters)
        .order_by("-year", "-record")
        .values_list("record", flat=True)[start : start + page]
    )
    # The counts may lag behind the entries for a moment.
    total = max(total, start + len(keys))
    return Browsed(keys, total, is_more, number, pages, _facets(entries, filters))


def newest(register: str, filters: Filters, limit: int) -> list[int]:
    """Keys of the newest records, for panels that count nothing."""
    return list(
        _Entries(register, filters)
        .meeting(filters)
        .order_by("-year", "-record")
        .values_list("record", flat=True)[:limit]
    )


def in_order(records: Any, keys: list[int]) -> list[Any]:
    """The rows of these keys, in their order; what is not among `records` is left out."""
    rows = records.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def filed(register: str, filters: Filters) -> int:
    """How many entries meet the filters, counted now: for the few of one organisation."""
    return _Entries(register, filters).meeting(filters).count()


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


class _Entries:
    """Entries of a register for one page: which table is walked, and what is known of its counts."""

    def __init__(self, register: str, filters: Filters) -> None:
        self.register = register
        self._kept: dict[tuple[tuple[str, str], ...], int] = {}
        chosen = filters.chosen()
        #: A field is looked for in the entries themselves where another filter leaves fewer of them.
        self.is_field_first = {name for name in chosen if name == FIELD} == set(chosen)
        if FIELD in chosen and len(chosen) > 1 and "organization" not in chosen:
            sizes = {one: self._count(one) for one in chosen.items()}
            of_field = sizes.pop((FIELD, chosen[FIELD]))
            self.is_field_first = of_field <= min(sizes.values())

    def meeting(self, filters: Filters) -> QuerySet[Any, Any]:
        chosen = filters.chosen()
        code = chosen.pop(FIELD, "")
        if code and (self.is_field_first or not chosen):
            return EntryField.objects.filter(register=self.register, code=code, **chosen)
        if code:
            chosen["trail__contains"] = f"|{code}|"
        return Entry.objects.filter(register=self.register, **chosen)

    def total(self, filters: Filters) -> tuple[int, bool]:
        """How many meet the filters; with more than two filters at most `CAP`, and whether there are
        more."""
        chosen = filters.chosen()
        if len(chosen) <= 2 and "organization" not in chosen:
            return self._count(*chosen.items()), False
        found = self.meeting(filters).order_by()[: CAP + 1].count()
        return min(found, CAP), found > CAP

    def _count(self, *chosen: tuple[str, str]) -> int:
        """The kept count of one value, of two together, or of the register."""
        if chosen not in self._kept:
            (facet, value), (by, by_value) = [*chosen, ("", ""), ("", "")][:2]
            held = FacetCount.objects.filter(
                register=self.register, by=by, by_value=by_value, facet=facet, value=value
            )
            self._kept[chosen] = held.values_list("count", flat=True).first() or 0
        return self._kept[chosen]


def _facets(entries: _Entries, filters: Filters) -> dict[str, dict[str, int | None]]:
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
            register=entries.register, by=by, by_value=by_value, facet__in=names
        )
        for facet, value, count in rows.values_list("facet", "value", "count"):
            facets[facet][value] = count
    for others_filters, names in live.items():
        facets |= _counted_live(entries, others_filters, names)
    return facets


def _counted_live(
    entries: _Entries, filters: Filters, names: list[str]
) -> dict[str, dict[str, int | None]]:
    """Counts of what meets the filters; where that is more than `CAP`, the values without counts."""
    chosen = filters.chosen()
    if len(chosen) == 2 and "organization" not in chosen and entries.total(filters)[0] > CAP:
        return _values_with(entries.register, chosen, names)
    columns = ["trail", *COLUMNS.values()]
    rows = list(entries.meeting(filters).order_by().values_list(*columns)[: CAP + 1])
    is_capped = len(rows) > CAP
    facets: dict[str, dict[str, int | None]] = {}
    for name in names:
        if name == FIELD:
            trails = Counter(row[0] for row in rows)
            counter: Counter[Any] = Counter()
            for trail, count in trails.items():
                counter.update(dict.fromkeys(codes_of(trail), count))
        else:
            at = columns.index(COLUMNS[name])
            counter = Counter(row[at] for row in rows)
        facets[name] = {
            str(value): None if is_capped else count
            for value, count in counter.items()
            if str(value) not in NOTHING
        }
    return facets


def _values_with(
    register: str, chosen: dict[str, str], names: list[str]
) -> dict[str, dict[str, int | None]]:
    """The values that occur with each of the chosen ones, by the counts that are kept."""
    found: Counter[tuple[str, str]] = Counter()
    for by, by_value in chosen.items():
        rows = FacetCount.objects.filter(
            register=register, by=by, by_value=by_value, facet__in=names
        )
        found.update(rows.values_list("facet", "value"))
    facets: dict[str, dict[str, int | None]] = {name: {} for name in names}
    for (facet, value), times in found.items():
        if times == len(chosen):
            facets[facet][value] = None
    return facets
