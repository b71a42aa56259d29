"""Arithmetic of terms that every rescoring shares: rarity, saturation, length of the question."""

import math

from search.queries import TermStatistics


def inverse_frequency(statistics: TermStatistics, term: str) -> float:
    """How much a term tells by its rarity in the index (BM25's idf, never negative)."""
    count = max(statistics.document_count, 1)
    frequency = min(statistics.document_frequency.get(term, 0), count)
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def length_norm(length: int, average: float, k1: float, b: float) -> float:
    """What `saturated` needs to know of a text: long ones repeat words without meaning them."""
    return k1 * (1 - b + b * length / max(average, 1.0))


def saturated(times: float, norm: float, k1: float) -> float:
    """BM25's count of a term (Robertson and Zaragoza 2009): the tenth adds less than the first."""
    return times * (k1 + 1) / (times + norm)


def slide(distinct: int, short: int, long: int) -> float:
    """Where a question of so many distinct terms stands between few words, 0, and a text, 1."""
    low, high = math.log(short), math.log(long)
    return min(1.0, max(0.0, (math.log(max(distinct, 1)) - low) / (high - low)))


def between(share: float, short: float, long: float) -> float:
    return short + share * (long - short)
