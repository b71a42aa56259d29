"""The second stage: the engine's first hits put in order again by their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from search.analysis.words import LONGEST_TEXT, read_text
from search.queries import Hit, TermStatistics
from search.ranking.components import (
    WeighedQuery,
    named,
    neighbours,
    passage,
    places,
    weigh,
    words,
)
from search.ranking.reading import ReadQuery
from search.ranking.weights import BY_LANGUAGE, Weights

#: Characters of all hits together that are read: what this stage costs at most (about 0.1 µs each,
#: once). Hits behind them keep the engine's order; on no set did reading more change the first ten.
READ: Final = 60_000

#: What engines add to the score of a hit whose number was typed.
CODE: Final = 100.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit with what each component gave it, weighed."""

    hit: Hit
    parts: dict[str, float]
    by_code: bool = False

    @property
    def score(self) -> float:
        return sum(self.parts.values())


def rescore(
    read: ReadQuery,
    hits: Sequence[Hit],
    statistics: TermStatistics,
    weights: Weights | None = None,
    *,
    with_codes: bool = False,
    readable: int = READ,
) -> list[Scored]:
    """Every hit once, best first; equal ones stay in the engine's order.

    Only as many are read as `READ` allows; those behind them have no parts and stay behind.

    Args:
        read: the query's words.
        hits: the engine's first hits in its order, with their texts.
        statistics: of `read.statistics_terms`, from the index that was asked.
        weights: by default those of the query's language.
        with_codes: a number was typed; hits that have it stay first, as the engine had them.
        readable: characters to read, where hits before these were read too.
    """
    weights = weights or BY_LANGUAGE[read.language]
    query = weigh(read, statistics, weights)
    behind = hits[_readable(hits, readable) :]
    hits = hits[: len(hits) - len(behind)]
    found = [_parts(query, hit, weights) for hit in hits]
    coded = _coded(hits, found) if with_codes and not read.is_text else [False] * len(hits)
    top = max(
        (hit.score for hit, is_coded in zip(hits, coded, strict=True) if not is_coded), default=0.0
    )
    # Engines differ in the scale of their scores (Lucene leaves out a factor of BM25).
    scale = weights.engine * query.worth / top if top > 0 else 0.0
    scored = [
        Scored(hit, {"engine": scale * hit.score, **parts}, is_coded)
        for hit, parts, is_coded in zip(hits, found, coded, strict=True)
    ]
    first = [one for one in scored if one.by_code]
    rest = [one for one in scored if not one.by_code]
    rest.sort(key=lambda one: -one.score)
    return [*first, *rest, *(Scored(hit, {}) for hit in behind)]


def characters(hits: Sequence[Hit]) -> int:
    """What reading these hits takes of `READ`."""
    return sum(min(len(hit.text), LONGEST_TEXT) for hit in hits)


def _readable(hits: Sequence[Hit], left: int) -> int:
    """How many of the first hits are read."""
    for number, hit in enumerate(hits):
        left -= min(len(hit.text), LONGEST_TEXT)
        if left < 0:
            return max(number, 2)
    return len(hits)


def _parts(query: WeighedQuery, hit: Hit, weights: Weights) -> dict[str, float]:
    text = read_text(hit.title, hit.text, hit.words)
    found = places(query, text)
    length = len(text.terms)
    parts = {}
    if weights.words:
        parts["words"] = weights.words * words(query, found, length)
    if query.pair_weight:
        parts["pairs"] = query.pair_weight * neighbours(query, found, length)
    if query.passage_weight:
        parts["passage"] = query.passage_weight * passage(query, found, weights.passage_length)
    if weights.title and text.title_length:
        parts["title"] = weights.title * named(query, found, text.title_length)
    return parts


def _coded(hits: Sequence[Hit], found: Sequence[dict[str, float]]) -> list[bool]:
    """Which hits have the typed number: their score is above what their words account for."""
    totals = [sum(parts.values()) for parts in found]
    rates = [hit.score / total for hit, total in zip(hits, totals, strict=True) if total > 0]
    rate = median(rates) if rates else 0.0
    return [
        hit.score >= CODE and hit.score - rate * total >= CODE / 2
        for hit, total in zip(hits, totals, strict=True)
    ]
