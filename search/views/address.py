"""What an address of the search page asks for. Nothing in it is an error: what makes no sense is left out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.facets import KIND, facet
from search.narrowed import Narrowed
from search.queries import Query, Sort
from search.registry import source

PAGE_SIZE: Final = 20
#: Nobody reads further, and every engine pays for each page before.
LAST_PAGE: Final = 500
LONGEST_WORDS: Final = 2_000
_LONGEST_VALUE: Final = 80
_MOST_VALUES: Final = 20

TRL: Final = "trl"
YEAR: Final = "year"


@dataclass(frozen=True, slots=True)
class Filter:
    """One group of boxes: its parameter in the address and the facet it filters."""

    parameter: str
    name: str
    is_folded: bool = True


FILTERS: Final = (
    Filter("loai", KIND, is_folded=False),
    Filter("linh-vuc", "field", is_folded=False),
    Filter("san-sang", TRL, is_folded=False),
    Filter("tinh", "province"),
    Filter("gia", "price_band"),
    Filter("nganh", "industry"),
    Filter("chuyen-giao", "transfer"),
    Filter("dich-vu", "service"),
    Filter("can-cu", "evidence"),
    Filter("xac-minh", "verified"),
    Filter("nam", YEAR),
    Filter("ngon-ngu", "language"),
)

#: Readiness as people ask for it; each band stands for its levels.
TRL_BANDS: Final[dict[str, tuple[range, str | Promise]]] = {
    "1-5": (range(1, 6), _("Nghiên cứu (TRL 1–5)")),
    "6-7": (range(6, 8), _("Thử nghiệm (TRL 6–7)")),
    "8-9": (range(8, 10), _("Sẵn sàng (TRL 8–9)")),
}

SORTS: Final[dict[str, tuple[Sort, str | Promise]]] = {
    "": ("relevance", _("Sát nhất")),
    "moi": ("newest", _("Mới đăng")),
    "han": ("deadline", _("Sắp hết hạn")),
}

Chosen = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, understood."""

    words: str
    chosen: Chosen
    sort: str
    page: int
    is_literal: bool = False
    narrowed: Narrowed = ()

    def query(self, *, limit: int = PAGE_SIZE, offset: int | None = None) -> Query:
        by: Sort = SORTS[self.sort][0]
        if not self.words and by == "relevance":
            by = "newest"
        return Query(
            text=self.words,
            kinds=tuple(self.chosen["loai"]),
            filters=_filters(self.chosen),
            narrowed=self.narrowed,
            sort=by,
            offset=(self.page - 1) * PAGE_SIZE if offset is None else offset,
            limit=limit,
        )


def read(data: QueryDict, narrowed: Narrowed = ()) -> Asked:
    sort = data.get("sap-xep", "")
    return Asked(
        words=data.get("q", "")[:LONGEST_WORDS].strip(),
        chosen=_chosen(data),
        sort=sort if sort in SORTS else "",
        page=_page(data.get("page", "")),
        is_literal="nguyen-van" in data,
        narrowed=narrowed,
    )


def last_page(total: int) -> int:
    return min(LAST_PAGE, max(1, math.ceil(total / PAGE_SIZE)))


def labels(name: str) -> dict[str, str]:
    if name == TRL:
        return {band: str(label) for band, (_levels, label) in TRL_BANDS.items()}
    return facet(name).labels()


def legend(name: str) -> str:
    if name == TRL:
        return str(_("Mức độ sẵn sàng"))
    return str(_("Năm")) if name == YEAR else str(facet(name).label)


def without(data: QueryDict, *names: str, value: str | None = None) -> str:
    """The address without these parameters, or without one value of one; back on page one."""
    query = data.copy()
    for name in ("page", "nguyen-van"):
        query.pop(name, None)
    for name in names:
        query.setlist(name, [kept for kept in query.getlist(name) if value and kept != value])
    return query.urlencode()


def _page(typed: str) -> int:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < 6
    return min(max(int(typed), 1), LAST_PAGE) if is_number else 1


def _chosen(data: QueryDict) -> Chosen:
    """Values by parameter; what no list offers is left out."""
    chosen = {
        entry.parameter: [
            value
            for value in dict.fromkeys(data.getlist(entry.parameter)[:_MOST_VALUES])
            if value and len(value) <= _LONGEST_VALUE and value.isprintable()
        ]
        for entry in FILTERS
    }
    chosen["loai"] = [value for value in chosen["loai"] if source(value)]
    chosen["san-sang"] = [value for value in chosen["san-sang"] if value in TRL_BANDS]
    chosen["nam"] = [v for v in chosen["nam"] if v.isascii() and v.isdecimal() and len(v) == 4]
    return chosen


def _filters(chosen: Chosen) -> dict[str, tuple[str, ...]]:
    filters = {
        entry.name: tuple(narrowest(entry.name, chosen[entry.parameter]))
        for entry in FILTERS
        if entry.name not in (KIND, TRL) and chosen[entry.parameter]
    }
    levels = [str(level) for band in chosen["san-sang"] for level in TRL_BANDS[band][0]]
    if levels:
        filters[TRL] = tuple(levels)
    return filters


def narrowest(name: str, values: Iterable[str]) -> list[str]:
    """A value chosen below another narrows it; beside another it widens."""
    values, known = list(values), facet(name)
    above = {over for value in values for over in known.lineage(value)} if known.parents else set()
    return [value for value in values if value not in above]
