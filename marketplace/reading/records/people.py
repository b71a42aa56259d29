"""Names of people as sources write them: re-ordered, with titles, with initials, without marks."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from search.analysis import fold, has_diacritics, normalize

#: Short titles before or behind a name.
_SHORT_TITLES: Final = "gs pgs ts ths tskh bs bsck bscki bsckii cki ckii ks kts ds dsck cn dr prof professor assoc phd msc eng mr mrs"
_TITLES: Final = frozenset(_SHORT_TITLES.split())
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Full words that are titles only in front of a name ("Tiến sĩ Lê Văn A"), never inside it.
_FRONT: Final = re.compile(
    r"^(?:\s*(?:phó\s+giáo\s+sư|giáo\s+sư|tiến\s+s[ĩỹ](?:\s+khoa\s+học)?|thạc\s+s[ĩỹ]|kỹ\s+sư|bác\s+s[ĩỹ]"
    r"|cử\s+nhân|kiến\s+trúc\s+sư|dược\s+s[ĩỹ]|ông|bà)\b[\s.,]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name made comparable: its words without marks, in no order, and as they were marked."""

    words: tuple[str, ...]
    marked: tuple[str, ...]
    has_marks: bool

    @property
    def key(self) -> str:
        return " ".join(sorted(self.words))

    @property
    def is_full(self) -> bool:
        return len(self.words) >= 2 and all(len(word) > 1 for word in self.words)


@lru_cache(maxsize=50_000)
def read_name(text: str) -> Name:
    text = _FRONT.sub("", normalize(text))
    marked = [word.lower() for word in _WORD.findall(text)]
    # A man may be called by what looks like a title; where nothing else is left it is his name.
    kept = [word for word in marked if word not in _TITLES] or marked
    # Sorted together, so that the marks of one order are compared with those of another.
    pairs = sorted((fold(word), word) for word in kept)
    return Name(
        words=tuple(folded for folded, _word in pairs),
        marked=tuple(word for _folded, word in pairs),
        has_marks=has_diacritics(text),
    )


def same_person(left: Name, right: Name) -> float:
    """How far two names are one: 1 the same words, .9 a slip of the pen, .75 initials, .4 other marks,
    0 another name. Namesakes are not told apart here; that is what the other facts are for."""
    if not left.words or not right.words:
        return 0.0
    if left.words == right.words:
        if left.has_marks and right.has_marks and left.marked != right.marked:
            return _with_other_marks(left, right)
        return 1.0
    if _are_initials(left, right) or _are_initials(right, left):
        return 0.75
    if len(left.words) == len(right.words) >= 2:
        different = _differences(left.words, right.words)
        if different == 1 and fuzz.ratio(left.key, right.key) >= 85:
            return 0.9
    return 0.0


def _with_other_marks(left: Name, right: Name) -> float:
    """Hùng and Hưng are two men; one syllable of which all marks were lost may be a slip."""
    for one, other in zip(left.marked, right.marked, strict=True):
        if one != other and not (one.isascii() or other.isascii()):
            return 0.4
    return 0.9


def _differences(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    rest = list(right)
    for word in left:
        if word in rest:
            rest.remove(word)
    return len(rest)


def _are_initials(short: Name, full: Name) -> bool:
    """`K. D. Q.`, `Khải Đ. Q.` for Đặng Quốc Khải: each word of one begins one of the other, and at
    least one is whole, so that three letters alone stand for nobody."""
    if len(short.words) != len(full.words) or len(short.words) < 2:
        return False
    whole = [word for word in short.words if len(word) > 1]
    letters = [word for word in short.words if len(word) == 1]
    if not letters or not whole:
        return False
    rest = list(full.words)
    for word in whole:
        if word not in rest:
            return False
        rest.remove(word)
    return sorted(letters) == sorted(word[0] for word in rest)


def overlap(left: tuple[Name, ...], right: tuple[Name, ...]) -> float | None:
    """The share of the shorter list that is found in the other; None where one is empty."""
    if not left or not right:
        return None
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    rest, total = list(long), 0.0
    for name in short:
        best = max(rest, key=lambda other: same_person(name, other), default=None)
        if best is None:
            break
        score = same_person(name, best)
        if score:
            total += score
            rest.remove(best)
    return total / len(short)
