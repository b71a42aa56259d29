"""What stands in the lists of rules: the kinds of entry, each of which checks itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from marketplace.registration.models import RuleBook

Kind = RuleBook.Kind
NEEDS = frozenset({"always", "answer", "optional"})


def in_language(vi: str, en: str) -> str:
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
        return in_language(self.label_vi, self.label_en)

    @property
    def hint(self) -> str:
        return in_language(self.hint_vi, self.hint_en)

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
    which levels and kinds of tasks, and since when it is followed up. `needs`: what a complete sheet
    has filled in."""

    deadline: str
    otherwise: str = ""
    counts_from: str = ""
    levels: tuple[str, ...] = ()
    #: Codes of "task-kinds"; none: tasks of every kind.
    task_kinds: tuple[str, ...] = ()
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
    """One field of a form: `kind` is one of FIELD_KINDS."""

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
    {"text", "sentence", "long", "number", "date", "money", "choice", "codes", "yes_no", "people"}
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
