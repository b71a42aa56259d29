"""Loading rules: what the files say is added and updated, nothing is ever deleted."""

from collections.abc import Iterable

from django.db import transaction

from marketplace.registration.models import RuleBook
from marketplace.registration.rules import Book, forget_books, shipped_books

_COPIED = (
    "kind", "label_vi", "label_en", "edition", "legal_basis", "source", "status", "valid_from",
    "valid_to", "note",
)  # fmt: skip


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
