"""What is offered while somebody types: terms of the vocabularies, organisations, titles."""

import time
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search.analysis import fold, highlight, normalize
from search.analysis.highlighting import Fragment
from search.engines import SearchUnavailable, get_engine
from search.engines.base import one_page
from search.facets import KIND
from search.narrowed import narrowed_for
from search.registry import hydrate, kinds_aside, main_sources, source, sources
from search.views.address import FILTERS, TRL, YEAR, labels, legend

LONGEST: Final = 120
_SHORTEST: Final = 2
_TERMS: Final = 3
_ORGANIZATIONS: Final = 2
_TITLES: Final = 5
_ASIDE: Final = 2
_FRESH_SECONDS: Final = 60
_ORGANIZATION: Final = "organization"

Group = dict[str, Any]


@login_not_required
@require_safe
@one_page()
def suggestions(request: HttpRequest) -> JsonResponse:
    typed = " ".join(request.GET.get("q", "")[:LONGEST].split())
    groups: list[Group] = []
    if len(typed) >= _SHORTEST:
        groups = [
            group for group in (_terms(typed), *_documents(request, typed)) if group["options"]
        ]
    response = JsonResponse({"groups": groups})
    patch_cache_control(response, private=True, max_age=_FRESH_SECONDS)
    return response


def _parts(text: str, typed: str) -> list[Fragment]:
    """The text with what was typed marked, the begun word to where it was typed."""
    text, begun = normalize(text), fold(typed)
    place = f" {fold(text)}".find(f" {begun}")
    if place < 0 or len(fold(text)) != len(text):
        return highlight(text, typed)
    end = place + len(begun)
    parts = [(text[:place], False), (text[place:end], True), (text[end:], False)]
    return [(part, is_match) for part, is_match in parts if part]


def _terms(typed: str) -> Group:
    """Choices of the filters whose label begins with what was typed, else has a word that does."""
    begun = fold(typed)
    known = _spelled(get_language() or "", int(time.monotonic() // _FRESH_SECONDS))
    found = []
    for parameter, value, label, name, folded in known:
        place = f" {folded}".find(f" {begun}")
        if place >= 0:
            found.append((place > 0, len(label), label, name, parameter, value))
    page = reverse("search:search")
    options = [
        {
            "parts": _parts(label, typed),
            "note": name,
            "url": f"{page}?{urlencode({parameter: value})}",
        }
        for _later, _length, label, name, parameter, value in sorted(found)[:_TERMS]
    ]
    return {"label": _("Lọc theo danh mục"), "options": options}


@lru_cache(maxsize=8)
def _spelled(language: str, minute: int) -> list[tuple[str, str, str, str, str]]:
    """Parameter, value, label, what it is a choice of, and the label folded; read once a minute."""
    return [
        (entry.parameter, value, label, legend(entry.name), fold(label))
        for entry in FILTERS
        if entry.name not in (TRL, YEAR)
        for value, label in labels(entry.name).items()
        # Kinds with a tab of their own are no filter of the others.
        if entry.name != KIND or value not in kinds_aside()
    ]


def _documents(request: HttpRequest, typed: str) -> list[Group]:
    """Titles that the person may see; none while the index is being restored."""
    kinds = tuple(one.kind for one in main_sources() if one.kind != _ORGANIZATION)
    asides = [one for one in sources() if one.is_aside]
    narrowed = narrowed_for(request)
    try:
        engine = get_engine()
        hits = engine.suggest(typed, (_ORGANIZATION,), _ORGANIZATIONS)
        hits += engine.suggest(typed, kinds, _TITLES, narrowed)
        for one in asides:
            hits += engine.suggest(typed, (one.kind,), _ASIDE, narrowed)
    except SearchUnavailable:
        return []
    own = {_ORGANIZATION: _("Tổ chức"), **{one.kind: str(one.label) for one in asides}}
    groups: dict[str, Group] = {
        _ORGANIZATION: {"label": own[_ORGANIZATION], "options": []},
        "": {"label": _("Trên sàn"), "options": []},
        **{one.kind: {"label": own[one.kind], "options": []} for one in asides},
    }
    for hit, row in hydrate(hits, request.user, narrowed):
        registered = source(hit.kind)
        url = getattr(row, "get_absolute_url", None)
        if registered is None or url is None:
            continue
        groups[hit.kind if hit.kind in own else ""]["options"].append(
            {
                "parts": _parts(hit.title, typed),
                "note": "" if hit.kind in own else str(registered.label),
                "url": url(),
            }
        )
    return list(groups.values())
