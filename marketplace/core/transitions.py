"""Lifecycles as data: a table of allowed transitions, taken under a row lock."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from marketplace.core import audit
from marketplace.core.errors import InvalidTransition
from marketplace.core.models import Versioned

Table = Mapping[str, frozenset[str]]


@transaction.atomic
def transition(
    row: models.Model,
    to: str,
    *,
    table: Table,
    by: Any,
    field: str = "state",
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> None:
    """Moves `row` to state `to`, or raises InvalidTransition where somebody was first.

    The condition is in the UPDATE itself: SQLite ignores row locks, and this holds on both sizes.
    The state of a staged row is content: its version rises with it. `reason` is a code or words on
    the matter, never on a person: the line it enters is sealed. `also` is written in the same UPDATE, for
    what a constraint binds to the new state.
    """
    rows = type(row)._base_manager.filter(pk=row.pk)
    # values_list() cannot be combined with a lock `of` this table.
    locked = rows.select_for_update(of=("self",)).only(field).first()
    before = getattr(locked, field, "")
    changes: dict[str, Any] = {field: to, **(also or {})}
    if isinstance(row, Versioned) and not row.is_bookkeeping(changes):
        changes["content_version"] = F("content_version") + 1
    allowed = to in table.get(before, frozenset())
    if not allowed or not rows.filter(**{field: before}).update(**changes):
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    row.refresh_from_db(fields=list(changes))
    subject = f"{row._meta.label_lower}:{getattr(row, 'public_id', row.pk)}"
    audit.record(f"{field}.{to}", subject, by=by, before=before, reason=reason)
