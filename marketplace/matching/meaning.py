"""Where likeness of meaning comes from, if something that knows it is installed.

Matching works without. A source registers once, at the start of the process; what it tells is fused by
the weight `semantic` of the weights in force, in which nothing else of it is known.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from marketplace.matching.scoring import CandidateText, ReadNeed
from search.queries import Hit


@dataclass(frozen=True, slots=True)
class Likest:
    """The sentence nearest in meaning, by its place, and how near it is."""

    place: int
    likeness: float


class MeaningSource(Protocol):
    def expect(self, need: ReadNeed, *, by_sentence: bool) -> None:
        """Told that it will be asked about this need, so that it may begin to read it, and its sentences if
        they will be asked about too."""

    def propose(
        self, need: ReadNeed, *, kinds: Sequence[str], limit: int, known: Container[str] = ()
    ) -> Sequence[Hit]:
        """The candidates likest in meaning, with their texts, best first, without those that are ``known``
        already; none where it cannot tell now."""

    def likeness(self, need: ReadNeed, candidates: Sequence[CandidateText]) -> Mapping[str, float]:
        """Candidate id → likeness between 0 and 1, on the same scale for every language.

        Candidates that it has not read yet are missing, or stand in the middle of the others.
        """

    def likeness_by_sentence(
        self, need: ReadNeed, candidates: Sequence[CandidateText]
    ) -> Mapping[str, float]:
        """The same of whichever of the need's sentences is nearest to the candidate. Costs time with each
        sentence, so that it is asked of the first candidates alone; none where the need is one sentence."""

    def likest(self, need: ReadNeed, sentences: Sequence[str]) -> Likest | None:
        """Which of a candidate's sentences is nearest to the need; None where it cannot tell."""


_installed: list[MeaningSource] = []


def register_meaning(source: MeaningSource) -> None:
    _installed[:] = [source]


@contextmanager
def only_meaning(source: MeaningSource | None) -> Iterator[None]:
    """This source, or none, inside the block: for measuring one index beside another."""
    before = list(_installed)
    _installed[:] = [] if source is None else [source]
    try:
        yield
    finally:
        _installed[:] = before


def meaning_source() -> MeaningSource | None:
    return _installed[0] if _installed else None
