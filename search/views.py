"""The public search page: words, filters with counts, and the sentences that answer."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from search.analysis import highlight
from search.analysis.abbreviations import Expansion
from search.engines import SearchUnavailable
from search.facets import KIND, facet
from search.fallback import listing
from search.parsing import parse
from search.queries import Hit, Query, Results, Sort
from search.registry import Source, hydrate, source
from search.searching import find
from search.wording import also_searched, brought_by

PAGE_SIZE: Final = 20
LAST_PAGE: Final = 500
_LONGEST_WORDS: Final = 2_000
_LONGEST_VALUE: Final = 80
_MOST_VALUES: Final = 20
_SHOWN_VALUES: Final = 8
_PASSAGE: Final = 240

TRL: Final = "trl"


@dataclass(frozen=True, slots=True)
class Filter:
    """One group of boxes: its parameter in the address and the facet it filters."""

    parameter: str
    name: str


FILTERS: Final = (
    Filter("loai", KIND),
    Filter("linh-vuc", "field"),
    Filter("san-sang", TRL),
    Filter("tinh", "province"),
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


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:_LONGEST_WORDS].strip()
    chosen = _chosen(request.GET)
    sort = request.GET.get("sap-xep", "")
    if sort not in SORTS:
        sort = ""
    parsed = parse(asked)
    labels = {entry.name: _labels(entry.name) for entry in FILTERS}
    context: dict[str, Any] = {
        "asked": asked,
        "words": parsed.words or asked,
        "need_text": quote(parsed.words or asked),
        "sort": sort,
        "sorts": [
            {"value": value, "label": label, "chosen": value == sort}
            for value, (_sort, label) in SORTS.items()
        ],
        "chips": _chips(request.GET, chosen, labels),
        "kept": [
            (entry.parameter, value) for entry in FILTERS for value in chosen[entry.parameter]
        ],
        "clear_url": f"?{_without(request.GET, *(entry.parameter for entry in FILTERS))}",
    }
    try:
        page, results = _found(request, asked, chosen, sort)
    except SearchUnavailable:
        context |= {"is_restoring": True} | _reduced(request, asked, chosen)
        return render(request, "search/search.html", context)
    marked = results.understood or context["words"]
    shown = hydrate(results.hits, request.user)
    query = _query(asked, chosen, sort, 1)
    context |= {
        "also": also_searched(query, understood=results.understood),
        "page": page,
        "results": results,
        # Without those that a lagging index still counts and nobody may see any more.
        "total": results.total - (len(results.hits) - len(shown)),
        "groups": _groups(results, chosen, labels),
        "hits": [
            _presented(hit, row, marked, brought_by(query, hit, understood=results.understood))
            for hit, row in shown
        ],
    }
    return render(request, "search/search.html", context)


def _found(
    request: HttpRequest, asked: str, chosen: dict[str, list[str]], sort: str
) -> tuple[Any, Results]:
    """The asked page, or the last one where there are fewer."""
    typed = request.GET.get("page", "")
    number = min(max(int(typed), 1), LAST_PAGE) if typed.isdecimal() and len(typed) < 6 else 1
    results = find(_query(asked, chosen, sort, number))
    page = Paginator(range(results.total), PAGE_SIZE).get_page(number)
    if page.number != number:
        results = find(_query(asked, chosen, sort, page.number))
    return page, results


def _reduced(request: HttpRequest, asked: str, chosen: dict[str, list[str]]) -> dict[str, Any]:
    """What the database alone can list while the engine is away."""
    typed = request.GET.get("page", "")
    number = min(max(int(typed), 1), LAST_PAGE) if typed.isdecimal() and len(typed) < 6 else 1
    query = _query(asked, chosen, "", number)
    found = listing(query, request.user)
    page = Paginator(range(found.total), PAGE_SIZE).get_page(number)
    if page.number != number:
        found = listing(_query(asked, chosen, "", page.number), request.user)
    shown = [_presented(hit, row, asked) for hit, row in found.hits]
    return {"fallback": found, "page": page, "hits": shown}


def _query(asked: str, chosen: dict[str, list[str]], sort: str, number: int) -> Query:
    levels = [str(level) for band in chosen["san-sang"] for level in TRL_BANDS[band][0]]
    filters = {
        entry.name: tuple(chosen[entry.parameter])
        for entry in FILTERS
        if entry.name not in (KIND, TRL) and chosen[entry.parameter]
    }
    if levels:
        filters[TRL] = tuple(levels)
    by: Sort = SORTS[sort][0]
    if not asked and by == "relevance":
        by = "newest"
    return Query(
        text=asked,
        kinds=tuple(chosen["loai"]),
        filters=filters,
        sort=by,
        offset=(number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        facets=tuple(entry.name for entry in FILTERS),
    )


def _chosen(data: QueryDict) -> dict[str, list[str]]:
    """Values by parameter; what no list offers is left out."""
    chosen = {
        entry.parameter: [
            value
            for value in dict.fromkeys(data.getlist(entry.parameter)[:_MOST_VALUES])
            if value and len(value) <= _LONGEST_VALUE
        ]
        for entry in FILTERS
    }
    chosen["loai"] = [value for value in chosen["loai"] if source(value)]
    chosen["san-sang"] = [value for value in chosen["san-sang"] if value in TRL_BANDS]
    return chosen


def _labels(name: str) -> dict[str, str]:
    if name == TRL:
        return {band: str(label) for band, (_levels, label) in TRL_BANDS.items()}
    return facet(name).labels()


def _legend(name: str) -> str:
    return str(_("Mức độ sẵn sàng")) if name == TRL else str(facet(name).label)


def _groups(
    results: Results, chosen: dict[str, list[str]], named: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Filter boxes with counts, the fullest first, readiness in its order; empty ones not."""
    groups = []
    for entry in FILTERS:
        labels = named[entry.name]
        counts = _counts(entry.name, results)
        picked = chosen[entry.parameter]
        if entry.name in (KIND, TRL):
            values = [value for value in labels if counts.get(value) or value in picked]
            if entry.name == KIND:
                values.sort(key=lambda value: -counts.get(value, 0))
        else:
            known = [value for value in counts if not labels or value in labels]
            values = [*picked, *(value for value in known if value not in picked)]
            values = values[: max(_SHOWN_VALUES, len(picked))]
        if values:
            options = [
                {
                    "value": value,
                    "label": labels.get(value, value),
                    "count": counts.get(value, 0),
                    "checked": value in picked,
                }
                for value in values
            ]
            groups.append(
                {"name": entry.parameter, "legend": _legend(entry.name), "options": options}
            )
    return groups


def _counts(name: str, results: Results) -> dict[str, int]:
    counts = results.facets.get(name, {})
    if name != TRL:
        return counts
    return {
        band: sum(counts.get(str(level), 0) for level in levels)
        for band, (levels, _label) in TRL_BANDS.items()
    }


def _chips(
    data: QueryDict, chosen: dict[str, list[str]], named: dict[str, dict[str, str]]
) -> list[dict[str, str]]:
    return [
        {
            "label": named[entry.name].get(value, value),
            "url": f"?{_without(data, entry.parameter, value=value)}",
        }
        for entry in FILTERS
        for value in chosen[entry.parameter]
    ]


def _without(data: QueryDict, *names: str, value: str | None = None) -> str:
    """The address without these parameters, or without one value of one; back on page one."""
    query = data.copy()
    query.pop("page", None)
    for name in names:
        query.setlist(name, [kept for kept in query.getlist(name) if value and kept != value])
    return query.urlencode()


def _presented(
    hit: Hit, row: Model, words: str, forms: tuple[Expansion, ...] = ()
) -> dict[str, Any]:
    registered = source(hit.kind)
    assert isinstance(registered, Source)
    words = " ".join((words, *(one.source for one in forms)))
    return {
        "hit": hit,
        "brought_by": forms,
        "object": row,
        "template": registered.card_template,
        "title_parts": highlight(hit.title, words),
        "passage": highlight(hit.text, words, limit=_PASSAGE),
    }
