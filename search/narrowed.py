"""What of the index a request may find at all: of several sites on one index each shows its own.

Who knows the sites registers a function here; without it nothing is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from search.queries import Narrowing

Narrowed = tuple[Narrowing, ...]

_finders: list[Callable[[Any], Iterable[Narrowing]]] = []


def register_narrowing(finder: Callable[[Any], Iterable[Narrowing]]) -> None:
    """`finder`: what a request is narrowed to."""
    if finder not in _finders:
        _finders.append(finder)


def as_data(narrowed: Narrowed) -> list[dict[str, Any]]:
    """For a column: `from_data` gives it back."""
    return [
        {"kinds": list(one.kinds), "facet": one.facet, "values": list(one.values)}
        for one in narrowed
    ]


def from_data(data: Iterable[Mapping[str, Any]]) -> Narrowed:
    return tuple(Narrowing(tuple(one["kinds"]), one["facet"], tuple(one["values"])) for one in data)


def narrowed_for(request: Any) -> Narrowed:
    return tuple(one for finder in _finders for one in finder(request))
