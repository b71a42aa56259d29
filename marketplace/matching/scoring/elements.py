"""Which elements of the need a candidate names, and in which sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import ElementFit, Span
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.need import ReadNeed
from marketplace.reading.elements import Element

# A phrase after a cue is met when this share of its worth stands in one sentence.
_MOST = 0.66


@dataclass(frozen=True, slots=True)
class Wanted:
    """An element of the need with the term sequences of its spellings.

    `parts` are the vocabulary's own words inside a phrase ("hạt điều" in "máy tách vỏ hạt điều", by
    their place among the elements): a machine for another nut is not that machine, however many of
    the other words it shares.
    """

    element: Element
    sequences: tuple[tuple[str, ...], ...]
    parts: tuple[int, ...] = ()


def wanted_elements(need: ReadNeed) -> list[Wanted]:
    """Done once a need."""
    return [
        Wanted(
            element,
            tuple(
                sequence
                for spelling in dict.fromkeys((element.text, *element.spellings))
                if (sequence := tokenize(spelling, "", folded=need.folded))
            ),
            () if element.spellings else _parts(element, need.elements),
        )
        for element in need.elements
    ]


def _parts(element: Element, elements: Sequence[Element]) -> tuple[int, ...]:
    return tuple(
        place
        for place, other in enumerate(elements)
        if other.spellings and element.start <= other.start and other.end <= element.end
    )


def fit_elements(
    wanted: Sequence[Wanted], candidate: ReadCandidate, worth: Mapping[str, float]
) -> tuple[ElementFit, ...]:
    """In the order of `wanted`. Terms without a `worth` tell nothing."""
    literal = [_literal(one, candidate) for one in wanted]
    return tuple(
        fit
        if fit is not None
        else _loose(one, candidate, worth)
        if all(literal[part] is not None for part in one.parts)
        else _unmet(one)
        for one, fit in zip(wanted, literal, strict=True)
    )


def _literal(one: Wanted, candidate: ReadCandidate) -> ElementFit | None:
    """One of its spellings, word for word."""
    here = [sequence for sequence in one.sequences if candidate.terms.issuperset(sequence)]
    for sentence in candidate.sentences if here else ():
        for sequence in here:
            span = sentence.find(sequence)
            if span is not None:
                return _met(one, sentence, [span])
    return None


def _loose(one: Wanted, candidate: ReadCandidate, worth: Mapping[str, float]) -> ElementFit:
    """Most of its words in one sentence; the vocabulary's own words are no phrase to take apart."""
    if one.sequences and not one.element.spellings:
        distinct = set(one.sequences[0])
        total = sum(worth.get(term, 0.0) for term in distinct)
        if not _is_most(distinct & candidate.terms, total, worth):
            return _unmet(one)
        for sentence in candidate.sentences:
            here = distinct & sentence.term_set
            if _is_most(here, total, worth):
                spans = [span for term, span in sentence.placed if term in here]
                return _met(one, sentence, spans)
    return _unmet(one)


def _is_most(here: set[str], total: float, worth: Mapping[str, float]) -> bool:
    if len(here) < 2 or total <= 0:
        return False
    return sum(worth.get(term, 0.0) for term in here) >= _MOST * total


def _met(one: Wanted, sentence: ReadSentence, spans: list[Span]) -> ElementFit:
    return ElementFit(one.element.kind.value, one.element.text, True, sentence.evidence(spans))


def _unmet(one: Wanted) -> ElementFit:
    return ElementFit(one.element.kind.value, one.element.text, False)
