"""The room of a deal: kind and steps, messages, files with versions, meetings. Entry points authorize."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.uploads import CheckedFile
from marketplace.deals.kinds import DEAL_KINDS, steps_of
from marketplace.deals.models import (
    Deal,
    DealFile,
    DealFileVersion,
    DealMessage,
    DealStep,
    Meeting,
)
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked, locked_running, subject_of
from marketplace.deals.states import DealState
from marketplace.taxonomy.choices import choices

MOST_FILES: Final = 100
MOST_VERSIONS: Final = 50
LONGEST_MEETING: Final = timedelta(hours=12)


@transaction.atomic
def change_kind(deal: Deal, *, kind: str, by: User) -> None:
    """Says what kind of deal it is while the sides talk; its steps follow."""
    row = locked_running(deal)
    if kind not in dict(choices(DEAL_KINDS)):
        raise DomainError(_("Chọn một loại giao dịch trong danh sách."))
    if row.state != DealState.TALKING:
        raise InvalidTransition(_("Loại giao dịch không đổi được khi điều khoản đã thống nhất."))
    if row.kind == kind:
        return
    row.kind = kind
    row.save(update_fields=["kind"])
    deal.refresh_from_db()
    audit.record("deal.kind_changed", subject_of(row), by=by, kind=kind)


@transaction.atomic
def tick_step(deal: Deal, *, code: str, left_out: bool = False, by: User) -> DealStep:
    """A step was done, or this deal has no need of it. The same again changes nothing.

    Raises:
        DomainError: deals of this kind have no such step, or it follows from what was done.
    """
    row = locked_running(deal)
    known = {step.code: step for step in steps_of(row.kind, row.opened_on)}
    if code not in known:
        raise DomainError(_("Loại giao dịch này không có bước ấy."))
    if known[code].fact and not left_out:
        raise DomainError(_("Bước này tự đánh dấu khi việc đã xong."))
    step, made = DealStep.objects.get_or_create(
        deal=row, code=code, defaults={"is_left_out": left_out, "by": by}
    )
    if not made and step.is_left_out != left_out:
        step.is_left_out, step.by, step.at = left_out, by, clock.now()
        step.save()
    audit.record("deal.step_done", subject_of(row), by=by, step=code, left_out=left_out)
    return step


@transaction.atomic
def untick_step(deal: Deal, *, code: str, by: User) -> None:
    row = locked_running(deal)
    gone, _rows = DealStep.objects.filter(deal=row, code=code).delete()
    if gone:
        audit.record("deal.step_undone", subject_of(row), by=by, step=code)


@transaction.atomic
def write_message(deal: Deal, *, text: str, side: Organization | None, by: User) -> DealMessage:
    """A message to everybody in the deal; `side` is nobody's where staff write."""
    if not text.strip():
        raise DomainError(_("Hãy viết lời nhắn."))
    row = locked_running(deal)
    made = DealMessage.objects.create(deal=row, organization=side, author=by, text=text.strip())
    audit.record("deal.message", subject_of(row), by=by, message=made.pk)
    notices.tell_message(made, by=by)
    return made


def add_file(
    deal: Deal,
    *,
    checked: CheckedFile,
    side: Organization | None,
    by: User,
    of: DealFile | None = None,
    when_ended: bool = False,
) -> DealFileVersion:
    """Puts a checked file into the room, or a new version of one. The same content again changes nothing.

    `when_ended` is for what is said in a dispute after the deal.

    The storage may be elsewhere: the file goes there before the transaction, the row within it.

    Raises:
        DomainError: the deal has ended, or the room is full.
    """
    content = checked.content.read()
    checked.content.seek(0)
    row = DealFileVersion(
        display_name=checked.display_name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=hashlib.sha256(content).hexdigest(),
        organization=side,
        uploaded_by=by,
    )
    row.file.save(str(checked.content.name), checked.content, save=False)
    try:
        return _add_version(deal, row, of, when_ended=when_ended, by=by)
    except (DomainError, IntegrityError):
        row.file.storage.delete(str(row.file.name))
        same = DealFileVersion.objects.filter(of=of, sha256=row.sha256).first() if of else None
        if same is None:
            raise
        return same


@transaction.atomic
def _add_version(
    deal: Deal, row: DealFileVersion, of: DealFile | None, *, when_ended: bool, by: User
) -> DealFileVersion:
    room = locked(deal) if when_ended else locked_running(deal)
    if of is None and room.files.count() >= MOST_FILES:
        raise DomainError(_("Giao dịch này đã có %(most)s tệp.") % {"most": MOST_FILES})
    file = of or DealFile.objects.create(deal=room, title=row.display_name)
    before = file.versions.order_by("-number").values_list("number", flat=True).first() or 0
    if before >= MOST_VERSIONS:
        raise DomainError(_("Tệp này đã có quá nhiều phiên bản. Hãy tải lên thành tệp mới."))
    row.of, row.number = file, before + 1
    row.save()
    audit.record(
        "deal.file_added", subject_of(room), by=by, file=file.key, version=row.number,
        sha256=row.sha256,
    )  # fmt: skip
    notices.tell_both(room, "file", by=by, key=f"file:{row.key}")
    return row


@transaction.atomic
def plan_meeting(
    deal: Deal, *, title: str, starts_at: datetime, minutes: int, place: str = "", by: User
) -> Meeting:
    """A meeting of the two sides; everybody in the deal is told."""
    row = locked_running(deal)
    if not title.strip():
        raise DomainError(_("Hãy ghi nội dung buổi gặp."))
    lasts = timedelta(minutes=minutes)
    if not timedelta(0) < lasts <= LONGEST_MEETING:
        raise DomainError(_("Buổi gặp kéo dài từ 1 phút tới 12 giờ."))
    if starts_at < clock.now():
        raise DomainError(_("Chọn một giờ sau bây giờ."))
    made = Meeting.objects.create(
        deal=row,
        title=title.strip()[:200],
        starts_at=starts_at,
        ends_at=starts_at + lasts,
        place=place.strip()[:300],
        planned_by=by,
    )
    audit.record("deal.meeting_planned", subject_of(row), by=by, meeting=made.key)
    notices.tell_both(row, "meeting", by=by, key=f"meeting:{made.key}")
    return made


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User) -> None:
    row = locked_running(meeting.deal)
    standing = Meeting.objects.filter(pk=meeting.pk, cancelled_at=None)
    if not standing.update(cancelled_at=clock.now(), cancelled_by=by):
        raise InvalidTransition(_("Buổi gặp này đã được hủy."))
    meeting.refresh_from_db()
    audit.record("deal.meeting_cancelled", subject_of(row), by=by, meeting=meeting.key)
    notices.tell_both(row, "meeting_cancelled", by=by, key=f"meeting_cancelled:{meeting.key}")
