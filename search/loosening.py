"""Which condition to give up, where a query finds nothing: what each one costs, counted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from search.facets import KIND
from search.parsing import Parsed, parse
from search.queries import Query
from search.searching import find

_MOST: Final = 8

#: The name under which all filters are given up at once.
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Loosened:
    """``name`` is the facet given up, "" where the words changed (``text``); ``total`` is what it gives."""

    name: str
    text: str
    total: int


def loosened(query: Query) -> list[Loosened]:
    """Ways to find something, the most fruitful first; only those that find anything.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    found = []
    for name, tried in _ways(query):
        answer = find(replace(tried, offset=0, limit=0, facets=()))
        if answer.whole and not answer.relaxed:
            found.append(Loosened(name, tried.text, answer.total))
        if len(found) == _MOST:
            break
    return sorted(found, key=lambda one: (one.name == EVERYTHING, -one.total))


def _ways(query: Query) -> Iterator[tuple[str, Query]]:
    if query.kinds:
        yield KIND, replace(query, kinds=())
    for name in query.filters:
        yield name, replace(query, filters={k: v for k, v in query.filters.items() if k != name})
    if len(query.filters) + bool(query.kinds) > 1:
        yield EVERYTHING, replace(query, kinds=(), filters={})
    parsed = parse(query.text)
    if parsed.filters or parsed.ranges or parsed.kinds:
        plain = _words_of(parsed, phrases=True, excluded=True)
        if plain:
            yield "", replace(query, text=plain)
    if any(branch.phrases or branch.excluded for branch in parsed.branches):
        plain = _words_of(parsed, phrases=False, excluded=False)
        if plain:
            yield "", replace(query, text=plain)


def _words_of(parsed: Parsed, *, phrases: bool, excluded: bool) -> str:
    """The query without its filters, and its quotes and refusals only where they are kept."""
    parts = []
    for branch in parsed.branches:
        kept = [branch.words]
        kept += [f'"{phrase}"' if phrases else phrase for phrase in branch.phrases]
        kept += [f'-"{word}"' for word in branch.excluded if excluded]
        parts.append(" ".join(filter(None, kept)))
    return " OR ".join(filter(None, parts))
