"""How rare a word is in its own language, where an index has few texts of that language.

Among fifty thousand English texts and a hundred Vietnamese ones "nước" (water) stands in so few that it
looks as telling as "asen" (arsenic), and whatever is Vietnamese drowns an English text on just that. So a word
of the lesser language counts as it would if all texts were in it: by its share of those that are, and by how
often the language at large says it.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from marketplace.reading.syllables import syllable_shares
from search.analysis import PAIR, fold_term, fold_terms, is_syllable
from search.queries import TermStatistics
from search.ranking.reading import ReadQuery

#: Hardly a text in Vietnamese has none of these, and no other has one.
COMMON: Final = ("và", "của", "các", "được", "có", "là", "với")
#: Texts of the language at large that count beside those of the index: of a handful nobody can tell what is rare.
_AT_LARGE: Final = 200


def in_their_language(statistics: TermStatistics, read: ReadQuery) -> TermStatistics:
    """The counts of the lesser language's words as if every text were in it; the others as they are.

    Args:
        statistics: of `read.statistics_terms` and `COMMON`.
        read: the need's words.
    """
    count, frequency = statistics.document_count, statistics.document_frequency
    vietnamese = max((frequency.get(word, 0) for word in COMMON), default=0)
    here = min(vietnamese, count - vietnamese)
    lesser = "vi" if 2 * vietnamese < count else "en"
    if here <= 0 or 2 * here == count:
        return statistics
    own = _own(read)
    told = dict(frequency)
    for term in frequency:
        if _language_of(term, read, own) == lesser:
            expected = _AT_LARGE * _written(term, statistics.average_length)
            share = (min(frequency[term], here) + expected) / (here + _AT_LARGE)
            told[term] = round(count * share)
    return replace(statistics, document_frequency=told)


def _own(read: ReadQuery) -> frozenset[str]:
    """The need's own terms and pairs, as written and without marks."""
    pairs = [PAIR.join(pair) for pair in read.pairs]
    return frozenset([*read.counts, *fold_terms(read.counts), *pairs])


def _language_of(term: str, read: ReadQuery, own: frozenset[str]) -> str:
    """Of what is the same in both ("laser", "COD") none: ""."""
    if not term.isascii():
        return "vi"
    is_vietnamese = (read.language != "en") == (term in own)
    if is_vietnamese:
        return "vi" if all(map(is_syllable, term.split(PAIR))) else ""
    return "en"


def _written(term: str, length: float) -> float:
    """The share of texts of so many words in which the language at large says it; of pairs and of English
    nobody counted."""
    if PAIR in term:
        return 0.0
    share = _bare_shares().get(term, 0.0) if term.isascii() else syllable_shares().get(term, 0.0)
    return 1.0 - math.exp(-share * length)


@cache
def _bare_shares() -> Mapping[str, float]:
    """Of syllables without their marks, however they are marked."""
    found: dict[str, float] = defaultdict(float)
    for syllable, share in syllable_shares().items():
        found[fold_term(syllable)] += share
    return found
