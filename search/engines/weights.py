"""What a text that was read weighs: which streams its terms are asked in, and with what weight."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from search.analysis import PAIR, fold_term, is_syllable, pairs
from search.analysis.abbreviations import Expansion, joined
from search.analysis.translations import Translation
from search.engines import fields
from search.engines.plan import Combined, Node, Nothing, Term, Weighted

#: A term in a stream.
Key = tuple[str, str]
#: What another form of a word counts, against the word itself.
_EXPANDED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Weights:
    exact: float
    exact_pairs: float
    folded: float
    folded_pairs: float


#: Typed with marks: they decide, the folded form helps.
MARKED: Final = Weights(1.0, 0.7, 0.5, 0.35)
#: Typed without: the folded form decides, the restored marks help.
UNMARKED: Final = Weights(0.5, 0.35, 1.0, 0.7)
#: English: pairs of words say less than pairs of syllables.
ENGLISH: Final = Weights(0.0, 0.0, 1.0, 0.3)


@dataclass(frozen=True, slots=True)
class Read:
    """A text read in the light of the index: its terms in both forms and how to weigh them."""

    exact: list[str]
    folded: list[str]
    weights: Weights
    restored: bool = False

    @property
    def marked(self) -> bool:
        return self.weights is MARKED


def weighted(read: Read, *, damped: bool = False) -> dict[Key, float]:
    """Stream and term → weight, by how often the text says it."""
    weights: dict[Key, float] = {}
    w = read.weights

    def put(stream: str, terms: Iterable[str], weight: float) -> None:
        if not weight:
            return
        for term, times in Counter(terms).items():
            weights[(stream, term)] = weight * (math.sqrt(times) if damped else times)

    if read.marked:
        # Words and numbers have one form: their exact share goes to the folded stream, where
        # English documents are.
        put(fields.EXACT, (t for t in read.exact if not is_formless(t)), w.exact)
        put(fields.FOLDED, (t for t in read.folded if not is_formless(t)), w.folded)
        put(fields.FOLDED, (t for t in read.folded if is_formless(t)), w.exact + w.folded)
    else:
        put(fields.EXACT, read.exact, w.exact)
        put(fields.FOLDED, read.folded, w.folded)
    put(fields.EXACT_PAIRS, pairs(read.exact), w.exact_pairs)
    put(fields.FOLDED_PAIRS, pairs(read.folded), w.folded_pairs)
    return weights


def is_formless(term: str) -> bool:
    """Is the term the same with and without marks, whatever it stands in."""
    return term.isascii() and not is_syllable(term)


def units_of(found: Iterable[Translation], weights: Weights) -> dict[Key, float]:
    """Terms and pairs of the other language; one word of it counts like the words it stands for."""
    units: dict[Key, float] = {}
    for one in found:
        worth = _EXPANDED * max(weights.exact, weights.folded) * (one.end - one.start)
        for unit, share in one.units.items():
            key = (fields.stream_of(unit), unit)
            units[key] = max(units.get(key, 0.0), worth * share)
    return units


def expanded(one: Expansion, weights: Weights) -> Iterator[tuple[str, str, float]]:
    """Streams, terms and weights of another form of words; a phrase counts by its pairs."""
    share = _EXPANDED * max(weights.exact, weights.folded)
    if len(one.terms) == 1:
        yield fields.FOLDED, one.terms[0], share * (one.end - one.start)
        return
    for pair in joined(one.terms):
        yield fields.FOLDED_PAIRS, pair, share / (len(one.terms) - 1)


def matching(term: str) -> Node:
    """A term or pair as it was typed."""
    if PAIR in term:
        if term.isascii() or all(map(is_formless, term.split(PAIR))):
            return Term(fields.FOLDED_PAIRS, fold_term(term))
        return Term(fields.EXACT_PAIRS, term)
    return Term(fields.FOLDED, term) if term.isascii() else Term(fields.EXACT, term)


def sum_of(weights: dict[Key, float]) -> Node:
    """At least one of the terms; each adds its share."""
    if not weights:
        return Nothing()
    parts = (Weighted(Term(stream, term), weight) for (stream, term), weight in weights.items())
    return Combined(some=tuple(parts), at_least=1)
