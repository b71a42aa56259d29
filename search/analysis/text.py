"""Making text comparable: composed, without invisible characters, one tone placement."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from search.analysis.vietnamese import (
    MARKED_LETTERS,
    TONES,
    place_tone,
    reorder_marks,
    strip_marks,
)

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LOOSE_MARK: Final = re.compile("[\u0300-\u036f]")
_MARKED: Final = re.compile(f"[{MARKED_LETTERS}]")

# A word that may carry its tone in another place: two vowels in a row, one of them marked.
_VOWELS: Final = "aeiouyAEIOUY" + MARKED_LETTERS.replace("đ", "").replace("Đ", "")
_TONED: Final = "".join(
    letter for letter in MARKED_LETTERS if TONES & set(unicodedata.normalize("NFD", letter))
)
_MOVABLE: Final = re.compile(
    rf"\b(?=\w*(?:[{_TONED}][{_VOWELS}]|[{_VOWELS}][{_TONED}]))[^\W\d_]{{2,8}}\b"
)

# "KH & CN", "KH&amp;CN" are the abbreviation "KH&CN"; "sữa & bơ" is not one.
_AMPERSAND: Final = re.compile(
    r"\b([A-ZĐ]{1,4}|[bcdđghklmnpqrstvx]{1,4})\s*(?:&amp;|&|＆)\s*"
    r"([A-ZĐ]{1,4}|[bcdđghklmnpqrstvx]{1,4})\b"
)


def compose(text: str) -> str:
    """NFC, without zero-width characters, soft hyphens and loose combining marks."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
    if _LOOSE_MARK.search(text):
        text = _LOOSE_MARK.sub("", reorder_marks(text))
    return text


def join_abbreviations(text: str) -> str:
    """Abbreviations with an ampersand in one piece."""
    if "&" in text or "＆" in text:
        return _AMPERSAND.sub(r"\1&\2", text)
    return text


@lru_cache(maxsize=20_000)
def _placed(word: str) -> str:
    return place_tone(word)


def normalize(text: str) -> str:
    """The form in which two spellings of the same Vietnamese words are equal; case is kept."""
    return place_tones(join_abbreviations(compose(text)))


def place_tones(text: str) -> str:
    """Composed text with each tone mark where this exchange writes it; the length stays."""
    if text.isascii():
        return text
    return _MOVABLE.sub(lambda match: _placed(match.group()), text)


def fold(text: str) -> str:
    """Lower case without any diacritics: what people type who leave the marks out."""
    return strip_marks(compose(text)).lower()


def has_diacritics(text: str) -> bool:
    """Does the text carry any Vietnamese mark; decides which index answers a query."""
    return not text.isascii() and _MARKED.search(compose(text)) is not None
