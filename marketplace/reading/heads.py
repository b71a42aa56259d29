"""The word that carries a phrase, and what else may carry it: "khử" in "khử cồn", "loại bỏ" as well.

A text that has only the rest of a phrase ("cồn" in one on fermentation) does not say what the phrase says.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from marketplace.reading.folding import fold_in_place
from search.analysis import is_syllable
from search.analysis.english import stem

_FILE: Final = Path(__file__).parent / "data" / "heads.tsv"
_WORD: Final = re.compile(r"[^\W_]+")
#: Nouns that stand before, or in English behind, what a thing does: they carry nothing by themselves.
_LIGHT: Final = frozenset(
    """
    máy; thiết bị; hệ thống; dây chuyền; hệ; cụm; bộ; mô hình; công nghệ; quy trình; kỹ thuật; phương pháp; giải pháp; việc
    machine; machines; system; systems; device; devices; equipment; tool; tools; technology; process; method; solution; unit
    """.replace("\n", ";").split(";")
)
_LIGHT_WORDS: Final = frozenset(word for one in _LIGHT if (word := one.strip()))
_LIGHT_FOLDED: Final = frozenset(map(fold_in_place, _LIGHT_WORDS))
_MOST_LIGHT: Final = 2  # words of one
#: Between foretelling and what is foretold: "biết trước | lúc nào sắp | hư".
_WHEN: Final = re.compile(
    r"(?<!\w)(?:(?:lúc|khi|hồi|luc|hoi) (?:nào|nao)|bao giờ|bao gio|sắp|sap)(?!\w)\s*",
    re.IGNORECASE,
)


def head_of(phrase: str, *, carried_by: str = "", last: bool = False) -> str:
    """The words of `phrase` that carry it, as they stand.

    Args:
        phrase: of an element.
        carried_by: its verb or noun, where the reading knows it ("loại bỏ").
        last: it is named by its last word, as English names things.
    """
    words = [match.group() for match in _WORD.finditer(phrase)]
    if not words:
        return ""
    if last:
        return words[-2] if len(words) > 2 and is_light(words[-1]) else words[-1]
    carrying = len(_WORD.findall(carried_by)) or 1
    for many in range(_MOST_LIGHT, 0, -1):
        # "máy sấy" is carried by the machine, "máy sấy xoài" by the drying.
        if len(words) > many + 1 and carrying <= many and is_light(" ".join(words[:many])):
            return words[many]
    return " ".join(words[:carrying])


def is_light(words: str) -> bool:
    """Does it carry nothing by itself: "hệ thống", "equipment"?"""
    lowered = words.lower()
    return lowered in _LIGHT_WORDS or (lowered.isascii() and lowered in _LIGHT_FOLDED)


@lru_cache(maxsize=4096)
def stands_for(head: str) -> tuple[str, ...]:
    """The head and what may stand for it, in both languages. Typed without marks, all that it may be."""
    lowered = head.lower()
    groups = _groups(folded=lowered.isascii())
    return tuple(dict.fromkeys((lowered, *groups.get(_key(lowered), ()))))


def _key(word: str) -> str:
    """English words by their stem: "reducing" is "reduce"."""
    if not word.isascii() or " " in word or is_syllable(word):
        return word
    return stem(word)


def without_when(phrase: str) -> str:
    """The phrase without the question of when it comes: "biết trước lúc nào sắp hư" is to foretell a fault."""
    return _WHEN.sub("", phrase).strip()


def without_light(phrase: str) -> str:
    """The phrase without what carries nothing by itself at its ends."""
    words = list(_WORD.finditer(phrase))
    for many in range(_MOST_LIGHT, 0, -1):
        if len(words) > many and is_light(" ".join(word.group() for word in words[:many])):
            return phrase[words[many].start() :]
    return phrase[: words[-2].end()] if len(words) > 1 and is_light(words[-1].group()) else phrase


@lru_cache(maxsize=2)
def _groups(*, folded: bool) -> dict[str, tuple[str, ...]]:
    """Who is named first in a line stands for nobody else's line, but may stand in several."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        vietnamese, english = ([w.strip() for w in part.split(";")] for part in line.split("\t"))
        together = (*vietnamese, *english)
        for word in dict.fromkeys((vietnamese[0], *english)):
            key = _key(fold_in_place(word) if folded else word)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *together)))
        for word in vietnamese[1:]:
            # A synonym without a line of its own is one both ways.
            key = _key(fold_in_place(word) if folded else word)
            found.setdefault(key, together)
    return found
