"""Folding that keeps every offset, so that a span found in folded text holds in the original."""

import unicodedata
from functools import lru_cache

# Characters that the decomposition leaves alone or that stand for another in technical text.
_EXPLICIT = {
    "đ": "d",
    "Đ": "d",
    "µ": "u",
    "μ": "u",
    "−": "-",
    "–": "-",
    "—": "-",
    "÷": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "’": "'",
    "‘": "'",
}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _EXPLICIT:
        return _EXPLICIT[character]
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def fold_in_place(text: str) -> str:
    """Lower case without diacritics, one character for one (expects NFC text)."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))
