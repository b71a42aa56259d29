"""BM25 over a handful of candidates, with pairs of neighbours, from the statistics of the index."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from marketplace.matching.scoring.weights import Weights
from search.analysis import PAIR, Language, exact_terms, fold_term, fold_terms
from search.analysis.english import stem
from search.analysis.grammar import FUNCTION_WORDS
from search.queries import TermStatistics
from search.ranking.lexical import between, inverse_frequency, length_norm, saturated, slide

_ASKING: Final = """
    can tim mua muon mong toi chung cong ty xin nho giup hien nay hoi em anh ben minh
    need want seek look require company please wish
"""
#: What needs say and results do not, folded: its absence from a candidate means nothing.
_WORDS_OF_ASKING: Final = FUNCTION_WORDS | frozenset(map(stem, _ASKING.split()))


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Terms and pairs of a need with what each is worth in this index."""

    terms: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    k1: float
    b: float
    average_length: float
    telling: float  # what the most telling terms are worth together
    informative: Mapping[str, float]  # the terms worth showing, without filler


def statistics_terms(counts: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [*counts, *(f"{left}{PAIR}{right}" for left, right in pairs)]


@lru_cache(maxsize=16_384)
def tokenize(text: str, language: Language, *, folded: bool) -> tuple[str, ...]:
    """Terms in order. Remembered: needs of one field meet the same candidates again and again,
    above all when all needs are matched anew."""
    if folded:
        return tuple(fold_terms(tokenize(text, language, folded=False)))
    return tuple(exact_terms(text, language or _plainly_english(text)))


def _plainly_english(text: str) -> Language | None:
    """Spares most English texts the look at their words; None leaves the question open."""
    return "en" if text.isascii() and (" the " in text or " of " in text) else None


def weigh(
    counts: Mapping[str, float],
    pairs: Mapping[tuple[str, str], float],
    extra: Mapping[str, float],
    statistics: TermStatistics,
    weights: Weights,
    *,
    vietnamese: bool,
) -> LexicalQuery:
    """`counts` and `pairs` say how often the need says each, `extra` are other spellings."""
    share = slide(len(counts), weights.short_terms, weights.long_terms)
    pair_weight = (
        weights.pairs_vietnamese
        if vietnamese
        else between(share, weights.pairs_short, weights.pairs_long)
    )
    # The square root of the count: a need that says a word nine times means it, not nine times.
    terms = {
        term: math.sqrt(count) * inverse_frequency(statistics, term)
        for term, count in counts.items()
    }
    weighed_pairs = {
        pair: pair_weight * math.sqrt(count) * inverse_frequency(statistics, PAIR.join(pair))
        for pair, count in pairs.items()
    }
    informative = _informative(terms)
    meant = (worth for term, worth in terms.items() if fold_term(term) not in _WORDS_OF_ASKING)
    telling = sum(sorted(meant, reverse=True)[: weights.telling_terms])
    # A match of one word is no match of a need, however well the word is met.
    telling = max(telling, weights.least_telling * math.log(1 + statistics.document_count))
    telling *= 1 + pair_weight
    for term, worth in extra.items():
        if term not in terms:
            terms[term] = worth * inverse_frequency(statistics, term)
            informative[term] = terms[term]
    return LexicalQuery(
        terms=terms,
        pairs=weighed_pairs,
        k1=between(share, weights.k1_short, weights.k1_long),
        b=between(share, weights.b_short, weights.b_long),
        average_length=max(statistics.average_length, 1.0),
        telling=max(telling, 1e-6),
        informative=informative,
    )


def _informative(terms: Mapping[str, float]) -> dict[str, float]:
    """Terms worth at least a third of the best ones: what a highlight may mark."""
    if not terms:
        return {}
    best = sorted(terms.values(), reverse=True)[:5]
    floor = 0.33 * sum(best) / len(best)
    return {
        term: worth
        for term, worth in terms.items()
        if worth >= floor and len(term) > 1 and fold_term(term) not in FUNCTION_WORDS
    }


def bm25(query: LexicalQuery, tokens: tuple[str, ...]) -> float:
    if not tokens:
        return 0.0
    norm = length_norm(len(tokens), query.average_length, query.k1, query.b)
    terms, pairs = query.terms, query.pairs
    total = 0.0
    for term, count in Counter(filter(terms.__contains__, tokens)).items():
        total += terms[term] * saturated(count, norm, query.k1)
    for pair, count in Counter(filter(pairs.__contains__, pairwise(tokens))).items():
        total += pairs[pair] * saturated(count, norm, query.k1)
    return total


def covered(query: LexicalQuery, tokens: Iterable[str]) -> float:
    """What the distinct terms of the tokens are worth, against the need's most telling ones."""
    terms = query.terms
    return sum(terms[term] for term in set(tokens) if term in terms) / query.telling
