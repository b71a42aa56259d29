"""The product's search: what the engine finds first, and in which order it is shown."""

import time
from dataclasses import replace
from itertools import groupby
from typing import Final

from search.analysis import typed_codes
from search.engines import Engine, get_engine
from search.parsing import Parsed, parse
from search.queries import Hit, Query, Results, TermStatistics
from search.ranking import READ, characters, read_query, rescore
from search.registry import kinds_aside

#: How many of the engine's first hits are put in order again, always as one block, so that a page
#: does not depend on which page was asked before; what follows keeps the engine's order.
BLOCK: Final = 200
#: Of hits that lack a word, behind some that lack none, so many characters are read.
BEHIND: Final = 20_000


def find(query: Query, *, engine: Engine | None = None) -> Results:
    """Answers a query as the search page, the evaluation and every other caller see it.

    Hits keep the score that the engine gave them. Total, facets, and whatever the words demand
    or refuse are the engine's; only the order of its first hits is ours. Kinds aside are found
    where the query names them.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    engine = engine or get_engine()
    parsed = parse(query.text)
    named = {*query.kinds, *parsed.kinds}
    aside = tuple(kind for kind in kinds_aside() if kind not in named)
    query = replace(query, without_kinds=(*query.without_kinds, *aside))
    is_ranked = query.sort == "relevance" and parsed.words
    if not is_ranked or query.limit <= 0 or query.offset >= BLOCK:
        return engine.search(query)
    started = time.perf_counter()
    end = query.offset + query.limit
    results = engine.search(replace(query, offset=0, limit=max(BLOCK, end)))
    block = results.hits[:BLOCK]
    order = _Order(parsed, results.understood, engine, translated=results.is_translated)
    ordered: list[Hit] = []
    for tier in _tiers(block):
        # A page within one tier does not pay for the others; each is the same on every page.
        start = len(ordered)
        is_shown = start < end and query.offset < start + len(tier)
        ordered += order.of(tier, block[:start]) if is_shown else tier
    hits = (ordered + results.hits[BLOCK:])[query.offset : end]
    took = (time.perf_counter() - started) * 1000
    return replace(results, hits=hits, took_ms=took)


def _tiers(hits: list[Hit]) -> list[list[Hit]]:
    """The hits by how much of the words they hold: no order of ours lifts one above a better tier."""
    return [list(group) for _, group in groupby(hits, key=lambda hit: hit.tier)]


class _Order:
    """The second stage for one query; what it asks of the index it asks once."""

    def __init__(
        self, parsed: Parsed, understood: str, engine: Engine, *, translated: bool = False
    ) -> None:
        phrases = [phrase for branch in parsed.branches for phrase in branch.phrases]
        self._read = read_query(
            parsed.words,
            " ".join([understood, *phrases]) if understood else "",
            translated=translated,
        )
        self._with_codes = any(typed_codes(branch.words) for branch in parsed.branches)
        self._engine = engine
        self._statistics: TermStatistics | None = None

    def of(self, hits: list[Hit], before: list[Hit]) -> list[Hit]:
        """These hits in order; ``before`` are those that stand above them, read first."""
        if len(hits) < 2 or not self._read.counts:
            return hits
        if self._statistics is None:
            self._statistics = self._engine.term_statistics(self._read.statistics_terms)
        scored = rescore(
            self._read,
            hits,
            self._statistics,
            with_codes=self._with_codes,
            # Behind better answers fewer are read: about a page of them.
            readable=min(READ - characters(before), BEHIND) if before else READ,
        )
        return [one.hit for one in scored]
