"""Rules: loaded from files, and kept by leads, edition by edition. Nothing is ever deleted."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.registration import rules
from marketplace.registration.models import RuleBook
from marketplace.registration.rules import (
    Book,
    Field,
    Item,
    RuleFileError,
    forget_books,
    shipped_books,
)
from marketplace.taxonomy.choices import table

Kind = RuleBook.Kind
_COPIED = (
    "kind", "label_vi", "label_en", "edition", "legal_basis", "source", "status", "valid_from",
    "valid_to", "note",
)  # fmt: skip
#: Of these every shipped entry is asked for by its code somewhere.
_ASKED_FOR: Final = frozenset(
    {Kind.FILE_RULES, Kind.DEADLINES, Kind.NUMBERS, Kind.LETTERS, Kind.DUTIES}
)
#: Fields of form 5 that clocks, queues and the register take their values from.
_FIELDS_ASKED_FOR: Final = frozenset(
    {"title", "level", "agency", "leader", "members", "accepted_on", "field_codes", "abstract",
     "keywords", "ip_filed", "ip_filed_on", "has_process", "restricted", "restricted_until"}
)  # fmt: skip


class WrongRule(DomainError):
    """The edition would not hold together: the message says which entry and why."""


@transaction.atomic
def load_rule_books(books: Iterable[Book] | None = None) -> int:
    """Brings the table to what the files say; returns how many editions were added or changed.

    Without `books` it is what came with the exchange, which leaves alone what was loaded from elsewhere.
    """
    is_shipped = books is None
    known = {row.code: row for row in RuleBook.objects.select_for_update()}
    changed = 0
    for book in shipped_books() if books is None else books:
        row = known.get(book.code) or RuleBook(code=book.code)
        if row.pk and is_shipped and not row.is_shipped:
            continue
        values = {name: getattr(book, name) for name in _COPIED} | {
            "entries": list(book.raw_entries),
            "steps": list(book.raw_steps),
            "is_shipped": is_shipped,
        }
        if row.pk and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        changed += 1
    transaction.on_commit(forget_books)
    return changed


@transaction.atomic
def save_edition(row: RuleBook, *, by: User) -> RuleBook:
    """Writes what the form says of an edition; its entries are not touched.

    From now on the files that come with the exchange leave it alone.

    Raises:
        ValidationError: a value does not fit.
    """
    held = _locked(row)
    row.entries, row.steps, row.kind, row.is_shipped = held.entries, held.steps, held.kind, False
    row.full_clean()
    _save(row, by=by, action="rules.edition_changed")
    return row


@transaction.atomic
def start_edition(row: RuleBook, *, code: str, valid_from: date, by: User) -> RuleBook:
    """A further edition, begun from what this one says; this one ends the day before.

    It stands under review until somebody has compared it with the text.

    Raises:
        WrongRule: it would begin before this one, or its code is taken.
    """
    held = _locked(row)
    if held.valid_from is not None and valid_from <= held.valid_from:
        raise WrongRule(_("Ấn bản mới phải có hiệu lực sau ấn bản này."))
    if RuleBook.objects.filter(code=code).exists():
        raise WrongRule(_("Đã có ấn bản mang mã này."))
    values = {name: getattr(held, name) for name in _COPIED}
    new = RuleBook(**values, code=code, entries=list(held.entries), steps=list(held.steps))
    new.valid_from, new.valid_to, new.edition = valid_from, None, str(valid_from.year)
    new.status, new.is_shipped = RuleBook.Status.UNDER_REVIEW, False
    new.full_clean()
    last_day = valid_from - timedelta(days=1)
    if held.valid_to is None or held.valid_to > last_day:
        held.valid_to, held.is_shipped = last_day, False
        held.save(update_fields=["valid_to", "is_shipped"])
    _save(new, by=by, action="rules.edition_started", after=held.code)
    return new


@transaction.atomic
def save_entry(row: RuleBook, *, values: Mapping[str, Any], by: User, code: str = "") -> RuleBook:
    """Changes the entry `code` of an edition, or adds one where no code is given.

    Raises:
        WrongRule: the values do not go together, or something asks for the entry under its code.
    """
    held = _locked(row)
    entries = [dict(entry) for entry in held.entries]
    entry = {name: value for name, value in values.items() if value not in ("", None, [])}
    if code:
        at = _place(entries, code)
        if code in must_stay(held.kind) and entry.get("code") != code:
            raise WrongRule(_("Mã này được nhắc ở nơi khác, không đổi được."))
        entries[at] = entry
    else:
        entries.append(entry)
    held.entries = entries
    _check(held)
    _save(held, by=by, action="rules.entry_saved", entry=str(entry.get("code", "")))
    return held


@transaction.atomic
def remove_entry(row: RuleBook, *, code: str, by: User) -> RuleBook:
    """Takes an entry out of an edition that is not asked for by its code."""
    held = _locked(row)
    entries = list(held.entries)
    at = _place(entries, code)
    if code in must_stay(held.kind):
        raise WrongRule(_("Mục này được nhắc ở nơi khác, không bỏ được."))
    del entries[at]
    held.entries = entries
    _check(held)
    _save(held, by=by, action="rules.entry_removed", entry=code)
    return held


@transaction.atomic
def move_entry(row: RuleBook, *, code: str, up: bool, by: User) -> RuleBook:
    """Changes places with the entry before or after it."""
    held = _locked(row)
    entries = list(held.entries)
    at = _place(entries, code)
    other = at - 1 if up else at + 1
    if 0 <= other < len(entries):
        entries[at], entries[other] = entries[other], entries[at]
        held.entries = entries
        _save(held, by=by, action="rules.entry_moved", entry=code)
    return held


def must_stay(kind: str) -> frozenset[str]:
    """Codes that the exchange asks for in every edition of a list."""
    if kind in _ASKED_FOR:
        return frozenset(
            entry.code for book in shipped_books() if book.kind == kind for entry in book.entries
        )
    if kind == Kind.FORM_5:
        return _FIELDS_ASKED_FOR
    return frozenset({"form-5"}) if kind == Kind.ITEMS else frozenset()


def _place(entries: list[Any], code: str) -> int:
    for at, entry in enumerate(entries):
        if entry.get("code") == code:
            return at
    raise WrongRule(_("Không còn mục này."))


def _check(row: RuleBook) -> None:
    """Every entry by its own rules, and what it points to."""
    try:
        book = rules.book_of(row)
    except RuleFileError as error:
        raise WrongRule(str(error)) from error
    on = row.valid_from
    for entry in book.entries:
        if isinstance(entry, Item):
            _check_item(entry, on)
        elif isinstance(entry, Field):
            _check_field(entry, book)


def _check_item(item: Item, on: date | None) -> None:
    if item.kind == "form" and item.form not in (Kind.FORM_5, Kind.FORM_8):
        raise WrongRule(_("%(code)s: không có biểu mẫu này.") % {"code": item.code})
    known = {rule.code for rule in rules.book(Kind.FILE_RULES, on).entries}
    if item.kind == "files" and item.file_rule not in known:
        raise WrongRule(_("%(code)s: không có yêu cầu với tệp mang mã này.") % {"code": item.code})


def _check_field(field: Field, book: Book) -> None:
    if field.step not in {step.code for step in book.steps}:
        raise WrongRule(_("%(code)s: không có bước này.") % {"code": field.code})
    answers = {entry.code for entry in book.entries if getattr(entry, "kind", "") == "yes_no"}
    if field.answer and field.answer not in answers:
        raise WrongRule(_("%(code)s: không có câu hỏi có/không này.") % {"code": field.code})
    if field.scheme and not _is_scheme(field.scheme):
        raise WrongRule(_("%(code)s: không có bảng mã này.") % {"code": field.code})


def _is_scheme(name: str) -> bool:
    try:
        return bool(table(name))
    except KeyError:
        return False


def _locked(row: RuleBook) -> RuleBook:
    return RuleBook.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _save(row: RuleBook, *, by: User, action: str, **data: Any) -> None:
    row.is_shipped = False
    row.save()
    audit.record(action, f"rule_book:{row.code}", by=by, **data)
    transaction.on_commit(forget_books)
