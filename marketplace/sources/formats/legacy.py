"""Vietnamese text in old encodings, found and repaired value by value, the original kept.

Three answers: `ok`, left as it is; `converted`, with the repaired text; `damaged`, where letters are
lost or the encoding cannot be told, which a person must see. The tables of TCVN3, VNI and VISCII are
viparse's; the decision is ours, since viparse judges by letter frequency, needs long text, and a table
of results has titles of five words and the units of physics in it. A repair is made only where nearly
every word that it touches becomes a Vietnamese syllable with its marks in order, and no other reading
does as well.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import log
from pathlib import Path
from typing import Any, Final

from viparse.normalize.tables import Charmap, build_charmap, convert
from viparse.normalize.tcvn3 import TCVN3
from viparse.normalize.viscii import VISCII
from viparse.normalize.vni import VNI

from marketplace.sources.formats.syllables import is_marked_syllable, is_upper_word

OK, CONVERTED, DAMAGED = "ok", "converted", "damaged"
UTF8, WINDOWS_1258 = "utf-8", "windows-1258"

_VIETNAMESE: Final = frozenset(
    unicodedata.normalize("NFC", form)
    for letter in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    for form in (letter + tone, (letter + tone).upper())
) | frozenset("đĐ")
# Letters that exist in Unicode alone: text with them is not in an encoding of single bytes.
_ONLY_UNICODE: Final = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)
_WORD: Final = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7e“”‘’–—…•]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ASCII_LETTER: Final = re.compile(r"[A-Za-z]")
# Units and signs of print. Old encodings use the same codes for letters, so these prove nothing and are
# not touched.
_UNIT: Final = re.compile(
    r"µ(?:[mlgsFAVWMLJNHS]|mol|Pa)?|[kcdmnhp]?[mglsLVAWJN][²³]|°[CFK]?|[²³±×÷§©®·Ø«»]|[A-Z]+[a-z]*[®©]"
)
_SURE_UNIT: Final = re.compile(
    r"µ(?:[mlgsFAVWMLJNHS]|mol|Pa)|(?:[kcdmn]|N)?m[²³]|°[CFK]?|(?:N|k?W|m?A|k?V|[mk]?Pa)·[msh]|m·K"
)
# Letters followed by signs that no Vietnamese word has, in text that is in Unicode: a part in another
# encoding was pasted in.
_PASTED: Final = re.compile("[A-Za-z][¡¢£¤¥¦§¨¬¯´¶¸¹º¼½¾¿ÐÑÞßåæçëîïðñöûüþÿ]")
_LOST: Final = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_LOST_WORD: Final = re.compile(r"(?<!\S)\?[^\W\d_]{1,6}(?!\S)")
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
# A marked capital behind a small letter: `trÕng` was never written so.
_CASE: Final = re.compile("[a-zà-öø-ÿ][À-ÖØ-Þ]")
# Letters of Greek, Cyrillic, Chinese …: no encoding of single bytes that we repair makes them.
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff]")
_SAMPLE: Final = 20_000

_DATA: Final = Path(__file__).with_name("data")
_GOOD_SHARE: Final = 0.9
_VIETNAMESE_SHARE: Final = 0.6
_WRONG_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    status: str
    text: str
    #: What the text was in, where it was converted; of damaged text what is known of it.
    encoding: str = ""


@dataclass(slots=True)
class Repair:
    """A record with its repaired values."""

    data: dict[str, Any]
    originals: dict[str, str] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)


def repair_record(data: Mapping[str, Any]) -> Repair:
    """Every text of a record, lists and mappings inside it too; its clear values tell the encoding of
    those that are too short to tell it alone."""
    repair = Repair(dict(data))
    texts = {name: value for name, value in data.items() if not _is_plain(value)}
    if not texts:
        return repair
    hint = _usual_encoding(texts)
    for name, value in texts.items():
        notes = _Notes(hint)
        repaired = notes.of(value)
        if notes.encodings:
            repair.data[name] = repaired
            repair.originals[name] = notes.first_original
            repair.encodings[name] = notes.encodings[0]
        if notes.is_damaged:
            repair.damaged.append(name)
    return repair


def examine(text: str, *, hint: str = "") -> Verdict:
    """What one value is; `hint` is the encoding that other values of its record are in."""
    if text.isascii():
        return Verdict(DAMAGED if _has_losses(text) else OK, text)
    if "\ufffd" in text:
        return Verdict(DAMAGED, text)
    if (unfolded := _from_utf8_bytes(text, is_sure=hint == UTF8)) is not None:
        return Verdict(CONVERTED, unfolded, UTF8)
    composed = (
        text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    )
    if _ONLY_UNICODE.search(composed):
        is_damaged = _has_losses(text) or len(_PASTED.findall(composed)) > 2
        return Verdict(DAMAGED if is_damaged else OK, text)
    if _is_clean(composed):
        return Verdict(DAMAGED if _has_losses(text) else OK, text)
    found = _best_reading(text, hint)
    if found in _READINGS:
        return Verdict(CONVERTED, _whole(text, found), found)
    is_damaged = found == _AMBIGUOUS or _has_losses(text) or _is_unknown_encoding(text)
    return Verdict(DAMAGED if is_damaged else OK, text)


# --- one record -------------------------------------------------------------------------------


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and "?" not in value
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return True


def _texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [text for one in inner for text in _texts_in(one)]


def _usual_encoding(values: Mapping[str, Any]) -> str:
    votes: Counter[str] = Counter()
    for value in values.values():
        for text in _texts_in(value):
            verdict = examine(text)
            if verdict.status == CONVERTED:
                votes[verdict.encoding] += len(text)
            elif verdict.status == OK and _ONLY_UNICODE.search(text):
                votes[""] += len(text)
    return votes.most_common(1)[0][0] if votes else ""


@dataclass(slots=True)
class _Notes:
    hint: str
    encodings: list[str] = field(default_factory=list)
    first_original: str = ""
    is_damaged: bool = False

    def of(self, value: Any) -> Any:
        if isinstance(value, list):
            return self._of_list(value)
        if isinstance(value, dict):
            return {name: self.of(one) for name, one in value.items()}
        if not isinstance(value, str) or _is_plain(value):
            return value
        verdict = examine(value, hint=self.hint)
        if verdict.status == CONVERTED:
            self._note(value, verdict.encoding)
        self.is_damaged = self.is_damaged or verdict.status == DAMAGED
        return verdict.text

    def _of_list(self, values: list[Any]) -> list[Any]:
        """Words of one list are in one encoding, and all of them together tell it best."""
        texts = _texts_in(values)
        together = examine("; ".join(texts), hint=self.hint) if len(texts) > 1 else None
        if together is None or together.encoding not in _READINGS:
            return [self.of(one) for one in values]
        self._note("; ".join(texts), together.encoding)
        return [_throughout(one, together.encoding) for one in values]

    def _note(self, original: str, encoding: str) -> None:
        self.first_original = self.first_original or original
        self.encodings.append(encoding)


def _throughout(value: Any, encoding: str) -> Any:
    if isinstance(value, str):
        return _whole(value, encoding)
    if isinstance(value, list):
        return [_throughout(one, encoding) for one in value]
    if isinstance(value, dict):
        return {name: _throughout(one, encoding) for name, one in value.items()}
    return value


# --- UTF-8 read as another encoding -----------------------------------------------------------

_CP1252: Final = {
    bytes([byte]).decode("cp1252"): chr(byte)
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_TO_BYTES: Final = str.maketrans(_CP1252)
# Two to four bytes of UTF-8, as Latin letters. The last may be a blank: `à` ends in a no-break space.
_UTF8_RUN: Final = re.compile(
    "(?:[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3})+"
)
# The cheap question first: most texts have no two such signs side by side.
_PERHAPS_UTF8: Final = re.compile(f"[\u00c2-\u00f4][\u0080-\u00bf{''.join(_CP1252)}]")
_LOST_BLANK: Final = re.compile("\u00c3 (?=[^A-Z\u0080-\u00bf]|$)")
_LOST_BLANK_INSIDE: Final = re.compile("(?<=\u00e1[\u00ba\u00bb]) ")


def _from_utf8_bytes(text: str, *, is_sure: bool) -> str | None:
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
    bytewise = text.translate(_TO_BYTES)
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
    repaired = unicodedata.normalize("NFC", repaired.translate(_FROM_BYTES))
    return repaired if is_sure or _became_vietnamese(repaired) else None


def _became_vietnamese(text: str) -> bool:
    """Most of its marked words are syllables; or its letters are those that a second turn unfolds."""
    marked = [word for word in _LETTERS.findall(text) if not word.isascii()]
    if not marked:
        return False
    right = sum(map(is_marked_syllable, marked))
    return right * 2 >= len(marked) or _became_vietnamese_later(text)


def _became_vietnamese_later(text: str) -> bool:
    bytewise = text.translate(_TO_BYTES)
    if _UTF8_RUN.search(bytewise) is None:
        return False
    twice = _UTF8_RUN.sub(lambda run: _decoded(run.group()), bytewise)
    marked = [word for word in _LETTERS.findall(twice) if not word.isascii()]
    return bool(marked) and sum(map(is_marked_syllable, marked)) * 2 >= len(marked)


_FROM_BYTES: Final = str.maketrans({value: key for key, value in _CP1252.items()})


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


# --- encodings of single bytes ----------------------------------------------------------------

# Two letters of the VNI layout that viparse has not seen in its corpus or has derived otherwise.
_VNI_MORE: Final = {"aú": "ẳ", "AÚ": "Ẳ", "î": "ỵ", "Î": "Ỵ"}


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
    words = list(_WORD.finditer(text))
    out, at = [], 0
    for number, word in enumerate(words):
        plain = word.group()
        if plain.isascii() or _SURE_UNIT.fullmatch(plain):
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
    own = "".join(_ASCII_LETTER.findall(word))
    if own and not own.isupper():
        return False
    if len(own) > 1:
        return True
    others = ["".join(_ASCII_LETTER.findall(other)) for other in beside]
    return (
        bool(others) and all(is_upper_word(other) or not other for other in others) and any(others)
    )


def _is_sign_alone(word: str, converted: str) -> bool:
    """A sign alone is a word only where Vietnamese has that word (`ở`, `ô`)."""
    if len(word) > 1 or (word.isalpha() and word not in "µªº"):
        return False
    return _usualness(converted) < _USUAL


def _as_vni(text: str) -> str:
    return _wordwise(text, lambda word: convert(word, _tables()[VNI.name]))


def _as_viscii(text: str) -> str:
    return _wordwise(text, lambda word: convert(word.translate(_TO_BYTES), _tables()[VISCII.name]))


def _as_windows_1258(text: str) -> str:
    def read(word: str) -> str:
        bytewise = word.translate(_TO_BYTES)
        if any(ord(char) > 0xFF for char in bytewise):
            return word
        decoded = bytewise.encode("latin-1").decode("cp1258", "replace")
        return unicodedata.normalize("NFC", decoded)

    return _wordwise(text, read)


def _wordwise(text: str, read: Callable[[str], str]) -> str:
    """The text with its words read anew; units, dashes and quotes stand as they are."""

    def one(found: re.Match[str]) -> str:
        word = found.group()
        if word.isascii() or _SURE_UNIT.fullmatch(word):
            return word
        converted = read(word)
        return word if _is_sign_alone(word, converted) else converted

    return _WORD.sub(one, text).translate(_FROM_BYTES)


_READINGS: Final[Mapping[str, Callable[[str], str]]] = {
    TCVN3.name: _as_tcvn3,
    VNI.name: _as_vni,
    VISCII.name: _as_viscii,
    WINDOWS_1258: _as_windows_1258,
}


def _whole(text: str, name: str) -> str:
    return unicodedata.normalize("NFC", _READINGS[name](text))


def _is_clean(text: str) -> bool:
    """Nothing in it but Vietnamese words, other plain letters, and signs that stand alone."""
    return not any(_is_suspect(word) for word in _WORD.findall(text[:_SAMPLE]))


def _is_suspect(word: str) -> bool:
    """Has signs that are no letters of Vietnamese, or letters of it in an order that no word has."""
    if word.isascii() or _UNIT.fullmatch(word) or _OTHER_SCRIPT.search(word):
        return False
    if any(ord(char) > 0x7F and not char.isalpha() for char in word) or _CASE.search(word):
        return True
    return not all(part.isascii() or is_marked_syllable(part) for part in _LETTERS.findall(word))


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    #: Share of the touched words that became Vietnamese syllables.
    good: float
    #: How usual those syllables are.
    likelihood: float


#: Two encodings read the text equally well, and a person must say which.
_AMBIGUOUS: Final = "?"
_CLOSE, _CLEAR = 0.05, 0.35
#: Logarithm of the count from which a syllable is an everyday word.
_USUAL: Final = 6.0
#: `ABC®`: no word of TCVN3, where the sign is `đ` and never ends one.
_BRAND: Final = re.compile("[A-Za-z]{3,}®")
#: They share most of their letters with Latin-1, so that two words may look right by chance.
_RARE: Final = frozenset({VISCII.name, WINDOWS_1258})


def _best_reading(text: str, hint: str) -> str:
    """The encoding under which this is Vietnamese; "" where none is, _AMBIGUOUS where several are."""
    sample = text[:_SAMPLE]
    words = [word for word in _WORD.findall(sample) if not _UNIT.fullmatch(word)]
    touched = [word for word in words if not word.isascii()]
    wrong = sum(map(_is_suspect, touched))
    if not touched or wrong < _WRONG_SHARE * len(touched):
        return ""
    if hint in _READINGS and all(_is_possible(_READINGS[hint](word)) for word in touched):
        return hint
    if not _is_enough(touched):
        return ""
    readings = [
        reading for name in _READINGS if (reading := _read_as(name, words, touched)) is not None
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
    return len(_ASCII_LETTER.findall(touched[0])) > 1


def _read_as(name: str, words: list[str], touched: list[str]) -> _Reading | None:
    read = {word: _READINGS[name](word) for word in set(touched)}
    if all(word == converted for word, converted in read.items()):
        return None
    good = sum(_is_good(read[word]) for word in touched)
    plain = [word for word in words if word.isascii() and _ASCII_LETTER.search(word)]
    vietnamese = good + sum(map(is_marked_syllable, plain))
    share = good / len(touched)
    if share < _GOOD_SHARE and not (len(touched) >= 8 and share >= 0.8):
        return None
    if vietnamese < _VIETNAMESE_SHARE * (len(touched) + len(plain)):
        return None
    usual = sum(_usualness(read[word]) for word in touched) / len(touched)
    return _Reading(name, share, usual)


@cache
def _syllable_counts() -> dict[str, float]:
    lines = (_DATA / "syllables.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {syllable: log(int(count)) for syllable, count in pairs}


def _usualness(word: str) -> float:
    """Logarithm of how often the word's syllables come in Vietnamese text; 0 for one never seen."""
    counts = _syllable_counts()
    parts = [part.lower() for part in _LETTERS.findall(word) if not part.isascii()]
    return sum(counts.get(part, 0.0) for part in parts) / max(len(parts), 1)


def _is_good(word: str) -> bool:
    parts = _LETTERS.findall(word)
    return (
        bool(parts)
        and all(part.isascii() or is_marked_syllable(part) for part in parts)
        and all(char.isalnum() or ord(char) < 0x80 for char in word)
    )


def _is_possible(word: str) -> bool:
    """Letters of Vietnamese alone (`amiăng`, `ĐKKQ`): good enough beside good proof."""
    return all(char in _VIETNAMESE or char.isascii() for char in word)


# --- losses -----------------------------------------------------------------------------------


def _has_losses(text: str) -> bool:
    """`Nghi?n c?u`: question marks where letters were. Two at least, and not in an address."""
    if "?" not in text:
        return False
    bare = _ADDRESS.sub(" ", text)
    lost = len(_LOST.findall(bare))
    return lost + len(_LOST_WORD.findall(bare)) > 1 and lost > 0


def _is_unknown_encoding(text: str) -> bool:
    """Mostly words that would be Vietnamese but for their odd letters: an encoding we do not know."""
    words = _WORD.findall(text[:_SAMPLE])
    touched = [word for word in words if not word.isascii() and not _UNIT.fullmatch(word)]
    wrong = sum(map(_is_suspect, touched))
    plain = [word for word in words if word.isascii() and _ASCII_LETTER.search(word)]
    if len(touched) < 3 or len(words) < 5 or wrong < 0.5 * len(touched):
        return False
    return len(touched) * 4 >= len(words) and (
        sum(map(is_marked_syllable, plain)) >= 0.8 * len(plain)
    )
