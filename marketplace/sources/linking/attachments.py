"""What hangs on a record and goes with it when it is merged, and comes back when that is undone.

Apps above say here what they keep of records; linking itself knows none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

#: `(duplicate, survivor)` → plain data, all that `take_back` needs.
Move = Callable[[int, int], Any]
TakeBack = Callable[[Any, int, int], None]


@dataclass(frozen=True, slots=True)
class Attachment:
    kind: str
    name: str
    move: Move
    take_back: TakeBack


_attachments: dict[tuple[str, str], Attachment] = {}


def register_attachment(kind: str, name: str, *, move: Move, take_back: TakeBack) -> None:
    """Raises ValueError where the name is taken: one would silently replace the other."""
    if (kind, name) in _attachments:
        raise ValueError(f"{name} of {kind} is registered already")
    _attachments[kind, name] = Attachment(kind, name, move, take_back)


def attachments_of(kind: str) -> list[Attachment]:
    return [one for (of, _name), one in sorted(_attachments.items()) if of == kind]


def attachment(kind: str, name: str) -> Attachment | None:
    return _attachments.get((kind, name))


def register_rows(
    kind: str,
    model: type[models.Model],
    field: str = "",
    *,
    only: Mapping[str, Any] | None = None,
    name: str = "",
) -> None:
    """Rows of `model` that point to a record by its primary key: they are pointed to the survivor, but
    for those that the survivor has already, which stay with the hidden duplicate.

    Args:
        kind: of the record.
        model: of the rows.
        field: the column; by default named as the kind.
        only: what else is true of the rows, where the column holds keys of other kinds too.
        name: under which a merge remembers them; by default the model's and the column's.
    """
    column, these = field or kind, dict(only or {})
    name = name or f"{model._meta.label}.{column}"

    def move(duplicate: int, survivor: int) -> list[int]:
        moved = []
        pointing = model._base_manager.filter(**these, **{column: duplicate})
        for pk in pointing.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows = model._default_manager.filter(pk=pk, **{column: duplicate})
                    if rows.update(**{column: survivor}):
                        moved.append(pk)
            except IntegrityError:
                continue
        return moved

    def take_back(moved: list[int], duplicate: int, survivor: int) -> None:
        model._default_manager.filter(pk__in=moved, **{column: survivor}).update(
            **{column: duplicate}
        )

    register_attachment(kind, name, move=move, take_back=take_back)
