"""Which elements of the need a candidate names, and in which sentence."""

from collections.abc import Mapping, Sequence

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import ElementFit, Span
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.need import ReadNeed
from marketplace.reading.elements import Element

# A phrase after a cue is met when this share of its worth stands in one sentence.
_MOST = 0.66


def element_terms(need: ReadNeed) -> list[tuple[Element, list[tuple[str, ...]]]]:
    """Each element with the term sequences of its spellings; done once a need."""
    prepared = []
    for element in need.elements:
        spellings = dict.fromkeys((element.text, *element.spellings))
        sequences = [tokenize(spelling, "", folded=need.folded) for spelling in spellings]
        prepared.append((element, [sequence for sequence in sequences if sequence]))
    return prepared


def fit_elements(
    prepared: Sequence[tuple[Element, list[tuple[str, ...]]]],
    candidate: ReadCandidate,
    worth: Mapping[str, float],
) -> tuple[ElementFit, ...]:
    return tuple(_fit(element, sequences, candidate, worth) for element, sequences in prepared)


def _fit(
    element: Element,
    sequences: list[tuple[str, ...]],
    candidate: ReadCandidate,
    worth: Mapping[str, float],
) -> ElementFit:
    for sentence in candidate.sentences:
        for sequence in sequences:
            span = sentence.find(sequence)
            if span is not None:
                return ElementFit(element.kind.value, element.text, True, sentence.evidence([span]))
    if sequences and not element.spellings:
        for sentence in candidate.sentences:
            spans = _loosely(sequences[0], sentence, worth)
            if spans:
                return ElementFit(element.kind.value, element.text, True, sentence.evidence(spans))
    return ElementFit(element.kind.value, element.text, False)


def _loosely(
    sequence: tuple[str, ...], sentence: ReadSentence, worth: Mapping[str, float]
) -> list[Span]:
    distinct = set(sequence)
    total = sum(worth.get(term, 0.0) for term in distinct)
    here = distinct & sentence.term_set
    if len(here) < 2 or total <= 0 or sum(worth.get(t, 0.0) for t in here) < _MOST * total:
        return []
    return [span for term, span in sentence.placed if term in here]
