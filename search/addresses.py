"""The address of the search page as something to keep: read into a query, written in one way."""

import hashlib
import json
from typing import Any, Final

from django.http import QueryDict

from search.analysis import compose
from search.facets import KIND, facet
from search.narrowed import Narrowed, as_data
from search.queries import Query
from search.views.address import FILTERS, TRL, read

#: What decides which documents the page lists, and in which order.
PARAMETERS: Final = ("q", *(entry.parameter for entry in FILTERS), "sap-xep")
_MOST_VALUES: Final = 20
#: Operators of the query language; everything else means the same in capitals.
_OPERATORS: Final = frozenset({"OR", "HOẶC"})


def query_of(params: QueryDict, narrowed: Narrowed = ()) -> Query:
    """What the first page at this address asks of the engine."""
    return read(params, narrowed).query(offset=0)


def address_of(params: QueryDict) -> str:
    """The parameters that decide what the first page shows, in one order; ``?`` left out.

    A value without which the page is the same (an empty field, a value no list has) is left out, so
    that two addresses of one page are one address.
    """
    kept = [
        (name, value)
        for name in PARAMETERS
        for value in (
            params.getlist(name)[:_MOST_VALUES] if name != "q" else [params.get(name, "")]
        )
    ]
    # Words that are to be taken as they were typed are typed so again.
    literal = [("nguyen-van", "1")] if "nguyen-van" in params else []
    whole = query_of(params)
    for pair in list(kept):
        without = list(kept)
        without.remove(pair)
        if query_of(_params(without)) == whole:
            kept = without
    return _params(kept + literal if kept else kept).urlencode()


def fingerprint_of(query: Query) -> str:
    """The same for queries that find the same documents, however their address is written."""
    words = [word if word in _OPERATORS else word.lower() for word in compose(query.text).split()]
    wanted: dict[str, Any] = {
        "text": " ".join(words),
        "kinds": sorted(query.kinds),
        "filters": {name: sorted(values) for name, values in query.filters.items() if values},
        "ranges": {name: list(bounds) for name, bounds in query.ranges.items()},
        "match": query.match,
    }
    if query.narrowed:
        wanted["narrowed"] = as_data(query.narrowed)
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def labels_of(query: Query) -> list[str]:
    """What a query filters by, in words of the active language."""
    labels = [facet(KIND).labels().get(kind, kind) for kind in query.kinds]
    for name, values in query.filters.items():
        if name == TRL:
            levels = sorted(int(value) for value in values)
            labels.append(f"TRL {', '.join(map(str, levels))}")
        else:
            named = facet(name).labels()
            labels += [named.get(value, value) for value in values]
    for name, (low, high) in query.ranges.items():
        bounds = f"{'' if low is None else f'{low:,} '}–{'' if high is None else f' {high:,}'}"
        labels.append(f"{facet(name).label}: {bounds}")
    return labels


def _params(pairs: list[tuple[str, str]]) -> QueryDict:
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    return params
