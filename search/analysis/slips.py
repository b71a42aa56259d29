"""How words are mistyped: every word one letter away, and words that sound alike."""

from collections.abc import Iterator
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

#: Sounds that are written one for the other, by region and by ear (folded).
_CONFUSED: Final = (
    ("ch", "tr"), ("s", "x"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("l", "n"), ("v", "d"),
    ("c", "k"), ("k", "q"), ("ng", "ngh"), ("g", "gh"), ("f", "ph"), ("z", "d"), ("w", "qu"),
    ("j", "gi"), ("i", "y"), ("n", "ng"), ("t", "c"), ("nh", "n"), ("x", "s"), ("ko", "khong"),
)  # fmt: skip


def one_slip(word: str) -> Iterator[str]:
    """Every word one letter away: left out, doubled, swapped with its neighbour, mistyped."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def by_ear(word: str) -> Iterator[str]:
    for left, right in _CONFUSED:
        for wrong, meant in ((left, right), (right, left)):
            if word.startswith(wrong):
                yield meant + word[len(wrong) :]
            if word.endswith(wrong):
                yield word[: -len(wrong)] + meant
