"""The rules of registration as plain values: `entries` says what stands in a list, `books` reads the
editions. Every list has editions; the functions here give the entries of the one in force on a day.
"""

from datetime import date
from typing import TypeVar, cast

from marketplace.registration.rules.books import (
    DATA,
    Book,
    RuleFileError,
    book,
    book_of,
    books,
    forget_books,
    make_book,
    read_books,
    shipped_books,
)
from marketplace.registration.rules.entries import (
    ENTRIES,
    FIELD_KINDS,
    NEEDS,
    Deadline,
    DutyRule,
    Entry,
    Field,
    FileRule,
    Item,
    Kind,
    Letter,
    NumberPattern,
    Reason,
    ReminderStep,
    StepData,
)
from marketplace.research.extras import ExtraField, extra_fields
from marketplace.research.models import Register

__all__ = [
    "DATA",
    "ENTRIES",
    "EXTRA_STEP",
    "FIELD_KINDS",
    "NEEDS",
    "Book",
    "Deadline",
    "DutyRule",
    "Entry",
    "Field",
    "FileRule",
    "Item",
    "Kind",
    "Letter",
    "NumberPattern",
    "Reason",
    "ReminderStep",
    "RuleFileError",
    "StepData",
    "added_fields",
    "book",
    "book_of",
    "books",
    "deadline",
    "deadlines",
    "duty_rules",
    "file_rule",
    "forget_books",
    "form_fields",
    "form_steps",
    "item",
    "items",
    "letter",
    "make_book",
    "number_pattern",
    "read_books",
    "reasons",
    "reminder_steps",
    "shipped_books",
]

#: Fields that were added to the register's form have a step of their own after those of form 5.
EXTRA_STEP = "truong-them"
_KINDS_OF_EXTRAS = {
    "text": "text", "long_text": "long", "number": "number", "money": "money", "date": "date",
    "code": "choice", "choice": "choice", "flag": "yes_no",
}  # fmt: skip

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
    """The fields of a form; to form 5 belong those that staff added to the register's own form."""
    own = _all(form, Field, on)
    if form != Kind.FORM_5:
        return own
    known = {field.code for field in own}
    added = added_fields(Register.RESULT, on)
    return (*own, *(field for field in added if field.code not in known))


def added_fields(register: str, on: date | None = None) -> tuple[Field, ...]:
    """Fields that staff added to a register's form, as a form asks for them."""
    return tuple(_extra_field(extra) for extra in extra_fields(register, on))


def form_steps(form: str, on: date | None = None) -> tuple[StepData, ...]:
    own = book(form, on).steps
    if form != Kind.FORM_5 or not any(f.step == EXTRA_STEP for f in form_fields(form, on)):
        return own
    added = StepData(code=EXTRA_STEP, label_vi="Thông tin thêm", label_en="Further facts")
    return (*own, added)


def _extra_field(extra: ExtraField) -> Field:
    return Field(
        code=extra.code,
        label_vi=extra.label_vi,
        label_en=extra.label_en,
        step=EXTRA_STEP,
        kind=_KINDS_OF_EXTRAS[extra.type],
        required="always" if extra.is_required else "optional",
        scheme=extra.vocabulary,
        limit=3000 if extra.type == "long_text" else 300,
    )
