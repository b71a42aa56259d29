"""The rules of registration as plain values: read from the shipped files, or from the table where loaded.

Every list has editions; `book(kind, on)` gives the one in force on a day. A process keeps them for a
minute, since a page asks for several.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.text import nfc
from marketplace.registration.models import RuleBook

DATA = Path(__file__).parent / "data"
FRESH_SECONDS = 60

Kind = RuleBook.Kind
NEEDS = frozenset({"always", "answer", "optional"})


class RuleFileError(Exception):
    """A file of rules cannot be read; says which file, which entry and why."""

    def __init__(self, path: Path | None, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}" if path else reason)


def _in_language(vi: str, en: str) -> str:
    return (en or vi) if (get_language() or "vi").startswith("en") else (vi or en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    code: str
    label_vi: str
    label_en: str = ""
    hint_vi: str = ""
    hint_en: str = ""
    legal_basis: str = ""
    status: str = ""

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return _in_language(self.label_vi, self.label_en)

    @property
    def hint(self) -> str:
        return _in_language(self.hint_vi, self.hint_en)

    @property
    def is_uncertain(self) -> bool:
        return self.status in (RuleBook.Status.UNDER_REVIEW, RuleBook.Status.UNVERIFIED)

    def check(self) -> None:
        """Raises ValueError where the values do not go together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Entry):
    """A part of the dossier: a form that is filled in, or files. `needed` says when: always, when
    the form's yes/no question `answer` is answered with yes, or never (optional)."""

    number: str
    kind: str
    needed: str
    form: str = ""
    answer: str = ""
    file_rule: str = ""
    most: int = 1
    #: What its files are among the result's documents, and how readers come to them.
    attachment: str = ""
    access: str = ""

    def check(self) -> None:
        if self.needed not in NEEDS or (self.needed == "answer") != bool(self.answer):
            raise ValueError(f"needed={self.needed} answer={self.answer}")
        if self.kind not in ("form", "files") or (self.kind == "form") != bool(self.form):
            raise ValueError(f"kind={self.kind} form={self.form}")

    def is_needed(self, form: Mapping[str, Any]) -> bool:
        return self.needed == "always" or (
            self.needed == "answer" and form.get(self.answer) is True
        )

    def is_asked(self, form: Mapping[str, Any]) -> bool:
        """Whether it has a place in this dossier at all."""
        return self.needed != "answer" or form.get(self.answer) is True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule(Entry):
    types: tuple[str, ...]
    most_bytes: int
    password_refused: bool
    text_layer: str
    text_share: float = 0.0
    secrecy_marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Entry):
    """A term: `amount` `unit`s from the event `start`, capped by another one, repeated `times`."""

    start: str
    amount: int
    unit: str
    cap_start: str = ""
    cap_amount: int = 0
    cap_unit: str = "days"
    rolls: bool = True
    times: int = 1
    agencies: tuple[str, ...] = ()
    warn_days: tuple[int, ...] = ()

    def check(self) -> None:
        if {self.unit, self.cap_unit} - {"days", "working_days", "months"}:
            raise ValueError(f"unit={self.unit} cap_unit={self.cap_unit}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Entry):
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern(Entry):
    number: str
    archive_number: str = ""

    def check(self) -> None:
        self.write(self.number, sequence=1, year=2026, body="X", group="1")
        self.write(self.archive_number, sequence=1, year=2026, body="X", group="1")

    @staticmethod
    def write(pattern: str, **values: Any) -> str:
        try:
            return pattern.format(**values)
        except (KeyError, IndexError) as error:
            raise ValueError(pattern) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Entry):
    opening: str = ""
    body: tuple[str, ...] = ()
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule(Entry):
    """What is owed: by which term, from which other date where its event's own day is unknown, of
    which levels, and since when it is followed up. `needs`: what a complete sheet has filled in."""

    deadline: str
    otherwise: str = ""
    counts_from: str = ""
    levels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def check(self) -> None:
        if self.counts_from:
            date.fromisoformat(self.counts_from)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.counts_from) if self.counts_from else date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderStep(Entry):
    """A step of reminding: so many days after the term (before it, where negative), at least
    `gap_days` after the step before; by notice, letter, or a letter to who stands above."""

    days: int
    via: str
    gap_days: int = 0
    wording: str = ""

    def check(self) -> None:
        if self.via not in ("notice", "letter", "head") or (self.via == "notice") == bool(
            self.wording
        ):
            raise ValueError(f"via={self.via} wording={self.wording}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Entry):
    """One field of a form: `kind` is text, sentence, long, date, money, choice, codes, yes_no, people."""

    step: str
    kind: str
    required: str = "optional"
    answer: str = ""
    scheme: str = ""
    limit: int = 300
    rows: int = 5
    count: int = 1
    past: bool = False

    def check(self) -> None:
        if self.required not in NEEDS or (self.required == "answer") != bool(self.answer):
            raise ValueError(f"required={self.required} answer={self.answer}")
        if self.kind not in FIELD_KINDS or (self.kind in ("choice", "codes")) != bool(self.scheme):
            raise ValueError(f"kind={self.kind} scheme={self.scheme}")

    def is_required(self, form: Mapping[str, Any]) -> bool:
        return self.required == "always" or (
            self.required == "answer" and form.get(self.answer) is True
        )


FIELD_KINDS = frozenset(
    {"text", "sentence", "long", "date", "money", "choice", "codes", "yes_no", "people"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepData(Entry):
    """A step of a form, in which its fields are written."""


ENTRIES: dict[str, type[Entry]] = {
    Kind.ITEMS: Item,
    Kind.FILE_RULES: FileRule,
    Kind.DEADLINES: Deadline,
    Kind.REASONS: Reason,
    Kind.NUMBERS: NumberPattern,
    Kind.LETTERS: Letter,
    Kind.DUTIES: DutyRule,
    Kind.REMINDER_STEPS: ReminderStep,
    Kind.FORM_5: Field,
    Kind.FORM_8: Field,
}


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
        return _in_language(self.label_vi, self.label_en)

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


def books() -> tuple[Book, ...]:
    """Every edition: those loaded, and those shipped of a kind nobody has loaded yet."""
    global _books
    fresh_until, found = _books
    if time.monotonic() < fresh_until:
        return found
    loaded = [
        make_book(
            {name: getattr(row, name) for name in (*_SCALARS, "status", "valid_from", "valid_to")},
            row.entries,
            row.steps,
        )
        for row in RuleBook.objects.all()
    ]
    kinds = {book.kind for book in loaded}
    found = (*loaded, *(book for book in shipped_books() if book.kind not in kinds))
    _books = (time.monotonic() + FRESH_SECONDS, found)
    return found


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


T = TypeVar("T", bound=Entry)


def _all(kind: str, entry_class: type[T], on: date | None) -> tuple[T, ...]:
    return cast("tuple[T, ...]", book(kind, on).entries)


def items(on: date | None = None) -> tuple[Item, ...]:
    return _all(Kind.ITEMS, Item, on)


def item(code: str, on: date | None = None) -> Item | None:
    return next((found for found in items(on) if found.code == code), None)


def file_rule(code: str, on: date | None = None) -> FileRule:
    return next(rule for rule in _all(Kind.FILE_RULES, FileRule, on) if rule.code == code)


def deadlines(on: date | None = None) -> tuple[Deadline, ...]:
    return _all(Kind.DEADLINES, Deadline, on)


def deadline(code: str, on: date | None = None) -> Deadline:
    return next(found for found in deadlines(on) if found.code == code)


def reasons(on: date | None = None) -> tuple[Reason, ...]:
    return _all(Kind.REASONS, Reason, on)


def number_pattern(code: str, on: date | None = None) -> NumberPattern:
    return next(found for found in _all(Kind.NUMBERS, NumberPattern, on) if found.code == code)


def letter(code: str, on: date | None = None) -> Letter:
    return next(found for found in _all(Kind.LETTERS, Letter, on) if found.code == code)


def duty_rules(on: date | None = None) -> tuple[DutyRule, ...]:
    return _all(Kind.DUTIES, DutyRule, on)


def reminder_steps(on: date | None = None) -> tuple[ReminderStep, ...]:
    """In the order in which they are taken."""
    return tuple(sorted(_all(Kind.REMINDER_STEPS, ReminderStep, on), key=lambda step: step.days))


def form_fields(form: str, on: date | None = None) -> tuple[Field, ...]:
    return _all(form, Field, on)


def form_steps(form: str, on: date | None = None) -> tuple[StepData, ...]:
    return book(form, on).steps
