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
    books,
    forget_books,
    make_book,
    read_books,
    shipped_books,
)
from marketplace.registration.rules.entries import (
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

__all__ = [
    "DATA",
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
    "book",
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
