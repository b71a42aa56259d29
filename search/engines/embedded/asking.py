"""Plans of queries in tantivy's own terms, and the statistics that planning asks for."""

from collections.abc import Iterable
from typing import Final, assert_never

import tantivy
from tantivy import FieldType, Occur

from search.engines.embedded.schema import SCHEMA
from search.engines.fields import CODE, ID, KIND, STREAMS
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
    any_of,
)

T = tantivy.Query
_PLAIN: Final = (CODE, ID, KIND)
#: Frequencies that are remembered, some 150 bytes each.
_REMEMBERED: Final = 100_000


class Frequencies(dict[tuple[str, str], int]):
    """How many documents of one snapshot have a term: asked of the index once, since a need asks for
    the same terms in many ways, and needs share most of theirs."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        super().__init__()
        self._searcher = searcher

    def __missing__(self, key: tuple[str, str]) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        count = self[key] = int(self._searcher.doc_freq(*key))
        return count


class SearcherStatistics:
    """Counts stand in the index itself and cost next to nothing."""

    def __init__(self, searcher: tantivy.Searcher, frequencies: Frequencies) -> None:
        self._searcher, self._frequencies = searcher, frequencies

    @property
    def documents(self) -> int:
        return int(self._searcher.num_docs)

    def frequency(self, stream: str, term: str) -> int:
        return self._frequencies[stream, term]

    def prefetch(self, keys: Iterable[tuple[str, str]]) -> None:
        """Nothing is far away; ``keys`` may be costly to make and is not looked at."""


def to_tantivy_query(node: Node) -> tantivy.Query:
    match node:
        case Term(field, value):
            option = "freq" if field in STREAMS else "basic"
            return T.term_query(SCHEMA, field, value, index_option=option)
        case OneOf(field, values):
            if field in _PLAIN:
                return T.term_set_query(SCHEMA, field, list(values))
            # Numbers and the values of facets are not taken as a set.
            return to_tantivy_query(any_of([Term(field, value) for value in values]))
        case Range(field, low, high):
            return T.range_query(SCHEMA, field, FieldType.Integer, low, high)
        case Everything():
            return T.all_query()
        case Nothing():
            return T.empty_query()
        case Weighted(inner, weight):
            return T.boost_query(to_tantivy_query(inner), weight)
        case Constant(inner, score):
            return T.const_score_query(to_tantivy_query(inner), score)
        case Combined():
            return _combined(node)
        case _:
            assert_never(node)


def _combined(node: Combined) -> tantivy.Query:
    clauses = [
        (occur, to_tantivy_query(part))
        for occur, parts in (
            (Occur.Must, node.every),
            (Occur.Should, node.some),
            (Occur.MustNot, node.none),
        )
        for part in parts
    ]
    if node.at_least > 1:
        return T.boolean_query(clauses, minimum_number_should_match=node.at_least)
    # With nothing demanded, tantivy wants one of the wished-for by itself.
    return T.boolean_query(clauses)
