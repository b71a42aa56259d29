"""Plans of queries in the server's language, and the statistics that planning asks for."""

from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from elasticsearch.dsl import query as dsl

from search.engines import fields
from search.engines.elastic.connection import Patience
from search.engines.elastic.indexes import FILLER
from search.engines.narrowing import left_out
from search.engines.plan import (
    Combined,
    Constant,
    Everything,
    Node,
    Nothing,
    OneOf,
    Range,
    Term,
    Weighted,
)
from search.engines.suggestions import Begun
from search.queries import Narrowing

Key = tuple[str, str]


class ServerStatistics:
    """Counts of documents by term, fetched in one question for all that ``prefetch`` names.

    The term vectors of a made-up document carry them, read from the index's dictionary. A server
    with several shards tells those of one, which stands for the others.
    """

    def __init__(self, patience: Patience, index: str, shards: int) -> None:
        self._patience = patience
        self._index = index
        self._shards = shards
        self._known: dict[Key, int] = {}
        self._documents: int | None = None
        self.average_length = 0.0

    @property
    def documents(self) -> int:
        if self._documents is None:
            self._fetch([])
        assert self._documents is not None
        return self._documents

    def frequency(self, stream: str, term: str) -> int:
        key = (stream, term)
        if key not in self._known:
            self._fetch([key])
        return self._known[key]

    def prefetch(self, keys: Iterable[Key]) -> None:
        missing = dict.fromkeys(key for key in keys if key not in self._known)
        if missing:
            self._fetch(list(missing))

    def _fetch(self, keys: Sequence[Key]) -> None:
        asked: dict[str, list[str]] = {fields.FOLDED: [FILLER]}
        for stream, term in keys:
            asked.setdefault(stream, []).append(term)
        answer = self._patience.client.termvectors(
            index=self._index,
            doc={stream: " ".join(terms) for stream, terms in asked.items()},
            fields=list(asked),
            positions=False,
            offsets=False,
            payloads=False,
            term_statistics=True,
            field_statistics=True,
        )
        vectors = answer["term_vectors"]
        for stream, term in keys:
            found = vectors.get(stream, {}).get("terms", {}).get(term, {})
            self._known[(stream, term)] = found.get("doc_freq", 0) * self._shards
        if self._documents is None:
            whole = vectors.get(fields.FOLDED, {}).get("field_statistics", {})
            # An empty index says -1 or nothing.
            documents = max(0, whole.get("doc_count", 0))
            self._documents = documents * self._shards
            self.average_length = max(0, whole.get("sum_ttf", 0)) / documents if documents else 0.0


def to_query(node: Node) -> dsl.Query:
    match node:
        case Term(field, value):
            return dsl.Term(field, {"value": value})
        case OneOf(field, values):
            return dsl.Terms(field, list(values))
        case Range(field, low, high):
            return dsl.Range(field, {"gte": low, "lte": high})
        case Everything():
            return dsl.MatchAll()
        case Nothing():
            return dsl.MatchNone()
        case Weighted(Term(field, value), weight):
            return dsl.Term(field, {"value": value, "boost": weight})
        case Weighted(inner, weight):
            return dsl.Bool(must=[to_query(inner)], boost=weight)
        case Constant(inner, score):
            return dsl.ConstantScore(filter=to_query(inner), boost=score)
        case Combined():
            return _combined(node)
        case _:
            assert_never(node)


def _combined(node: Combined) -> dsl.Query:
    clauses: dict[str, Any] = {"must": [], "filter": []}
    for part in node.every:
        # What decides without scoring is the server's filter, which it may skip through and keep.
        if isinstance(part, Constant) and not part.score:
            clauses["filter"].append(to_query(part.node))
        else:
            clauses["must"].append(to_query(part))
    if node.some:
        clauses["should"] = [to_query(part) for part in node.some]
        clauses["minimum_should_match"] = node.at_least
    if node.none:
        clauses["must_not"] = [to_query(part) for part in node.none]
    return dsl.Bool(**{name: value for name, value in clauses.items() if value or value == 0})


def to_begun_query(
    wish: Begun, kinds: Sequence[str], narrowed: Sequence[Narrowing] = ()
) -> dsl.Query:
    """Titles for what was typed so far: finished words score, the begun one only decides."""
    must: list[dsl.Query] = [dsl.Term(fields.TITLE, {"value": term}) for term in wish.terms]
    if wish.prefix:
        endings = [
            dsl.Prefix(fields.TITLE, {"value": wish.prefix}),
            dsl.Term(fields.TITLE, {"value": wish.whole}),
        ]
        must.append(dsl.Bool(should=endings, minimum_should_match=1))
    chosen = [dsl.Terms(fields.KIND, list(kinds))] if kinds else []
    refused = [to_query(node) for node in left_out(narrowed)]
    return dsl.Bool(must=must, filter=chosen, must_not=refused)
