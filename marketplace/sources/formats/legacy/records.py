"""A record repaired value by value: its clear values tell the encoding of the short ones."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.sources.formats.legacy.detection import (
    CONVERTED,
    DAMAGED,
    OK,
    Verdict,
    examine,
)
from marketplace.sources.formats.legacy.readings import READINGS, whole
from marketplace.sources.formats.legacy.words import ONLY_UNICODE


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
    verdicts = {text: examine(text) for value in texts.values() for text in _texts_in(value)}
    hint = _usual_encoding(verdicts)
    # Where nothing is hinted at, what each text is by itself is what it is.
    known = {} if hint else verdicts
    for name, value in texts.items():
        notes = _Notes(hint, known)
        repaired = notes.of(value)
        if notes.encodings:
            repair.data[name] = repaired
            repair.originals[name] = notes.first_original
            repair.encodings[name] = notes.encodings[0]
        if notes.is_damaged:
            repair.damaged.append(name)
    return repair


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


def _usual_encoding(verdicts: Mapping[str, Verdict]) -> str:
    votes: Counter[str] = Counter()
    for text, verdict in verdicts.items():
        if verdict.status == CONVERTED:
            votes[verdict.encoding] += len(text)
        elif verdict.status == OK and ONLY_UNICODE.search(text):
            votes[""] += len(text)
    return votes.most_common(1)[0][0] if votes else ""


@dataclass(slots=True)
class _Notes:
    hint: str
    #: Texts that need not be looked at again.
    known: Mapping[str, Verdict]
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
        verdict = self.known.get(value) or examine(value, hint=self.hint)
        if verdict.status == CONVERTED:
            self._note(value, verdict.encoding)
        self.is_damaged = self.is_damaged or verdict.status == DAMAGED
        return verdict.text

    def _of_list(self, values: list[Any]) -> list[Any]:
        """Words of one list are in one encoding, and all of them together tell it best."""
        texts = _texts_in(values)
        together = examine("; ".join(texts), hint=self.hint) if len(texts) > 1 else None
        if together is None or together.encoding not in READINGS:
            return [self.of(one) for one in values]
        self._note("; ".join(texts), together.encoding)
        return [_throughout(one, together.encoding) for one in values]

    def _note(self, original: str, encoding: str) -> None:
        self.first_original = self.first_original or original
        self.encodings.append(encoding)


def _throughout(value: Any, encoding: str) -> Any:
    if isinstance(value, str):
        return whole(value, encoding)
    if isinstance(value, list):
        return [_throughout(one, encoding) for one in value]
    if isinstance(value, dict):
        return {name: _throughout(one, encoding) for name, one in value.items()}
    return value
