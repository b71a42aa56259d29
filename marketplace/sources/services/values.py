"""Values of a row as JSON keeps them: to say what they were, and to set them back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from marketplace.research.models import Result, field_trail
from marketplace.sources.bulk import update_rows

#: Columns beside IMPORTED_FIELDS that what comes in may set.
HELD: Final = ("withdrawn_at", "withdrawal_reason")


def plain(row: Result, name: str) -> Any:
    value = getattr(row, _column(row, name))
    return value.isoformat() if isinstance(value, datetime) else value


def put(row: Result, name: str, value: Any) -> None:
    """Sets a column from what `plain` said, and what is derived from it."""
    if name == "withdrawn_at" and isinstance(value, str):
        value = datetime.fromisoformat(value)
    setattr(row, _column(row, name), value)
    if name == "field_codes":
        row.field_trail = field_trail(value)


def values_before(held: Result, row: Result) -> dict[str, Any]:
    """What the row said where it says something else from now on."""
    return {
        name: was
        for name in (*Result.IMPORTED_FIELDS, *HELD)
        if (was := plain(held, name)) != plain(row, name)
    }


def write_rows(rows: Iterable[Result]) -> None:
    """Writes rows that the caller holds locked, whatever each of them changed: their values and their
    risen version in one go."""
    changed = list(rows)
    for row in changed:
        row.content_version += 1
    update_rows(Result, (*Result.IMPORTED_FIELDS, *HELD, "content_version"), changed)


def _column(row: Result, name: str) -> str:
    return str(row._meta.get_field(name).attname)  # type: ignore[union-attr]
