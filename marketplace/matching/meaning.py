"""Where likeness of meaning comes from, if something that knows it is installed.

Matching works without. A source registers once, at the start of the process; what it tells is fused by
the weight `semantic` of the weights in force, in which nothing else of it is known.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from marketplace.matching.scoring import CandidateText, ReadNeed
from search.queries import Hit


class MeaningSource(Protocol):
    def propose(self, need: ReadNeed, *, kinds: Sequence[str], limit: int) -> Sequence[Hit]:
        """The candidates likest in meaning, with their texts, best first; none where it cannot tell now."""

    def likeness(self, need: ReadNeed, candidates: Sequence[CandidateText]) -> Mapping[str, float]:
        """Candidate id → likeness between 0 and 1, on the same scale for every language.

        Candidates that it has not read yet are missing.
        """


_installed: list[MeaningSource] = []


def register_meaning(source: MeaningSource) -> None:
    _installed[:] = [source]


def meaning_source() -> MeaningSource | None:
    return _installed[0] if _installed else None
