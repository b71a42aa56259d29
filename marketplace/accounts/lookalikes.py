"""Letters of another alphabet that pass for Latin ones: a name with them is somebody else's in disguise."""

import re
import unicodedata

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import fold

#: Scripts in which foreign names are written beside Latin letters, and which look like none of them.
_APART = (
    "CJK",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "IDEOGRAPHIC",
    "BOPOMOFO",
    "THAI",
    "LAO",
    "KHMER",
)
#: Letters of Cyrillic and Greek in lower case, and the Latin letter each passes for.
_LOOKS_LIKE = str.maketrans(
    "асԁеһіјӏорԛѕтвмнкухԝᴠɑοαρνικτυχη",
    "acdehijlopqstbmhkyxwvaoapviktuxn",
)
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[01|]")
_PHONETIC = range(0x0250, 0x02B0)


class LooksLikeAnother(DomainError):
    """The name holds a letter that only looks like a Latin one; `letter` says which."""

    def __init__(self, letter: str) -> None:
        name = unicodedata.name(letter, "")
        super().__init__(
            _(
                "Tên có ký tự “%(letter)s” (%(name)s) trông giống chữ Latin nhưng không phải. Hãy gõ lại bằng bàn phím tiếng Việt hoặc tiếng Anh."
            )
            % {"letter": letter, "name": name.capitalize()}
        )
        self.letter = letter


def disguised_letter(text: str) -> str:
    """The first letter that stands among Latin ones and is none; empty where there is none such.

    Invisible signs count too: two names that look the same are one name.
    """
    composed = unicodedata.normalize("NFKC", text)
    letters = [sign for sign in composed if unicodedata.category(sign)[0] == "L"]
    if not any(_is_latin(sign) for sign in letters):
        letters = []
    hidden = (sign for sign in composed if unicodedata.category(sign) == "Cf")
    strange = (sign for sign in letters if not _is_latin(sign) and not _is_apart(sign))
    return next(hidden, "") or next(strange, "")


def ensure_plain_letters(text: str) -> None:
    """Raises LooksLikeAnother where a letter is not what it seems."""
    if letter := disguised_letter(text):
        raise LooksLikeAnother(letter)


def skeleton(text: str) -> str:
    """What two texts that look the same have in common: no marks, no case, Latin for what passes for it."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")
    plain = fold(shown.translate(_LOOKS_LIKE))
    return _DIGIT_IN_WORD.sub(lambda found: "o" if found[0] == "0" else "l", plain)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN") and ord(letter) not in _PHONETIC


def _is_apart(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_APART)
