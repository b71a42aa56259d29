"""The terms of a text as a second look reads them, and as an index may keep them beside the text."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from search.analysis.tokens import plain_terms

#: Characters of a text that are read; the passage that answers seldom comes later, and reading
#: is what the second stage costs.
LONGEST_TEXT: Final = 5_000
#: Texts whose terms are remembered, some 3 KB each: needs of one field meet the same candidates.
_REMEMBERED: Final = 8_192
#: Parts the title's terms from those of the text; no term holds it, nor a space.
_END_OF_TITLE: Final = "\n"


@dataclass(frozen=True, slots=True)
class ReadText:
    """Terms in order, those of the title first."""

    terms: tuple[str, ...]
    title_length: int


class Words:
    """The words of a text as the index keeps them: to take them apart is a fraction of reading the text,
    and is done for those that are looked at."""

    __slots__ = ("_read", "_written")

    def __init__(self, written: str) -> None:
        self._written = written
        self._read: ReadText | None = None

    def read(self) -> ReadText:
        if self._read is None:
            title, _, text = self._written.partition(_END_OF_TITLE)
            named = title.split()
            self._read = ReadText((*named, *text.split()), len(named))
        return self._read


def written_words(title: str, text: str) -> str:
    """What `Words` takes apart again."""
    return " ".join(plain_terms(title)) + _END_OF_TITLE + " ".join(plain_terms(text[:LONGEST_TEXT]))


def read_text(title: str, text: str, words: Words | None = None) -> ReadText:
    """
    Args:
        title: of the text.
        text: of which the beginning is read.
        words: theirs, where the index keeps them.
    """
    return words.read() if words is not None else _read(_Content(title, text[:LONGEST_TEXT]))


class _Content:
    """A title and a text by their digest: what was read is remembered by its content, so that what
    changes in the index is read anew, and the letters themselves are let go, which are most of it."""

    __slots__ = ("_digest", "_hash", "_parts")

    def __init__(self, title: str, text: str) -> None:
        self._parts: tuple[str, str] | None = (title, text)
        said = f"{len(title)} {title}{text}".encode("utf-8", "surrogatepass")
        self._digest = hashlib.blake2b(said, digest_size=16).digest()
        self._hash = hash(self._digest)

    def taken(self) -> tuple[str, str]:
        parts, self._parts = self._parts, None
        assert parts is not None  # read once, by who remembers it
        return parts

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self._digest == other._digest


@lru_cache(maxsize=_REMEMBERED)
def _read(content: _Content) -> ReadText:
    title, text = content.taken()
    named = plain_terms(title)
    return ReadText((*named, *plain_terms(text)), len(named))
