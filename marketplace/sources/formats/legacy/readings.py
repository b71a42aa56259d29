"""Encodings of single bytes: their tables, and a text read as one of them."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from viparse.normalize.tables import Charmap, build_charmap, convert
from viparse.normalize.tcvn3 import TCVN3
from viparse.normalize.viscii import VISCII
from viparse.normalize.vni import VNI

from marketplace.sources.formats.legacy.unfolding import FROM_BYTES, TO_BYTES
from marketplace.sources.formats.legacy.words import ASCII_LETTER, SURE_UNIT, USUAL, WORD, usualness
from marketplace.sources.formats.syllables import is_upper_word

WINDOWS_1258: Final = "windows-1258"
# Two letters of the VNI layout that viparse has not seen in its corpus or has derived otherwise.
_VNI_MORE: Final = {"aú": "ẳ", "AÚ": "Ẳ", "î": "ỵ", "Î": "Ỵ"}
#: `ABC®`: no word of TCVN3, where the sign is `đ` and never ends one.
_BRAND: Final = re.compile("[A-Za-z]{3,}®")


@lru_cache(maxsize=1)
def _tables() -> dict[str, Charmap]:
    vni = dict(VNI.pairs) | _VNI_MORE
    for legacy, letter in list(vni.items()):
        # A capital with the mark of a small letter, as people typed the first letter of a name.
        if len(legacy) == 2 and legacy.islower() and legacy[0].isascii():
            vni.setdefault(legacy[0].upper() + legacy[1], letter.upper())
    for base, hooked in (("Ô", "ơ"), ("Ö", "ư")):
        for mark, tone in (
            ("ø", "\u0300"),
            ("ù", "\u0301"),
            ("û", "\u0309"),
            ("õ", "\u0303"),
            ("ï", "\u0323"),
        ):
            vni.setdefault(base + mark, unicodedata.normalize("NFC", hooked.upper() + tone))
    return {
        TCVN3.name: TCVN3,
        VNI.name: build_charmap(VNI.name, vni.items()),
        VISCII.name: VISCII,
    }  # fmt: skip


def _as_tcvn3(text: str) -> str:
    """Its fonts have no capitals with marks: `CéNG HßA` is drawn in capitals, so it is written so."""
    words = list(WORD.finditer(text))
    out, at = [], 0
    for number, word in enumerate(words):
        plain = word.group()
        if plain.isascii() or SURE_UNIT.fullmatch(plain):
            continue
        if _BRAND.fullmatch(plain):
            continue
        converted = convert(plain, _tables()[TCVN3.name])
        if _is_sign_alone(plain, converted):
            continue
        near = words[max(0, number - 1) : number + 2]
        if _is_drawn_upper(plain, [other.group() for other in near if other is not word]):
            converted = converted.upper()
        out += [text[at : word.start()], converted]
        at = word.end()
    return "".join([*out, text[at:]])


def _is_drawn_upper(word: str, beside: list[str]) -> bool:
    own = "".join(ASCII_LETTER.findall(word))
    if own and not own.isupper():
        return False
    if len(own) > 1:
        return True
    others = ["".join(ASCII_LETTER.findall(other)) for other in beside]
    return (
        bool(others) and all(is_upper_word(other) or not other for other in others) and any(others)
    )


def _is_sign_alone(word: str, converted: str) -> bool:
    """A sign alone is a word only where Vietnamese has that word (`ở`, `ô`)."""
    if len(word) > 1 or (word.isalpha() and word not in "µªº"):
        return False
    return usualness(converted) < USUAL


def _as_vni(text: str) -> str:
    return _wordwise(text, lambda word: convert(word, _tables()[VNI.name]))


def _as_viscii(text: str) -> str:
    return _wordwise(text, lambda word: convert(word.translate(TO_BYTES), _tables()[VISCII.name]))


def _as_windows_1258(text: str) -> str:
    def read(word: str) -> str:
        bytewise = word.translate(TO_BYTES)
        if any(ord(char) > 0xFF for char in bytewise):
            return word
        decoded = bytewise.encode("latin-1").decode("cp1258", "replace")
        return unicodedata.normalize("NFC", decoded)

    return _wordwise(text, read)


def _wordwise(text: str, read: Callable[[str], str]) -> str:
    """The text with its words read anew; units, dashes and quotes stand as they are."""

    def one(found: re.Match[str]) -> str:
        word = found.group()
        if word.isascii() or SURE_UNIT.fullmatch(word):
            return word
        converted = read(word)
        return word if _is_sign_alone(word, converted) else converted

    return WORD.sub(one, text).translate(FROM_BYTES)


READINGS: Final[Mapping[str, Callable[[str], str]]] = {
    TCVN3.name: _as_tcvn3,
    VNI.name: _as_vni,
    VISCII.name: _as_viscii,
    WINDOWS_1258: _as_windows_1258,
}


def whole(text: str, name: str) -> str:
    """The text, read as the encoding of that name."""
    return unicodedata.normalize("NFC", READINGS[name](text))
