"""What staff change of the registers' rows: whether they are public, their files, reports on their use.

Values that sources bring are corrected by `marketplace.sources.services.correct_field`, which keeps where
they are from. Nothing here deletes: what is taken out can be put back.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.uploads import CheckedFile
from marketplace.research.models import (
    Access,
    Application,
    Attachment,
    AttachmentKind,
    PublicationState,
    Result,
    Task,
)
from marketplace.research.uses import count_uses, hold_results

#: What staff may correct of a report on the use of a result.
APPLICATION_FIELDS: Final = (
    "organization_name", "place", "province_code", "scale", "form_of_use", "economic_effect",
    "income", "note", "reported_on",
)  # fmt: skip


class NotKept(DomainError):
    """A value does not fit, or a reason is missing."""


@transaction.atomic
def change_publication(
    result: Result, *, state: str, reason: str, by: Any, until: date | None = None
) -> None:
    """Publishes a result, holds it back until a day, or keeps it unpublished.

    Raises:
        NotKept: a restriction without a day from today on, or no reason.
        InvalidTransition: it is so already.
    """
    reason = _reason(reason)
    state = PublicationState(state)
    today = clock.today()
    if state == PublicationState.RESTRICTED and (until is None or until < today):
        raise NotKept(_("Hạn chế công bố cần ngày cuối, từ hôm nay trở đi."))
    row = Result.objects.select_for_update(of=("self",)).get(pk=result.pk)
    until = until if state == PublicationState.RESTRICTED else None
    if (row.publication_state, row.restricted_until) == (state, until):
        raise InvalidTransition(_("Kết quả này đang ở tình trạng đó."))
    published_on = (row.published_on or today) if state == PublicationState.PUBLISHED else None
    Result.objects.filter(pk=row.pk).update_content(
        publication_state=state, restricted_until=until, published_on=published_on
    )
    audit.record(
        "result.publication_changed",
        f"result:{row.public_id}",
        by=by,
        before=row.publication_state,
        after=state,
        until=until.isoformat() if until else "",
        reason=reason,
    )
    result.refresh_from_db()
    _kick()


@transaction.atomic
def show_task_again(task: Task, *, by: Any) -> None:
    shown = Task.objects.filter(pk=task.pk, withdrawn_at__isnull=False).update_content(
        withdrawn_at=None, withdrawal_reason=""
    )
    if not shown:
        raise InvalidTransition(_("Nhiệm vụ này đang hiển thị."))
    audit.record("task.shown_again", f"task:{task.public_id}", by=by)
    _kick()


# --- files --------------------------------------------------------------------------------------


def add_attachment(
    record: Result | Task,
    *,
    checked: CheckedFile,
    pages: int | None,
    kind: str,
    title: str,
    access: str,
    by: Any,
) -> Attachment:
    """Keeps a checked file with a record; the same file of the record again is the one there is."""
    checked.content.seek(0)
    digest = hashlib.sha256(checked.content.read()).hexdigest()
    checked.content.seek(0)
    of = {"result": record} if isinstance(record, Result) else {"task": record}
    if same := Attachment.objects.standing().filter(sha256=digest, **of).first():
        return same
    row = Attachment(
        **of,
        kind=AttachmentKind(kind),
        title=_titled(title, checked.display_name),
        file_name=checked.display_name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=digest,
        pages=pages,
        access=Access(access),
    )
    # The storage may be elsewhere: the file goes there before the transaction, the row within it.
    row.file.save(str(checked.content.name), checked.content, save=False)
    try:
        with transaction.atomic():
            row.position = Attachment.objects.filter(**of).count()
            row.save()
            audit.record("attachment.added", f"attachment:{row.public_id}", by=by, access=access)
    except BaseException:
        row.file.storage.delete(str(row.file.name))
        raise
    return row


@transaction.atomic
def change_attachment(
    attachment: Attachment, *, kind: str, title: str, access: str, by: Any
) -> Attachment:
    """Says of which kind a file is, what it is called and how readers come to it."""
    row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    before = row.access
    row.kind, row.access = AttachmentKind(kind), Access(access)
    row.title = _titled(title, row.file_name)
    row.save(update_fields=["kind", "title", "access"])
    audit.record(
        "attachment.changed", f"attachment:{row.public_id}", by=by, before=before, access=access
    )
    return row


def withdraw_attachment(attachment: Attachment, *, by: Any, reason: str) -> None:
    """Takes a file off the pages; nobody but staff reads it any more. The file stays stored."""
    _take_out(attachment, "attachment", attachment.public_id, by=by, reason=reason)


def show_attachment_again(attachment: Attachment, *, by: Any) -> None:
    _put_back(attachment, "attachment", attachment.public_id, by=by)


# --- reports on the use of results --------------------------------------------------------------


@transaction.atomic
def correct_application(
    application: Application, *, values: Mapping[str, Any], reason: str, by: Any
) -> Application:
    """Corrects what a unit reported on the use of a result, with the reason.

    Raises:
        NotKept: a value does not fit, nothing changes, or there is no reason.
    """
    if unknown := set(values) - set(APPLICATION_FIELDS):
        raise TypeError(f"no field of an application: {sorted(unknown)}")
    reason = _reason(reason)
    hold_results([application.result_id])
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        raise NotKept(_("Giá trị không thay đổi."))
    for name in changed:
        setattr(row, name, values[name])
    try:
        row.full_clean()
    except ValidationError as error:
        raise NotKept(" ".join(error.messages)) from error
    row.save(update_fields=changed)
    # The page and the index of the result tell of its uses.
    Result.objects.filter(applications=row).update_content()
    _kick()
    audit.record(
        "application.corrected", f"application:{row.pk}", by=by, fields=changed, reason=reason
    )
    return row


@transaction.atomic
def withdraw_application(application: Application, *, by: Any, reason: str) -> None:
    """Takes a report out: it counts no more, and its year is owed again."""
    hold_results([application.result_id])
    _take_out(application, "application", application.pk, by=by, reason=reason)
    count_uses([application.result_id])
    _kick()


@transaction.atomic
def show_application_again(application: Application, *, by: Any) -> None:
    hold_results([application.result_id])
    _put_back(application, "application", application.pk, by=by)
    count_uses([application.result_id])
    _kick()


@transaction.atomic
def _take_out(row: Any, name: str, key: Any, *, by: Any, reason: str) -> None:
    reason = _reason(reason)
    taken = type(row).objects.filter(pk=row.pk, withdrawn_at=None)
    if not taken.update(withdrawn_at=clock.now(), withdrawal_reason=reason):
        raise InvalidTransition(_("Mục này đã được gỡ trước đó."))
    row.refresh_from_db()
    audit.record(f"{name}.withdrawn", f"{name}:{key}", by=by, reason=reason)


@transaction.atomic
def _put_back(row: Any, name: str, key: Any, *, by: Any) -> None:
    back = type(row).objects.filter(pk=row.pk, withdrawn_at__isnull=False)
    if not back.update(withdrawn_at=None, withdrawal_reason=""):
        raise InvalidTransition(_("Mục này đang hiển thị."))
    row.refresh_from_db()
    audit.record(f"{name}.shown_again", f"{name}:{key}", by=by)


def _titled(title: str, file_name: str) -> str:
    return " ".join(title.split())[:300] or file_name[:300]


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:300]
    if not reason:
        raise NotKept(_("Hãy ghi lý do."))
    return reason


def _kick() -> None:
    for name in ("search.sync", "research.browse"):
        kick(name)
