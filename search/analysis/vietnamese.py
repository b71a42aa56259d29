"""The Vietnamese syllable: is this token one, and where does its tone mark belong.

Two conventions for the tone mark live side by side, often in one text ("hòa" and "hoà"), and
old keyboards left a third, wrong one ("hòan"). For matching they are one word, so every
syllable is taken apart and written again with its mark in one place.
"""

import re
import unicodedata
from typing import Final

TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_HATS: Final = frozenset("\u0302\u0306\u031b")

# Letters that only Vietnamese puts together in this number; used to tell a text's language and
# whether a query was typed with its marks.
MARKED_LETTERS: Final = "".join(
    sorted(
        {
            unicodedata.normalize("NFC", form)
            for letter in "aăâeêioôơuưy"
            for tone in ("", *TONES)
            for form in (letter + tone, (letter + tone).upper())
            if not form.isascii()
        }
        | {"đ", "Đ"}
    )
)

# Onset, rhyme and coda of a syllable without tone marks and without hats. It accepts a few
# syllables that no word uses; what matters is that it refuses nearly all English words.
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:"
    r"(?:[aeiou]|oa|oe|uye|uy|ue|uo|ie|ye|oo|ua)(?:ng|nh|ch|[cmnpt])"
    r"|ieu|yeu|oai|oay|oeo|uay|uya|uyu|uoi|uou|oao|uau"
    r"|ai|ao|au|ay|eo|eu|ia|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|ya"
    r"|[aeiouy]"
    r")"
)

_FOLDING: Final = str.maketrans("đĐ", "dD")


def strip_marks(text: str) -> str:
    """The text without tone marks and hats; `đ` becomes `d`."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_FOLDING)


def is_syllable(token: str) -> bool:
    """Could this lower-case token, with or without its marks, be a Vietnamese syllable."""
    bare = token if token.isascii() else strip_marks(token)
    return _SYLLABLE.fullmatch(bare) is not None


def place_tone(token: str) -> str:
    """The token, of any case, with its tone mark where this exchange writes it ("hòa", "quý").

    What is no Vietnamese syllable with exactly one tone mark is returned as it came.
    """
    decomposed = unicodedata.normalize("NFD", token)
    tones = [char for char in decomposed if char in TONES]
    if len(tones) != 1 or not is_syllable(token.lower()):
        return token
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    position = tone_position(letters.lower())
    if position is None:
        return token
    marked = letters[: position + 1] + tones[0] + letters[position + 1 :]
    return unicodedata.normalize("NFC", marked)


def tone_position(letters: str) -> int | None:
    """Index of the vowel that carries the tone; letters keep their hats but have no tone."""
    bare = strip_marks(letters)
    start = 0
    while start < len(bare) and bare[start] not in "aeiouy":
        start += 1
    # The u of "qu" and, before another vowel, the i of "gi" belong to the onset.
    if len(bare) > 2 and (bare[:2] == "qu" or (bare[:2] == "gi" and bare[2] in "aeiouy")):
        start = 2
    end = start
    while end < len(bare) and bare[end] in "aeiouy":
        end += 1
    if start == end:
        return None
    hatted = [i for i in range(start, end) if letters[i] in "ăâêôơư"]
    if hatted:
        return hatted[-1]
    width = end - start
    if width == 1:
        return start
    if width == 2:
        return start + 1 if end < len(bare) else start
    return start + 1


def reorder_marks(text: str) -> str:
    """Compose letters whose tone was typed before the hat, which NFC alone leaves apart."""
    out: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if char in _HATS and out and out[-1] in TONES:
            out.insert(len(out) - 1, char)
        else:
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out))
