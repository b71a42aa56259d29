"""What the first hits say beside the words of the query: terms they share (relevance feedback).

A text that answers in other words is found by the company it keeps. What was learned is as good as
the hits it was learned from, so it decides nothing alone. Pure functions.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from search.analysis.words import ReadText
from search.queries import TermStatistics
from search.ranking.lexical import inverse_frequency, length_norm, saturated

#: Hits that are believed, and terms that are kept of them.
BELIEVED: Final = 8
_KEPT: Final = 60
#: Terms whose rarity is asked for: what all hits say once is hardly ever kept.
_ASKED: Final = 240
_K1: Final = 1.2
_B: Final = 0.75


def shares(hits: Sequence[tuple[float, ReadText]]) -> dict[str, float]:
    """How much of the hits' texts each term is, the better hits counting more.

    Args:
        hits: the first hits, best first, each with its score.
    """
    hits = hits[:BELIEVED]
    total = sum(score for score, _ in hits)
    found: dict[str, float] = {}
    if total <= 0:
        return found
    for score, text in hits:
        share = score / total / max(len(text.terms), 1)
        for term, times in Counter(text.terms).items():
            if len(term) > 1 and not term.isdigit():
                found[term] = found.get(term, 0.0) + share * times
    kept = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_ASKED]
    return dict(kept)


def learned(found: Mapping[str, float], statistics: TermStatistics) -> dict[str, float]:
    """The telling ones of the terms with what each is worth, 1 together; a term of a single
    document leads nowhere else."""
    worth = {
        term: share * inverse_frequency(statistics, term)
        for term, share in found.items()
        if statistics.document_frequency.get(term, 0) > 1
    }
    kept = sorted(worth.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
    total = sum(value for _, value in kept)
    return {term: value / total for term, value in kept} if total > 0 else {}


def likeness(terms: Mapping[str, float], text: ReadText, average_length: float) -> float:
    """BM25 of the learned terms in a text."""
    if not terms or not text.terms:
        return 0.0
    norm = length_norm(len(text.terms), average_length, _K1, _B)
    counts = Counter(filter(terms.__contains__, text.terms))
    return sum(terms[term] * saturated(times, norm, _K1) for term, times in counts.items())
