"""The sentence that proves a candidate: by the words it shares with the need, or by its meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.data import CandidateText, Evidence, Reason, Scored
from marketplace.matching.scoring.evidence import best_evidence
from marketplace.matching.scoring.lexical import LexicalQuery
from marketplace.reading.marks import NO_MARKS, Marks
from search.analysis import normalize

#: Which of a candidate's sentences is nearest in meaning to the need, by its place; None: not known.
Likest = Callable[[Sequence[str]], int | None]

#: From this share of the score on, meaning is what found a candidate.
_MOSTLY: Final = 0.6
#: Reading sentences for their meaning costs time: only of those that somebody looks at first.
_EXPLAINED: Final = 10
_REMEMBERED: Final = 512


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence, and the code of the reason it gives."""

    code: Literal["terms", "title", "meaning"]
    evidence: Evidence
    phrases: tuple[str, ...] = ()

    def reason(self) -> Reason:
        params = {} if self.code == "meaning" else {"phrases": list(self.phrases)}
        return Reason(self.code, params, self.evidence)


def read_candidate(
    candidate: CandidateText, *, folded: bool, marks: Marks = NO_MARKS
) -> ReadCandidate:
    title, text = _compared(candidate.title), _compared(candidate.text)
    return ReadCandidate(
        replace(candidate, title=title, text=text, words=None), folded=folded, marks=marks
    )


#: Remembered as candidates are: to bring a text into its normal form is a good part of reading it.
_compared = lru_cache(maxsize=_REMEMBERED)(normalize)


def find_proof(query: LexicalQuery, candidate: ReadCandidate, *, meaning: float) -> Proof | None:
    """
    Args:
        meaning: the share of the score that likeness of meaning gave, between 0 and 1.
    """
    found = best_evidence(query, candidate)
    if meaning and candidate.sentences and (found is None or meaning >= _MOSTLY):
        # The first sentence stands in for the nearest one, until the order is known.
        return Proof("meaning", candidate.sentences[0].evidence())
    if found is None:
        return None
    evidence, phrases = found
    return Proof("title" if evidence.place == "title" else "terms", evidence, phrases)


def with_nearest_sentences(scored: Sequence[Scored], likest: Likest) -> list[Scored]:
    """Those found by meaning with the sentence that is nearest in meaning, as far as anybody looks."""
    return [
        _with_nearest_sentence(item, likest)
        if place < _EXPLAINED and item.reasons and item.reasons[0].code == "meaning"
        else item
        for place, item in enumerate(scored)
    ]


def _with_nearest_sentence(item: Scored, likest: Likest) -> Scored:
    sentences = read_candidate(item.candidate, folded=False).sentences
    place = likest([sentence.text for sentence in sentences])
    if place is None:
        return item
    reason = replace(item.reasons[0], evidence=sentences[place].evidence())
    return replace(item, reasons=(reason, *item.reasons[1:]))
