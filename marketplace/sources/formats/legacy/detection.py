"""Which encoding a value is in, and whether letters of it are lost."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from viparse.normalize.viscii import VISCII

from marketplace.sources.formats.legacy.readings import READINGS, WINDOWS_1258, whole
from marketplace.sources.formats.legacy.unfolding import from_utf8_bytes
from marketplace.sources.formats.legacy.words import (
    ASCII_LETTER,
    ONLY_UNICODE,
    SAMPLE,
    UNIT,
    WORD,
    is_clean,
    is_good,
    is_possible,
    is_suspect,
    usualness,
)
from marketplace.sources.formats.syllables import is_marked_syllable

OK, CONVERTED, DAMAGED = "ok", "converted", "damaged"
UTF8: Final = "utf-8"
# Letters followed by signs that no Vietnamese word has, in text that is in Unicode: a part in another
# encoding was pasted in.
_PASTED: Final = re.compile("[A-Za-z][¡¢£¤¥¦§¨¬¯´¶¸¹º¼½¾¿ÐÑÞßåæçëîïðñöûüþÿ]")
_LOST: Final = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_LOST_WORD: Final = re.compile(r"(?<!\S)\?[^\W\d_]{1,6}(?!\S)")
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_GOOD_SHARE: Final = 0.9
_VIETNAMESE_SHARE: Final = 0.6
_WRONG_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    status: str
    text: str
    #: What the text was in, where it was converted; of damaged text what is known of it.
    encoding: str = ""


#: Two encodings read the text equally well, and a person must say which.
_AMBIGUOUS: Final = "?"
_CLOSE, _CLEAR = 0.05, 0.35
#: They share most of their letters with Latin-1, so that two words may look right by chance.
_RARE: Final = frozenset({VISCII.name, WINDOWS_1258})


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    #: Share of the touched words that became Vietnamese syllables.
    good: float
    #: How usual those syllables are.
    likelihood: float


def examine(text: str, *, hint: str = "") -> Verdict:
    """What one value is; `hint` is the encoding that other values of its record are in."""
    if text.isascii():
        return Verdict(DAMAGED if _has_losses(text) else OK, text)
    if "\ufffd" in text:
        return Verdict(DAMAGED, text)
    if (unfolded := from_utf8_bytes(text, is_sure=hint == UTF8)) is not None:
        return Verdict(CONVERTED, unfolded, UTF8)
    composed = (
        text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    )
    if ONLY_UNICODE.search(composed):
        is_damaged = _has_losses(text) or len(_PASTED.findall(composed)) > 2
        return Verdict(DAMAGED if is_damaged else OK, text)
    if is_clean(composed):
        return Verdict(DAMAGED if _has_losses(text) else OK, text)
    found = _best_reading(text, hint)
    if found in READINGS:
        return Verdict(CONVERTED, whole(text, found), found)
    is_damaged = found == _AMBIGUOUS or _has_losses(text) or _is_unknown_encoding(text)
    return Verdict(DAMAGED if is_damaged else OK, text)


def _best_reading(text: str, hint: str) -> str:
    """The encoding under which this is Vietnamese; "" where none is, _AMBIGUOUS where several are."""
    sample = text[:SAMPLE]
    words = [word for word in WORD.findall(sample) if not UNIT.fullmatch(word)]
    touched = [word for word in words if not word.isascii()]
    wrong = sum(map(is_suspect, touched))
    if not touched or wrong < _WRONG_SHARE * len(touched):
        return ""
    if hint in READINGS and all(is_possible(READINGS[hint](word)) for word in touched):
        return hint
    if not _is_enough(touched):
        return ""
    readings = [
        reading for name in READINGS if (reading := _read_as(name, words, touched)) is not None
    ]
    if not readings:
        return ""
    best = max(one.good for one in readings)
    close = sorted(
        (one for one in readings if best - one.good < _CLOSE), key=lambda one: -one.likelihood
    )
    if len(close) > 1 and close[0].likelihood - close[1].likelihood < _CLEAR:
        return _AMBIGUOUS
    if close[0].name in _RARE and len(set(touched)) < 3:
        return _AMBIGUOUS
    return close[0].name


def _is_enough(touched: list[str]) -> bool:
    """One word is proof only if it has letters of its own around the odd sign."""
    if len(set(touched)) > 1:
        return True
    return len(ASCII_LETTER.findall(touched[0])) > 1


def _read_as(name: str, words: list[str], touched: list[str]) -> _Reading | None:
    read = {word: READINGS[name](word) for word in set(touched)}
    if all(word == converted for word, converted in read.items()):
        return None
    good = sum(is_good(read[word]) for word in touched)
    plain = [word for word in words if word.isascii() and ASCII_LETTER.search(word)]
    vietnamese = good + sum(map(is_marked_syllable, plain))
    share = good / len(touched)
    if share < _GOOD_SHARE and not (len(touched) >= 8 and share >= 0.8):
        return None
    if vietnamese < _VIETNAMESE_SHARE * (len(touched) + len(plain)):
        return None
    usual = sum(usualness(read[word]) for word in touched) / len(touched)
    return _Reading(name, share, usual)


def _has_losses(text: str) -> bool:
    """`Nghi?n c?u`: question marks where letters were. Two at least, and not in an address."""
    if "?" not in text:
        return False
    bare = _ADDRESS.sub(" ", text)
    lost = len(_LOST.findall(bare))
    return lost + len(_LOST_WORD.findall(bare)) > 1 and lost > 0


def _is_unknown_encoding(text: str) -> bool:
    """Mostly words that would be Vietnamese but for their odd letters: an encoding we do not know."""
    words = WORD.findall(text[:SAMPLE])
    touched = [word for word in words if not word.isascii() and not UNIT.fullmatch(word)]
    wrong = sum(map(is_suspect, touched))
    plain = [word for word in words if word.isascii() and ASCII_LETTER.search(word)]
    if len(touched) < 3 or len(words) < 5 or wrong < 0.5 * len(touched):
        return False
    return len(touched) * 4 >= len(words) and (
        sum(map(is_marked_syllable, plain)) >= 0.8 * len(plain)
    )
