"""Text as old programs wrote it and as others then read it: the opposite of the repair."""

import unicodedata

from viparse.normalize.tcvn3 import TCVN3
from viparse.normalize.viscii import VISCII
from viparse.normalize.vni import VNI

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _reversed(pairs, more=()):
    table = {}
    for legacy, letter in (*pairs, *more):
        table.setdefault(letter, legacy)
    return table


_TCVN3 = _reversed(TCVN3.pairs)
_VNI = _reversed(
    VNI.pairs, [("aú", "ẳ"), ("AÚ", "Ẳ"), ("ì", "ì"), ("í", "í"), ("Ì", "Ì"), ("Í", "Í")]
) | {"ỵ": "î", "Ỵ": "Î", "ì": "ì", "í": "í", "Ì": "Ì", "Í": "Í"}
_VISCII = _reversed(VISCII.pairs)


def as_tcvn3(text):
    """Its fonts draw capitals with marks from the small letters."""
    return "".join(_TCVN3.get(char) or _TCVN3.get(char.lower(), char) for char in text)


def as_vni(text):
    return "".join(_VNI.get(char, char) for char in text)


def as_viscii(text):
    return "".join(_VISCII.get(char, char) for char in text)


def as_windows_1258(text):
    out = []
    for char in text:
        try:
            char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next((part for part in parts if part in _TONES), "")
            out.append(unicodedata.normalize("NFC", parts.replace(tone, "")) + tone)
        else:
            out.append(char)
    return "".join(out).encode("cp1258", "replace").decode("latin-1")


def as_utf8_read_as_windows_1252(text):
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in text.encode()
    )


def as_utf8_read_as_latin_1(text):
    return text.encode().decode("latin-1")


def with_letters_lost(text):
    return text.encode("latin-1", "replace").decode("latin-1")


ENCODERS = {
    "tcvn3": as_tcvn3,
    "vni": as_vni,
    "viscii": as_viscii,
    "windows-1258": as_windows_1258,
    "utf-8 as cp1252": as_utf8_read_as_windows_1252,
    "utf-8 as latin-1": as_utf8_read_as_latin_1,
}
