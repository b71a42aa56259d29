"""Which language a text is in: Vietnamese, English, or not known. Cheap enough for each import."""

import re
from typing import Final, Literal

from search.analysis.english import STOP_WORDS
from search.analysis.text import compose
from search.analysis.vietnamese import MARKED_LETTERS, is_syllable

Language = Literal["vi", "en", ""]

_SAMPLE: Final = 600
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_MARKED: Final = re.compile(f"[{MARKED_LETTERS}]")
_MARKED_SHARE: Final = 0.25
_SYLLABLE_SHARE: Final = 0.75
_REMEMBERED: Final = 200_000

MARKED, SYLLABLE, FOREIGN, FUNCTIONAL = 1, 2, 4, 8


class _Evidence(dict[str, int]):
    """What one lower-case word says about the language of its text, as bits."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        bits = MARKED if _MARKED.search(word) else 0
        bits |= SYLLABLE if is_syllable(word) else FOREIGN
        if word in STOP_WORDS:
            bits |= FUNCTIONAL
        self[word] = bits
        return bits


_EVIDENCE: Final = _Evidence()


def detect_language(text: str) -> Language:
    """Language of the beginning of the text; unmarked Vietnamese counts as Vietnamese.

    Marked words decide. Without them a text is English if most of its words cannot be
    Vietnamese syllables, or a good part cannot and function words are among them.
    """
    evidence = list(map(_EVIDENCE.__getitem__, _LETTERS.findall(compose(text[:_SAMPLE]).lower())))
    words = len(evidence)
    if not words:
        return ""
    counts = {bits: evidence.count(bits) for bits in set(evidence)}
    marked = sum(count for bits, count in counts.items() if bits & MARKED)
    syllables = sum(count for bits, count in counts.items() if bits & SYLLABLE)
    functional = sum(count for bits, count in counts.items() if bits & FUNCTIONAL)
    if marked >= _MARKED_SHARE * words or syllables >= _SYLLABLE_SHARE * words:
        return "vi"
    foreign = words - syllables
    if foreign > words / 2 or (functional and foreign >= words / 4):
        return "en"
    return ""
