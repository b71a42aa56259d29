"""What a word is: its letters, the units and signs of print beside it, and how usual it is in Vietnamese."""

import re
import unicodedata
from math import log
from typing import Final

from marketplace.reading.syllables import syllable_counts
from marketplace.sources.formats.syllables import is_marked_syllable

_VIETNAMESE: Final = frozenset(
    unicodedata.normalize("NFC", form)
    for letter in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    for form in (letter + tone, (letter + tone).upper())
) | frozenset("đĐ")
# Letters that exist in Unicode alone: text with them is not in an encoding of single bytes.
ONLY_UNICODE: Final = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)
WORD: Final = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7e“”‘’–—…•]+")
LETTERS: Final = re.compile(r"[^\W\d_]+")
ASCII_LETTER: Final = re.compile(r"[A-Za-z]")
# Units and signs of print. Old encodings use the same codes for letters, so these prove nothing and are
# not touched.
UNIT: Final = re.compile(
    r"µ(?:[mlgsFAVWMLJNHS]|mol|Pa)?|[kcdmnhp]?[mglsLVAWJN][²³]|°[CFK]?|[²³±×÷§©®·Ø«»]|[A-Z]+[a-z]*[®©]"
)
SURE_UNIT: Final = re.compile(
    r"µ(?:[mlgsFAVWMLJNHS]|mol|Pa)|(?:[kcdmn]|N)?m[²³]|°[CFK]?|(?:N|k?W|m?A|k?V|[mk]?Pa)·[msh]|m·K"
)
# A marked capital behind a small letter: `trÕng` was never written so.
_CASE: Final = re.compile("[a-zà-öø-ÿ][À-ÖØ-Þ]")
# Letters of Greek, Cyrillic, Chinese …: no encoding of single bytes that we repair makes them.
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff]")
SAMPLE: Final = 20_000
#: Logarithm of the count from which a syllable is an everyday word.
USUAL: Final = 6.0


def is_clean(text: str) -> bool:
    """Nothing in it but Vietnamese words, other plain letters, and signs that stand alone."""
    return not any(is_suspect(word) for word in WORD.findall(text[:SAMPLE]))


def is_suspect(word: str) -> bool:
    """Has signs that are no letters of Vietnamese, or letters of it in an order that no word has."""
    if word.isascii() or UNIT.fullmatch(word) or _OTHER_SCRIPT.search(word):
        return False
    if any(ord(char) > 0x7F and not char.isalpha() for char in word) or _CASE.search(word):
        return True
    return not all(part.isascii() or is_marked_syllable(part) for part in LETTERS.findall(word))


def usualness(word: str) -> float:
    """Logarithm of how often the word's syllables come in Vietnamese text; 0 for one never seen."""
    counts = syllable_counts()
    parts = [part.lower() for part in LETTERS.findall(word) if not part.isascii()]
    return sum(log(counts.get(part, 1)) for part in parts) / max(len(parts), 1)


def is_good(word: str) -> bool:
    """Marked Vietnamese syllables, plain letters and ASCII signs alone."""
    parts = LETTERS.findall(word)
    return (
        bool(parts)
        and all(part.isascii() or is_marked_syllable(part) for part in parts)
        and all(char.isalnum() or ord(char) < 0x80 for char in word)
    )


def is_possible(word: str) -> bool:
    """Letters of Vietnamese alone (`amiăng`, `ĐKKQ`): good enough beside good proof."""
    return all(char in _VIETNAMESE or char.isascii() for char in word)
