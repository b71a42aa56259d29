"""The product's search: what the engine finds first, and in which order it is shown."""

import time
from dataclasses import replace
from typing import Final

from search.analysis import typed_codes
from search.engines import Engine, get_engine
from search.parsing import Parsed, parse
from search.queries import Hit, Query, Results
from search.ranking import read_query, rescore
from search.registry import kinds_aside

#: How many of the engine's first hits are put in order again, always as one block, so that a page
#: does not depend on which page was asked before; what follows keeps the engine's order.
BLOCK: Final = 200


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
    block = _in_order(results.hits[:BLOCK], parsed, results.understood, engine)
    hits = (block + results.hits[BLOCK:])[query.offset : end]
    took = (time.perf_counter() - started) * 1000
    return replace(results, hits=hits, took_ms=took)


def _in_order(hits: list[Hit], parsed: Parsed, understood: str, engine: Engine) -> list[Hit]:
    if len(hits) < 2:
        return hits
    phrases = [phrase for branch in parsed.branches for phrase in branch.phrases]
    read = read_query(parsed.words, " ".join([understood, *phrases]) if understood else "")
    if not read.counts:
        return hits
    statistics = engine.term_statistics(read.statistics_terms)
    with_codes = any(typed_codes(branch.words) for branch in parsed.branches)
    return [one.hit for one in rescore(read, hits, statistics, with_codes=with_codes)]
