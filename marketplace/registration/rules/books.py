"""The editions of the lists: read from the shipped files, or from the table where loaded.

A process keeps them for a minute, since a page asks for several.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.text import nfc
from marketplace.registration.models import RuleBook
from marketplace.registration.rules.entries import ENTRIES, Entry, StepData, in_language
from marketplace.research.extras import forget_extra_fields

DATA = Path(__file__).parent.parent / "data"
FRESH_SECONDS = 60


class RuleFileError(Exception):
    """A file of rules cannot be read; says which file, which entry and why."""

    def __init__(self, path: Path | None, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}" if path else reason)


@dataclass(frozen=True, slots=True)
class Book:
    """One edition of one list."""

    code: str
    kind: str
    label_vi: str
    label_en: str
    edition: str
    legal_basis: str
    source: str
    status: str
    valid_from: date | None
    valid_to: date | None
    note: str
    entries: tuple[Entry, ...] = field(default=())
    steps: tuple[StepData, ...] = field(default=())
    raw_entries: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    raw_steps: tuple[dict[str, Any], ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        return in_language(self.label_vi, self.label_en)

    @property
    def status_label(self) -> str:
        return str(RuleBook.Status(self.status).label)

    @property
    def is_uncertain(self) -> bool:
        return self.status in (RuleBook.Status.UNDER_REVIEW, RuleBook.Status.UNVERIFIED)

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def find(self, code: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.code == code), None)


_SCALARS = ("code", "kind", "label_vi", "label_en", "edition", "legal_basis", "source", "note")


def read_books(path: Path) -> list[Book]:
    """The editions of a file, every entry checked.

    Raises:
        RuleFileError: it is no JSON, or an entry lacks a value or has one that nobody knows.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RuleFileError(path, str(error)) from error
    if not isinstance(data, list):
        raise RuleFileError(path, _("cần một danh sách các ấn bản"))
    return [_book(path, item) for item in data]


def _book(path: Path, data: Any) -> Book:
    try:
        texts = {name: nfc(str(data.get(name) or "")) for name in _SCALARS}
        kind, status = RuleBook.Kind(texts["kind"]), RuleBook.Status(data["status"])
        first, last = (_day(data.get(name)) for name in ("valid_from", "valid_to"))
        steps, entries = data.get("steps") or [], data["entries"]
    except (AttributeError, KeyError, ValueError) as error:
        raise RuleFileError(path, _("ấn bản thiếu hoặc sai: %(what)s") % {"what": error}) from error
    return make_book(
        texts | {"kind": kind, "status": status, "valid_from": first, "valid_to": last},
        entries,
        steps,
        path=path,
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def make_book(
    values: Mapping[str, Any], entries: Any, steps: Any = (), *, path: Path | None = None
) -> Book:
    entry_class = ENTRIES[values["kind"]]
    made = tuple(_entry(path, entry_class, item) for item in entries)
    if len({entry.code for entry in made}) != len(made):
        raise RuleFileError(path, _("%(code)s: một mã có hai lần") % {"code": values["code"]})
    return Book(
        **{name: values[name] for name in (*_SCALARS, "status", "valid_from", "valid_to")},
        entries=made,
        steps=tuple(cast(StepData, _entry(path, StepData, item)) for item in steps),
        raw_entries=tuple(entries),
        raw_steps=tuple(steps),
    )


def _entry(path: Path | None, entry_class: type[Entry], data: Mapping[str, Any]) -> Entry:
    known = {f.name for f in fields(entry_class)}
    code = data.get("code", "?") if isinstance(data, Mapping) else "?"
    if not isinstance(data, Mapping) or (unknown := set(data) - known):
        raise RuleFileError(
            path, _("%(code)s: không biết %(names)s") % {"code": code, "names": sorted(unknown)}
        )
    values: dict[str, Any] = {
        name: tuple(value)
        if isinstance(value, list)
        else nfc(value)
        if isinstance(value, str)
        else value
        for name, value in data.items()
    }
    try:
        made = entry_class(**values)
        made.check()
    except (TypeError, ValueError) as error:
        raise RuleFileError(path, f"{code}: {error}") from error
    return made


@lru_cache(maxsize=1)
def shipped_books() -> tuple[Book, ...]:
    found = tuple(book for path in sorted(DATA.glob("*.json")) for book in read_books(path))
    if len({book.code for book in found}) != len(found):
        raise RuleFileError(None, "two editions have one code")
    return found


_books: tuple[float, tuple[Book, ...]] = (0.0, ())


def forget_books() -> None:
    global _books
    _books = (0.0, ())
    forget_extra_fields()


def books() -> tuple[Book, ...]:
    """Every edition: those loaded, and those shipped of a kind nobody has loaded yet."""
    global _books
    fresh_until, found = _books
    if time.monotonic() < fresh_until:
        return found
    loaded = [book_of(row) for row in RuleBook.objects.all()]
    kinds = {book.kind for book in loaded}
    found = (*loaded, *(book for book in shipped_books() if book.kind not in kinds))
    _books = (time.monotonic() + FRESH_SECONDS, found)
    return found


def book_of(row: RuleBook) -> Book:
    """The edition that a row of the table holds; raises RuleFileError."""
    values = {name: getattr(row, name) for name in (*_SCALARS, "status", "valid_from", "valid_to")}
    return make_book(values, row.entries, row.steps)


def book(kind: str, on: date | None = None) -> Book:
    """The edition of a list in force on a day; before the first one, the first; after the last, it."""
    day = on or clock.today()
    editions = sorted(
        (book for book in books() if book.kind == kind), key=lambda b: b.valid_from or date.min
    )
    if not editions:
        raise KeyError(kind)
    valid = [edition for edition in editions if edition.is_valid_on(day)]
    if valid:
        return valid[-1]
    past = [edition for edition in editions if edition.valid_from and edition.valid_from <= day]
    return past[-1] if past else editions[0]
