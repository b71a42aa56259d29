"""Values of a row as JSON keeps them: to say what they were, and to set them back."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import models

from marketplace.core.bulk import update_rows
from marketplace.research.models import Sourced, field_trail
from marketplace.research.numbers import number_key

#: Columns beside IMPORTED_FIELDS that what comes in may set.
HELD: Final = ("withdrawn_at", "withdrawal_reason")
#: Field → the column that is made of it.
DERIVED: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "field_codes": ("field_trail", field_trail),
    "result_number": ("result_key", lambda number: number_key(number)[:120]),
}


def plain(row: Sourced, name: str) -> Any:
    value = getattr(row, _column(row, name))
    return value.isoformat() if isinstance(value, date) else value


def put(row: Sourced, name: str, value: Any) -> None:
    """Sets a column from what `plain` said, and what is derived from it."""
    if isinstance(value, str):
        kind = row._meta.get_field(name)
        if isinstance(kind, models.DateTimeField):
            value = datetime.fromisoformat(value)
        elif isinstance(kind, models.DateField):
            value = date.fromisoformat(value)
    setattr(row, _column(row, name), value)
    if name in DERIVED:
        column, derive = DERIVED[name]
        setattr(row, column, derive(value))


def values_before(held: Sourced, row: Sourced) -> dict[str, Any]:
    """What the row said where it says something else from now on."""
    return {
        name: was
        for name in (*row.IMPORTED_FIELDS, *HELD)
        if (was := plain(held, name)) != plain(row, name)
    }


def write_rows(rows: Iterable[Sourced]) -> None:
    """Writes rows that the caller holds locked, whatever each of them changed: their values and their
    risen version in one go. All are of one register."""
    changed = list(rows)
    for row in changed:
        row.content_version += 1
    if changed:
        model = type(changed[0])
        update_rows(model, (*model.IMPORTED_FIELDS, *HELD, "content_version"), changed)


def _column(row: Sourced, name: str) -> str:
    return str(row._meta.get_field(name).attname)  # type: ignore[union-attr]
