"""The second look at the first candidates: how near each is to the sentence of the need that it answers best.

A need of many sentences tells its surroundings, its history and its wish, and likeness of the whole is
likeness of topic; siblings of the answer have that too. One sentence at a time is more precise, and costs
too much for hundreds of candidates.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from marketplace.matching.scoring.data import CandidateText
from marketplace.matching.scoring.need import ReadNeed
from marketplace.matching.scoring.score import Ranked, Ranking
from marketplace.reading.sentences import split_sentences

#: Candidate id → likeness, between 0 and 1, of the need's sentence that is nearest to it; empty where nothing
#: can tell it.
BySentence = Callable[[Sequence[CandidateText]], Mapping[str, float]]

#: Candidates that are looked at again; docs/quality.md has the figures of other numbers.
FIRST: Final = 30
#: Sentences of the need that are read: what a text wants stands in its beginning, and each costs time.
_MOST: Final = 6
#: Shorter ones are headings and courtesies.
_SHORTEST: Final = 30
_LONGEST: Final = 600


def sentences_of(need: ReadNeed) -> list[str]:
    """The first sentences that say something; none where the need is a single one, which likeness of the
    whole tells already."""
    whole = f"{need.title}\n{need.text}" if need.title else need.text
    found = [one.text for one in split_sentences(whole) if len(one.text) > _SHORTEST]
    return [text[:_LONGEST] for text in found[:_MOST]] if len(found) > 1 else []


def look_again(ranking: Ranking, weight: float, by_sentence: BySentence) -> Ranking:
    """The first candidates in order again, with what their nearest sentence adds.

    Args:
        ranking: by everything else.
        weight: what a likeness of 1 adds, in units of the best candidate's score.
        by_sentence: tells likeness of the first candidates.
    """
    first = ranking.entries[:FIRST]
    if weight <= 0 or not first:
        return ranking
    told = by_sentence([one.candidate for one in first])
    if not told:
        return ranking
    unit = weight * first[0].words
    again = [_with(one, unit * told.get(one.candidate.id, 0.0)) for one in first]
    again.sort(key=lambda one: (-one.words, one.candidate.id))
    return replace(ranking, entries=(*again, *ranking.entries[FIRST:]))


def _with(entry: Ranked, part: float) -> Ranked:
    if part <= 0:
        return entry
    return replace(entry, fit=replace(entry.fit, parts={**entry.fit.parts, "sentences": part}))
