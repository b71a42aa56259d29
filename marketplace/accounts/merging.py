"""What hangs on an organisation and goes with it when it is merged, and comes back when that is undone.

Every app says in its `ready()` what of it points to organisations; a test holds each foreign key to that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise

from marketplace.core.models import Versioned

#: `(duplicate, survivor)` → plain data, all that `take_back` needs.
Move = Callable[[int, int], Any]
TakeBack = Callable[[Any, int, int], None]
#: How many rows of an organisation there are.
Count = Callable[[int], int]
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class OrganizationPart:
    name: str
    label: str | Promise
    count: Count
    move: Move
    take_back: TakeBack


_parts: dict[str, OrganizationPart] = {}
#: Columns that a stage writes anew from rows that move: label of the model and field.
_derived: set[str] = set()
#: Columns of what was agreed with one organisation in particular.
_staying: set[str] = set()


def register_part(part: OrganizationPart) -> None:
    """Raises ValueError where the name is taken: one would silently replace the other."""
    if _parts.get(part.name, part) != part:
        raise ValueError(f"{part.name} is registered already")
    _parts[part.name] = part


def register_organization_rows(
    *rows: type[models.Model] | tuple[type[models.Model], str],
) -> None:
    """Rows that point to an organisation, by `organization` or the column named beside the model.

    They are pointed to the survivor, but for those that it has already, which stay with the hidden
    duplicate.
    """
    for row in rows:
        model, column = row if isinstance(row, tuple) else (row, "organization")
        register_part(_part_of(model, column))


def register_derived(*columns: str) -> None:
    """Columns (`app.Model.field`) that follow by themselves, since their stage finds the moved rows."""
    _derived.update(columns)


def register_staying(*columns: str) -> None:
    """Consents and secrets (`app.Model.field`) that nobody gave to the other organisation: they rest with
    the hidden duplicate, and hold again when the merge is undone."""
    _staying.update(columns)


def parts() -> list[OrganizationPart]:
    return [part for _name, part in sorted(_parts.items())]


def part(name: str) -> OrganizationPart | None:
    return _parts.get(name)


def known_columns() -> set[str]:
    return _parts.keys() | _derived | _staying


def _part_of(model: type[models.Model], column: str) -> OrganizationPart:
    rows = model._base_manager

    def point(keys: list[int], before: int, to: int) -> None:
        """Raises IntegrityError where the organisation has one of them already."""
        for start in range(0, len(keys), _CHUNK):
            found = rows.filter(pk__in=keys[start : start + _CHUNK], **{column: before})
            changes: dict[str, Any] = {column: to}
            if issubclass(model, Versioned) and not model.is_bookkeeping([column]):
                # Readers, the index and matching follow; the base manager would not say so.
                changes["content_version"] = models.F("content_version") + 1
            found.update(**changes)

    def move(duplicate: int, survivor: int) -> list[int]:
        keys = list(rows.filter(**{column: duplicate}).order_by("pk").values_list("pk", flat=True))
        try:
            with transaction.atomic():
                point(keys, duplicate, survivor)
        except IntegrityError:
            return [key for key in keys if _pointed(point, key, duplicate, survivor)]
        return keys

    def take_back(moved: list[int], duplicate: int, survivor: int) -> None:
        point(moved, survivor, duplicate)

    return OrganizationPart(
        name=f"{model._meta.label}.{column}",
        label=model._meta.verbose_name_plural or model.__name__,
        count=lambda pk: rows.filter(**{column: pk}).count(),
        move=move,
        take_back=take_back,
    )


def _pointed(point: Callable[[list[int], int, int], None], key: int, before: int, to: int) -> bool:
    try:
        with transaction.atomic():
            point([key], before, to)
    except IntegrityError:
        return False
    return True
