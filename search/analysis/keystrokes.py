"""Words typed with the keys of Telex or VNI while no Vietnamese keyboard was on.

``xoaif`` and ``xoai2`` are "xoài", ``co6ng nghe65`` is "công nghệ". The keys are those of the two
input methods as every Vietnamese keyboard program documents them.
"""

import re
import unicodedata
from typing import Final

from search.analysis.vietnamese import is_syllable, strip_marks, tone_position

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TELEX_TONES: Final = {"s": _ACUTE, "f": _GRAVE, "r": _HOOK, "x": _TILDE, "j": _DOT}
_VNI_TONES: Final = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT}
_TELEX_HATS: Final = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_VNI_HATS: Final = {
    **dict.fromkeys(["a6"], "â"), "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư", "d9": "đ",
}  # fmt: skip
_LATE_HATS: Final = {"6": "aeo", "7": "uo", "8": "a", "9": "d"}
_VNI_WORD: Final = re.compile(r"(?=[a-z]+\d)(?:d9)?[a-z]*[aeiouy][a-z1-9]*")
_LONGEST: Final = 12


def typed_word(word: str) -> str:
    """The Vietnamese word whose keys these are, or "" where they are the keys of none."""
    word = word.lower()
    if not word.isascii() or not 2 <= len(word) <= _LONGEST:
        return ""
    return _vni(word) if _VNI_WORD.fullmatch(word) else _telex(word) if word.isalpha() else ""


def _telex(word: str) -> str:
    tone = ""
    # The tone may be typed right behind its vowel or at the end of the word.
    for place in range(len(word) - 1, 0, -1):
        rest = word[:place] + word[place + 1 :]
        if word[place] in _TELEX_TONES and _with_hats(rest, telex=True):
            word, tone = rest, _TELEX_TONES[word[place]]
            break
    letters = _with_hats(word, telex=True)
    return _toned(letters, tone) if letters and (tone or not letters.isascii()) else ""


def _vni(word: str) -> str:
    tones = [char for char in word if char in _VNI_TONES]
    if len(tones) > 1:
        return ""
    letters = _with_hats("".join(char for char in word if char not in _VNI_TONES), telex=False)
    return _toned(letters, _VNI_TONES[tones[0]] if tones else "") if letters else ""


def _with_hats(word: str, *, telex: bool) -> str:
    """The letters that the keys make, "" where they make no syllable."""
    if telex:
        word = re.sub(r"uow|uwow|wo(?=[a-z])", "ươ", word)
        for keys, letter in _TELEX_HATS.items():
            word = word.replace(keys, letter)
        # A hat typed after the rest of the word: "viete" for "viết", "dong" + "d".
        word = re.sub(r"^d(?P<rest>\w+)d$", r"đ\g<rest>", word)
        late = re.fullmatch(
            r"(?P<head>[^aeo]*)(?P<vowel>[aeo])(?P<coda>[a-z]{1,2})(?P=vowel)", word
        )
        if late:
            word = late["head"] + {"a": "â", "e": "ê", "o": "ô"}[late["vowel"]] + late["coda"]
    else:
        word = re.sub(r"u7?o7", "ươ", word)
        for keys, letter in _VNI_HATS.items():
            word = word.replace(keys, letter)
        for digit, hosts in _LATE_HATS.items():
            if digit in word:
                word = _late(word, digit, hosts)
    return word if word.isalpha() and is_syllable(strip_marks(word)) else ""


def _late(word: str, digit: str, hosts: str) -> str:
    """A hat typed behind the consonants: "cong6" for "công"."""
    if digit == "7" and "uo" in word:
        return word.replace("7", "", 1).replace("uo", "ươ", 1)
    hats = {key: letter for key, letter in _VNI_HATS.items() if key[1] == digit}
    for host in hosts:
        if host in word:
            return word.replace(digit, "", 1).replace(host, hats[f"{host}{digit}"], 1)
    return word


def _toned(letters: str, tone: str) -> str:
    place = tone_position(letters)
    if not tone or place is None:
        return letters
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
