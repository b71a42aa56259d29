"""Small text functions every app needs: normal form and addresses."""

import re
import secrets
import unicodedata

# No vowels and nothing that is read two ways: no accidental words, safe to read out on the phone.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_PAIRS = [one + two for two in _ALPHABET for one in _ALPHABET]
_IDS = len(_PAIRS) ** 5
#: Signs that turn the direction of what follows: they make a text look like another one.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def unturned(text: str) -> str:
    """Without signs that would turn letters around where the text is shown; names of files and people."""
    return text.translate(_TURNING)


def fold(text: str) -> str:
    """Lower case without marks; `đ` becomes `d` (it has no decomposition, so NFD alone leaves it)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def slugify(text: str, *, limit: int = 80) -> str:
    """An address part from Vietnamese text, cut at a word; Django's own drops every `đ`."""
    slug = _NOT_WORD.sub("-", fold(text)).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rpartition("-")[0] or slug[:limit]
    return slug or "x"


def new_public_id() -> str:
    """A short identifier that says nothing about how many there are (27^10, about 2^47)."""
    number, letters = secrets.randbelow(_IDS), ""
    for _place in range(5):
        number, pair = divmod(number, len(_PAIRS))
        letters += _PAIRS[pair]
    return letters
