"""Lifecycles as data: a table of allowed transitions, taken under a row lock."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import audit
from marketplace.core.errors import InvalidTransition

Table = Mapping[str, frozenset[str]]


@transaction.atomic
def transition(
    row: models.Model, to: str, *, table: Table, by: Any, field: str = "state", reason: str = ""
) -> None:
    """Moves `row` to state `to`, or raises InvalidTransition where somebody was first.

    The condition is in the UPDATE itself: SQLite ignores row locks, and this holds on both sizes.
    """
    model = type(row)
    current = model._base_manager.select_for_update(of=("self",)).filter(pk=row.pk)
    before = current.values_list(field, flat=True).first()
    moved = (
        to in table.get(before, frozenset())
        and model._base_manager.filter(pk=row.pk, **{field: before}).update(**{field: to})
    )
    if not moved:
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    setattr(row, field, to)
    subject = f"{model._meta.label_lower}:{getattr(row, 'public_id', row.pk)}"
    audit.record(f"{field}.{to}", subject, by=by, before=before, reason=reason)
