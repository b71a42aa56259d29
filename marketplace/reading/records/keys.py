"""Blocking: records that could be one share at least one of a handful of keys.

A key is a signed 64-bit number, the same on every machine and in every version of Python, so that
it can be kept in a row and found by an index. Each of them survives some damage: a slip of the pen
spoils one word, so a title gives several keys of different words; a lost title leaves the people and
the abstract.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from marketplace.reading.records.facts import Prepared
from marketplace.reading.records.titles import Title
from search.analysis import fold, normalize

_TITLE_SKETCH: Final = 4
_ABSTRACT_SKETCH: Final = 4
_BEGINNING: Final = 7
#: More abstract than this is not read: its beginning tells it.
_READ_WORDS: Final = 220


def blocking_keys(record: Prepared) -> frozenset[int]:
    keys: set[int] = set()
    for identifier in record.facts.identifiers:
        if identifier.key:
            keys.add(key_of("id", identifier.kind, identifier.key))
    for title in (record.title, record.title_en):
        keys |= _title_keys(title)
    keys |= _people_keys(record)
    keys |= _sketch("abstract", _abstract_words(record), run=4, size=_ABSTRACT_SKETCH)
    return frozenset(keys)


def key_of(*parts: str) -> int:
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _title_keys(title: Title) -> set[int]:
    words = title.words
    if len(words) < 3:
        return {key_of("title", title.folded)} if words else set()
    keys = {
        key_of("title", title.folded),
        key_of("begins", "".join(words[:_BEGINNING])),
    }
    return keys | _sketch("words", words, run=3, size=_TITLE_SKETCH)


def _people_keys(record: Prepared) -> set[int]:
    """Who led it, with the organisation and with the year: a name alone is many people's."""
    lead = record.lead or (record.people[0] if record.people else None)
    if lead is None or not lead.is_full:
        return set()
    keys = {key_of("lead at", lead.key, name) for name in record.organizations}
    if record.facts.year:
        keys.add(key_of("lead in", lead.key, str(record.facts.year)))
    others = sorted(name.key for name in record.people if name is not lead and name.is_full)
    keys |= {key_of("together", lead.key, other) for other in others[:3]}
    return keys


def _abstract_words(record: Prepared) -> list[str]:
    words = fold(normalize(record.facts.abstract[:3000])).split()
    return words[:_READ_WORDS] if len(words) >= 25 else []


def _sketch(kind: str, words: Iterable[str], *, run: int, size: int) -> set[int]:
    """The smallest of the hashes of all runs of words: two texts that share most of their runs
    share some of these, wherever they differ."""
    words = list(words)
    runs = {
        key_of(kind, " ".join(words[at : at + run])) for at in range(max(0, len(words) - run + 1))
    }
    return set(sorted(runs)[:size])
