"""Titles that hold what somebody has typed so far, whatever engine holds them.

Asked at every key, so an engine answers a few questions of one kind only: titles that hold some
terms, and a term that begins so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.analysis import (
    PAIR,
    exact_terms,
    fold,
    fold_term,
    fold_terms,
    has_diacritics,
    is_syllable,
    normalize,
    pairs,
)
from search.analysis.english import STOP_WORDS
from search.analysis.tokens import LONGEST_TERM
from search.queries import Hit

_TOKEN: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 120
#: Read for ordering: titles of one score stand in no order that a reader would see.
_READ_FOR_EACH: Final = 4
_SHORTEST: Final = 2


#: Of a term that nobody knows: so many letters away, so many others.
MOST_EDITS: Final = 2
MOST_NEAR: Final = 40


@dataclass(frozen=True, slots=True)
class Begun:
    """Titles with all of ``terms`` and a term that begins with ``prefix`` ("" for none).

    A prefix with the sign of a pair wants the pair. ``whole`` is the prefix as a finished word,
    which the stemmer may have made shorter.
    """

    terms: tuple[str, ...]
    prefix: str = ""

    @property
    def whole(self) -> str:
        return fold_term(PAIR.join(exact_terms(self.prefix.replace(PAIR, " "), "vi")))


def is_one_term(term: str) -> bool:
    """Can it have neighbours in a dictionary of terms?"""
    return term.isalnum() and len(term) <= LONGEST_TERM


Answer = Callable[[Begun, int], Iterable[Hit]]


def suggested(typed: str, limit: int, answer: Answer) -> list[Hit]:
    """The best titles for a begun query; nothing for less than two letters.

    Args:
        typed: what stands in the box.
        limit: how many titles.
        answer: the engine's titles for one wish, so many, the best first.
    """
    typed = " ".join(normalize(typed[:_LONGEST]).split())
    words = typed.split()
    if limit < 1 or not words or len(fold(typed)) < _SHORTEST:
        return []
    found: dict[str, Hit] = {}
    for wish in _wishes(words):
        for hit in answer(wish, limit * _READ_FOR_EACH):
            found.setdefault(hit.id, hit)
        if len(found) >= limit:
            break
    return _ordered(found.values(), typed)[:limit]


def _wishes(words: Sequence[str]) -> Iterator[Begun]:
    """First the words as neighbours, then in any order, then without English function words."""
    *whole, begun = _TOKEN.findall(fold(words[-1])) or [""]
    before = fold_terms(exact_terms(" ".join([*words[:-1], *whole]), "vi"))
    if not begun:
        if before:
            yield Begun(tuple(pairs(before) or before))
        return
    if not before:
        yield Begun((), begun)
        return
    yield Begun(tuple(pairs(before)), f"{before[-1]}{PAIR}{begun}")
    if len(begun) < _SHORTEST:
        return
    # "of" is left out of English titles; "may" beside Vietnamese words is a machine.
    is_english = not all(map(is_syllable, before))
    telling = [word for word in before if not (is_english and word in STOP_WORDS)]
    for wanted in dict.fromkeys((tuple(before), tuple(telling))):
        yield Begun(wanted, begun)


def _ordered(hits: Iterable[Hit], typed: str) -> list[Hit]:
    exact, folded = typed.lower(), fold(typed)
    is_marked = has_diacritics(typed)

    def worth(hit: Hit) -> tuple[bool, bool, bool, float]:
        # Whoever types marks means them: "hòa" is not the beginning of "hoàn".
        is_other = is_marked and exact not in normalize(hit.title).lower()
        place = f" {fold(hit.title)}".find(f" {folded}")
        return is_other, place != 0, place < 0, -hit.score

    return sorted(hits, key=worth)
