"""Values of a row as JSON keeps them: to say what they were, and to set them back."""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from marketplace.core.text import new_public_id
from marketplace.research.models import Result, field_trail

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
    """Writes rows that the caller holds locked, whatever each of them changed: one statement for
    their values and their risen version."""
    changed = []
    for row in rows:
        # It is found by (source, id); keys of its own would only collide with themselves.
        written = copy.copy(row)
        written.pk, written.public_id = None, new_public_id()
        written.content_version = row.content_version + 1
        changed.append(written)
    Result.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["source", "source_id"],
        update_fields=[*Result.IMPORTED_FIELDS, *HELD, "content_version"],
    )


def _column(row: Result, name: str) -> str:
    return str(row._meta.get_field(name).attname)  # type: ignore[union-attr]
