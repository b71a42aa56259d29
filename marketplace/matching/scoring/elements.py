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
    for sentence in candidate.sentences:
        for sequence in one.sequences:
            span = sentence.find(sequence)
            if span is not None:
                return _met(one, sentence, [span])
    return None


def _loose(one: Wanted, candidate: ReadCandidate, worth: Mapping[str, float]) -> ElementFit:
    """Most of its words in one sentence; the vocabulary's own words are no phrase to take apart."""
    if one.sequences and not one.element.spellings:
        for sentence in candidate.sentences:
            spans = _most_of(one.sequences[0], sentence, worth)
            if spans:
                return _met(one, sentence, spans)
    return _unmet(one)


def _most_of(
    sequence: tuple[str, ...], sentence: ReadSentence, worth: Mapping[str, float]
) -> list[Span]:
    distinct = set(sequence)
    total = sum(worth.get(term, 0.0) for term in distinct)
    here = distinct & sentence.term_set
    if len(here) < 2 or total <= 0 or sum(worth.get(t, 0.0) for t in here) < _MOST * total:
        return []
    return [span for term, span in sentence.placed if term in here]


def _met(one: Wanted, sentence: ReadSentence, spans: list[Span]) -> ElementFit:
    return ElementFit(one.element.kind.value, one.element.text, True, sentence.evidence(spans))


def _unmet(one: Wanted) -> ElementFit:
    return ElementFit(one.element.kind.value, one.element.text, False)
