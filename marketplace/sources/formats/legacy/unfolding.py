"""UTF-8 that was read as another encoding."""

import re
import unicodedata
from typing import Final

from marketplace.sources.formats.legacy.words import LETTERS
from marketplace.sources.formats.syllables import is_marked_syllable

_CP1252: Final = {
    bytes([byte]).decode("cp1252"): chr(byte)
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
TO_BYTES: Final = str.maketrans(_CP1252)
FROM_BYTES: Final = str.maketrans({value: key for key, value in _CP1252.items()})
# Two to four bytes of UTF-8, as Latin letters. The last may be a blank: `à` ends in a no-break space.
_UTF8_RUN: Final = re.compile(
    "(?:[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3})+"
)
# The cheap question first: most texts have no two such signs side by side.
_PERHAPS_UTF8: Final = re.compile(f"[\u00c2-\u00f4][\u0080-\u00bf{''.join(_CP1252)}]")
_LOST_BLANK: Final = re.compile("\u00c3 (?=[^A-Z\u0080-\u00bf]|$)")
_LOST_BLANK_INSIDE: Final = re.compile("(?<=\u00e1[\u00ba\u00bb]) ")


def from_utf8_bytes(text: str, *, is_sure: bool) -> str | None:
    """The text whose UTF-8 bytes these letters are, once or twice over; None where they are not."""
    current, is_found = text, False
    for _round in range(2):
        repaired = _unfold(current, is_sure=is_sure)
        if repaired is None:
            break
        current, is_found = repaired, True
    return current if is_found else None


def _unfold(text: str, *, is_sure: bool) -> str | None:
    if _PERHAPS_UTF8.search(text) is None:
        return None
    bytewise = text.translate(TO_BYTES)
    runs = _UTF8_RUN.findall(bytewise)
    if not runs:
        return None
    decoded = [_decoded(run) for run in runs]
    if not all(map(_is_expected, decoded)):
        return None
    bytewise = _LOST_BLANK.sub("\u00c3\u00a0", bytewise)
    bytewise = _LOST_BLANK_INSIDE.sub("\u00a0", bytewise)
    repaired = _UTF8_RUN.sub(lambda run: _decoded(run.group()), bytewise)
    # Signs that stood as themselves beside the runs go back to what they were.
    repaired = unicodedata.normalize("NFC", repaired.translate(FROM_BYTES))
    return repaired if is_sure or _became_vietnamese(repaired) else None


def _became_vietnamese(text: str) -> bool:
    """Most of its marked words are syllables; or its letters are those that a second turn unfolds."""
    marked = [word for word in LETTERS.findall(text) if not word.isascii()]
    if not marked:
        return False
    right = sum(map(is_marked_syllable, marked))
    return right * 2 >= len(marked) or _became_vietnamese_later(text)


def _became_vietnamese_later(text: str) -> bool:
    bytewise = text.translate(TO_BYTES)
    if _UTF8_RUN.search(bytewise) is None:
        return False
    twice = _UTF8_RUN.sub(lambda run: _decoded(run.group()), bytewise)
    marked = [word for word in LETTERS.findall(twice) if not word.isascii()]
    return bool(marked) and sum(map(is_marked_syllable, marked)) * 2 >= len(marked)


def _decoded(run: str) -> str:
    """The text of a run of UTF-8 bytes; "" where they are none."""
    try:
        return run.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _is_expected(decoded: str) -> bool:
    """Latin and Greek letters, marks and signs of print; `í…”` would be a sign of Korean."""
    return bool(decoded) and all(
        "\u0080" <= char <= "\u03ff" or "\u1e00" <= char <= "\u1eff" or "\u2000" <= char <= "\u22ff"
        for char in decoded
    )
