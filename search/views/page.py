"""The search page: words, filters with counts, and the sentences that answer."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.core.kept_pages import kept_part
from search.analysis import highlight, typed_codes
from search.correcting import correction
from search.engines import SearchUnavailable, get_engine
from search.engines.base import one_page
from search.fallback import listing
from search.loosening import EVERYTHING, loosened
from search.narrowed import narrowed_for
from search.parsing import parse
from search.queries import Hit, Query, Results
from search.registry import Source, hydrate, source
from search.searching import find
from search.tabs import Tab, tabs
from search.views.address import (
    FILTERS,
    LAST_PAGE,
    PAGE_SIZE,
    SORTS,
    Asked,
    labels,
    last_page,
    legend,
    read,
    without,
)
from search.views.groups import Labels, chips, groups
from search.wording import Wording

_PASSAGE: Final = 240
#: A query that finds no more than this may have been mistyped.
_FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A page of answers. ``read_as`` are words that were read otherwise than typed, ``better``
    words to ask for instead."""

    page: int
    results: Results
    read_as: str = ""
    better: str = ""


@login_not_required
@require_safe
@one_page()
def search(request: HttpRequest) -> HttpResponse:
    asked = read(request.GET, narrowed_for(request))
    tab = next((tab for tab in tabs() if tab.name == request.GET.get("muc")), None)
    context = _frame(request, asked, tab)
    context |= _tab(tab, asked) if tab else _listed(request, asked, context["labels"])
    # Last: where a server is slow, the counts of other tabs must not take the time of the hits.
    context["tabs"] = _tab_links(request, asked, tab)
    return render(request, "search/search.html", context)


def _listed(request: HttpRequest, asked: Asked, named: Labels) -> dict[str, Any]:
    try:
        found = _found(asked)
    except SearchUnavailable:
        return _reduced(request, asked)
    try:
        ways = [] if found.results.total else _ways(request, asked, found)
    except SearchUnavailable:
        ways = []
    return _answers(request, asked, found, named) | {"ways": ways}


def _reduced(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """What the database alone can list while the engine is away."""
    found = listing(asked.query(), request.user)
    page = Paginator(range(found.total), PAGE_SIZE).get_page(asked.page)
    if page.number != asked.page:
        offset = (page.number - 1) * PAGE_SIZE
        found = listing(asked.query(offset=offset), request.user)
    hits = [_presented(hit, row, asked.words) for hit, row in found.hits]
    return {"is_restoring": True, "fallback": found, "page": page, "hits": hits}


def _frame(request: HttpRequest, asked: Asked, tab: Tab | None) -> dict[str, Any]:
    """What stands on the page whether or not anything is found."""
    named = kept_part(f"filters:{get_language()}", _labels)
    words = parse(asked.words).words or asked.words
    return {
        "asked": asked.words,
        "words": words,
        "need_text": quote(words),
        "sort": asked.sort,
        "sorts": [
            {"value": value, "label": label, "chosen": value == asked.sort}
            for value, (_sort, label) in SORTS.items()
        ],
        "chips": chips(request.GET, asked.chosen, named),
        "labels": named,
        "kept": [
            (entry.parameter, value) for entry in FILTERS for value in asked.chosen[entry.parameter]
        ],
        "clear_url": f"?{without(request.GET, *(entry.parameter for entry in FILTERS))}",
        "tab": tab,
        "is_restoring": False,
    }


def _labels() -> dict[str, dict[str, str]]:
    return {entry.name: labels(entry.name) for entry in FILTERS}


def _answers(request: HttpRequest, asked: Asked, found: Found, named: Labels) -> dict[str, Any]:
    results = found.results
    read_as = found.read_as or asked.words
    marked = results.understood or parse(read_as).words or read_as
    shown = hydrate(results.hits, request.user, asked.narrowed)
    wording = Wording(
        replace(asked.query(), text=read_as),
        understood=results.understood,
        translated=results.is_translated,
    )
    hits = [_presented(hit, row, marked, wording) for hit, row in shown]
    return {
        "also": wording.also_searched(),
        "page": Paginator(range(min(results.total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE).page(
            found.page
        ),
        "results": results,
        "read_as": found.read_as,
        "need_text": quote(marked if found.read_as else parse(asked.words).words or asked.words),
        "literal_url": f"?{without(request.GET)}&nguyen-van=1",
        "lacks_number": bool(results.total)
        and not results.whole
        and bool(typed_codes(asked.words)),
        "better": found.better,
        "better_url": _with_words(request, found.better) if found.better else "",
        # Without those that a lagging index still counts and nobody may see any more.
        "total": results.total - (len(results.hits) - len(shown)),
        "is_cut": found.page == LAST_PAGE and results.total > LAST_PAGE * PAGE_SIZE,
        "groups": groups(results, asked.chosen, named),
        "hits": hits,
        "comparison": next((item["comparison"] for item in hits if item["comparison"]), ""),
        "export_query": without(request.GET),
    }


def _found(asked: Asked) -> Found:
    """The asked page, or the last one where there are fewer; read as it was meant to be typed."""
    query = replace(asked.query(), facets=tuple(entry.name for entry in FILTERS))
    number, results = _at_page(query, asked.page)
    if not asked.words or asked.is_literal or results.whole > _FEW:
        return Found(number, results)
    try:
        meant = correction(asked.words, engine=get_engine())
        if meant is None:
            return Found(number, results)
        other_number, other = _at_page(replace(query, text=meant.text), asked.page)
    except SearchUnavailable:
        # What was found is shown, whatever there was no time to guess.
        return Found(number, results)
    if meant.is_certain and not results.total and not other.total:
        # Filters leave nothing of either; the words are still read as they were meant.
        return Found(number, results, read_as=meant.text)
    if _held(other) <= _held(results) and (results.total or not other.total):
        return Found(number, results)
    if meant.is_certain:
        return Found(other_number, other, read_as=other.understood or meant.text)
    return Found(number, results, better=other.understood or meant.text)


def _held(results: Results) -> tuple[int, int]:
    """How well the words are answered: by how many that hold all of them, else by how near the best
    comes. How many are near says nothing: they are found with a slip as without."""
    return results.whole, results.hits[0].tier if results.hits and not results.relaxed else -1


def _at_page(query: Query, number: int) -> tuple[int, Results]:
    results = find(query)
    last = last_page(results.total)
    if number <= last:
        return number, results
    return last, find(replace(query, offset=(last - 1) * PAGE_SIZE))


def _ways(request: HttpRequest, asked: Asked, found: Found) -> list[dict[str, Any]]:
    """Conditions that could be given up, with what that would find."""
    parameters = {entry.name: entry for entry in FILTERS}
    ways = []
    for way in loosened(replace(asked.query(), text=found.read_as or asked.words)):
        entry = parameters.get(way.name)
        if entry is not None:
            chosen = asked.chosen[entry.parameter]
            named = labels(entry.name)
            label = _("Bỏ lọc %(name)s: %(values)s") % {
                "name": legend(entry.name).lower(),
                "values": ", ".join(named.get(value, value) for value in chosen),
            }
            url = f"?{without(request.GET, entry.parameter)}"
        elif way.name == EVERYTHING:
            label = _("Bỏ mọi bộ lọc")
            url = f"?{without(request.GET, *(entry.parameter for entry in FILTERS))}"
        else:
            label = _("Tìm “%(words)s”") % {"words": way.text}
            url = _with_words(request, way.text)
        ways.append({"label": label, "url": url, "total": way.total})
    return ways


def _with_words(request: HttpRequest, words: str) -> str:
    query = request.GET.copy()
    for name in ("page", "nguyen-van"):
        query.pop(name, None)
    query["q"] = words
    return f"?{query.urlencode()}"


def _tab_links(request: HttpRequest, asked: Asked, current: Tab | None) -> list[dict[str, Any]]:
    if not tabs():
        return []
    kept = without(request.GET, "muc")
    first = {"label": _("Trên sàn"), "url": f"?{kept}", "current": current is None, "count": None}
    return [
        first,
        *(
            {
                "label": tab.label,
                "url": f"?{kept}&muc={tab.name}",
                "current": tab is current,
                "count": tab.count(asked.words, asked.narrowed) if asked.words else None,
            }
            for tab in tabs()
        ),
    ]


def _tab(tab: Tab, asked: Asked) -> dict[str, Any]:
    total = tab.count(asked.words, asked.narrowed)
    number = min(asked.page, last_page(total))
    offset = (number - 1) * PAGE_SIZE
    items = tab.find(asked.words, offset, PAGE_SIZE, asked.narrowed) if total else []
    page = Paginator(range(min(total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE).page(number)
    return {"items": list(items), "total": total, "page": page}


def _presented(hit: Hit, row: Model, words: str, wording: Wording | None = None) -> dict[str, Any]:
    """``wording`` is what was asked, for saying why the hit was found; without it nothing is said."""
    forms = wording.brought_by(hit) if wording else ()
    words = " ".join((words, *(one.source for one in forms)))
    registered = source(hit.kind)
    assert isinstance(registered, Source)
    return {
        "hit": hit,
        "brought_by": forms,
        "lacking": wording.lacking(hit, forms) if wording else (),
        "object": row,
        "template": registered.card_template,
        "title_parts": highlight(hit.title, words),
        "passage": highlight(hit.text, words, limit=_PASSAGE),
        "comparison": registered.comparison,
    }
