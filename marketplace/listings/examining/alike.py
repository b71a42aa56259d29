"""Whether two listings offer, or ask for, one and the same thing. Pure.

The measures of titles and texts are those by which records of the registers are compared
(`reading.records`); the weights of the registers are not: a listing has no people, years and numbers of
dossiers that would speak for or against. `tests/listings/test_alike.py` measures the rule on the pairs
of `marketplace/demo/data/duplicate_listings.jsonl`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from marketplace.reading.records.facts import shingles
from marketplace.reading.records.titles import Title, match_titles, read_title
from search.analysis import fold

#: From this likeness of titles alone a person is asked.
_SAME_TITLE: Final = 0.80
#: Enough where the texts have runs of words, or the figures, in common.
_LIKE_TITLE: Final = 0.5
_SHARED_TEXT: Final = 0.3
_SHARED_FIGURES: Final = 0.6
_ENOUGH_FIGURES: Final = 2
#: Nearly the same text under another title.
_SAME_TEXT: Final = 0.7
_ENOUGH_RUNS: Final = 12


@dataclass(frozen=True, slots=True)
class ListingText:
    """One listing made comparable; `text` begins with its summary."""

    title: Title
    runs: frozenset[int]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two listings are, 0 to 1 each; `numbers` differ where titles name two sizes."""

    title: float
    text: float
    figures: float
    numbers: tuple[str, ...]

    @property
    def is_copy(self) -> bool:
        """Whether a person should look: both may be one."""
        if self.numbers:
            # Two sizes of one machine are two listings, however like their texts.
            return False
        if self.title >= _SAME_TITLE or self.text >= _SAME_TEXT:
            return True
        shares = self.text >= _SHARED_TEXT or self.figures >= _SHARED_FIGURES
        return self.title >= _LIKE_TITLE and shares

    @property
    def score(self) -> float:
        """For the order in which they are shown."""
        return self.title + self.text + self.figures / 2


def read_listing(title: str, texts: Iterable[str]) -> ListingText:
    words = _words(" ".join(texts))
    return ListingText(
        title=read_title(title),
        runs=shingles(words) if len(words) >= 3 else frozenset(),
        figures=frozenset(word for word in words if word[0].isdecimal()),
    )


def compare_listings(one: ListingText, other: ListingText) -> Likeness:
    shorter = min(len(one.runs), len(other.runs))
    fewer = min(len(one.figures), len(other.figures))
    ours, theirs = one.title.numbers - other.title.numbers, other.title.numbers - one.title.numbers
    return Likeness(
        title=_titles(one.title, other.title),
        text=len(one.runs & other.runs) / max(shorter, _ENOUGH_RUNS) if shorter else 0.0,
        figures=len(one.figures & other.figures) / fewer if fewer >= _ENOUGH_FIGURES else 0.0,
        numbers=(*sorted(ours), *sorted(theirs)) if ours and theirs else (),
    )


def _titles(one: Title, other: Title) -> float:
    """Words in any order: posters turn a title round more often than they exchange its words."""
    if not (one and other):
        return 0.0
    return max(
        match_titles(one, other).same,
        fuzz.token_sort_ratio(one.folded, other.folded) / 100,
    )


def _words(text: str) -> list[str]:
    return list(read_title(fold(text)).words)
