"""What can be done with result records: registered, withdrawn, shown again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.research.models import Result, Task
from marketplace.research.registering import note_kind as note_kind
from marketplace.research.registering import record_task as record_task
from marketplace.research.registering import register_result as register_result


@transaction.atomic
def withdraw_record(record: Result | Task, *, by: Any, reason: str) -> None:
    """Takes a record off every page, the index and the matches; the row stays, and stays withdrawn
    when its record is brought in again."""
    kind = "task" if isinstance(record, Task) else "result"
    rows = type(record)._default_manager.filter(pk=record.pk, withdrawn_at=None)
    withdrawn = rows.update_content(withdrawn_at=clock.now(), withdrawal_reason=reason[:300])
    if not withdrawn:
        raise InvalidTransition(_("Bản ghi này đã được gỡ trước đó."))
    record.refresh_from_db()
    audit.record(f"{kind}.withdrawn", f"{kind}:{record.public_id}", by=by, reason=reason[:300])


def withdraw_result(result: Result, *, by: Any, reason: str) -> None:
    """`withdraw_record` of a result."""
    withdraw_record(result, by=by, reason=reason)


@transaction.atomic
def show_result_again(result: Result, *, by: Any) -> None:
    shown = Result.objects.filter(pk=result.pk, withdrawn_at__isnull=False).update_content(
        withdrawn_at=None, withdrawal_reason=""
    )
    if not shown:
        raise InvalidTransition(_("Kết quả này đang hiển thị."))
    result.refresh_from_db()
    audit.record("result.shown_again", f"result:{result.public_id}", by=by)
