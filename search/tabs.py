"""Further places to look for the same words, each in a tab of its own, such as the site's pages.

An application registers a tab; the page shows tabs as soon as there is one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from search.analysis import highlight
from search.engines import SearchUnavailable
from search.fallback import listing
from search.narrowed import Narrowed
from search.queries import Query, Sort
from search.registry import hydrate, source
from search.searching import find

PASSAGE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Tab:
    """``count`` and ``find`` take the words, and last what the site shows; what ``find`` gives is
    ``items`` of the template.

    ``find`` takes an offset and a limit between them. Neither fails while there is no engine.
    """

    name: str
    label: str | Promise
    count: Callable[[str, Narrowed], int]
    find: Callable[[str, int, int, Narrowed], Iterable[Any]]
    template: str


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    _tabs[tab.name] = tab


def tabs() -> list[Tab]:
    return list(_tabs.values())


def tab_of_kind(kind: str, *, name: str, in_own_language: bool = False) -> Tab:
    """A tab of the hits of one registered kind, which is found nowhere else if it ``is_aside``.

    What it shows is public; ``in_own_language``: and in the language of the page around it. Without an engine it lists the newest rows whose titles hold the words.
    """
    registered = source(kind)
    if registered is None:
        raise ValueError(f"no kind {kind} is registered")

    def query(words: str, offset: int, limit: int, narrowed: Narrowed) -> Query:
        filters = {"language": (get_language() or "vi",)} if in_own_language else {}
        sort: Sort = "relevance" if words else "newest"
        return Query(
            words,
            (kind,),
            filters=filters,
            narrowed=narrowed,
            sort=sort,
            offset=offset,
            limit=limit,
        )

    def count(words: str, narrowed: Narrowed) -> int:
        asked = query(words, 0, 0, narrowed)
        try:
            return find(asked).total
        except SearchUnavailable:
            return listing(asked).total

    def found(words: str, offset: int, limit: int, narrowed: Narrowed) -> list[dict[str, Any]]:
        asked = query(words, offset, limit, narrowed)
        understood = ""
        try:
            results = find(asked)
            hits, understood = hydrate(results.hits, narrowed=narrowed), results.understood
        except SearchUnavailable:
            hits = listing(asked).hits
        return [
            {
                "hit": hit,
                "object": row,
                "template": registered.card_template,
                "title_parts": highlight(hit.title, understood or words),
                "passage": highlight(hit.text, understood or words, limit=PASSAGE_LENGTH),
            }
            for hit, row in hits
        ]

    return Tab(name, registered.label, count, found, "search/_tab_of_kind.html")
