"""Guessing the marks of Vietnamese typed without them, from what the index holds.

Each bare syllable has a few dozen possible spellings; those the index knows are weighed by how
often neighbouring ones stand together (a Viterbi walk over pairs).
"""

import itertools
import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from search.analysis.tokens import PAIR
from search.analysis.vietnamese import is_syllable, tone_position

_HATS: Final = {"a": "aăâ", "e": "eê", "o": "oôơ", "u": "uư"}
_TONES: Final = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SMOOTHING: Final = 5.0
_KEPT: Final = 8


@lru_cache(maxsize=8_000)
def spellings(syllable: str) -> tuple[str, ...]:
    """Every way to put marks on a bare syllable; what is no syllable stays alone."""
    if not syllable.isascii() or not is_syllable(syllable):
        return (syllable,)
    choices = [
        "dđ"
        if letter == "d" and place == 0
        else letter
        if place == 1 and syllable.startswith("qu")
        else _HATS.get(letter, letter)
        for place, letter in enumerate(syllable)
    ]
    found: list[str] = []
    for letters in map("".join, itertools.product(*choices)):
        place = tone_position(letters)
        if place is None:
            found.append(letters)
            continue
        found += [
            unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
            for tone in _TONES
        ]
    return tuple(found)


def known_spellings(term: str, frequency: Callable[[str], int]) -> list[tuple[str, int]]:
    """The spellings that the index knows, with their frequency, the most frequent ones first."""
    known = [(spelling, frequency(spelling)) for spelling in spellings(term)]
    return sorted((pair for pair in known if pair[1]), key=lambda pair: -pair[1])[:_KEPT]


def restore_marks(
    folded: Sequence[str], frequency: Callable[[str], int], document_count: int
) -> list[str]:
    """The likeliest exact terms; ``frequency`` counts documents with an exact term or pair."""
    if not folded:
        return []
    total = document_count + 1.0
    steps = [known_spellings(term, frequency) or [(term, 0)] for term in folded]
    paths = [(math.log((count + 0.5) / total), [spelling], count) for spelling, count in steps[0]]
    for step in steps[1:]:
        grown = []
        for spelling, count in step:
            background = _SMOOTHING * (count + 0.5) / total
            scored = (
                (
                    score
                    + math.log(
                        (_together(frequency, path[-1], spelling, before, count) + background)
                        / (before + _SMOOTHING)
                    ),
                    path,
                )
                for score, path, before in paths
            )
            score, path = max(scored, key=lambda pair: pair[0])
            grown.append((score, [*path, spelling], count))
        paths = grown
    return max(paths, key=lambda item: item[0])[1]


def _together(
    frequency: Callable[[str], int], left: str, right: str, before: int, count: int
) -> int:
    return frequency(f"{left}{PAIR}{right}") if before and count else 0
