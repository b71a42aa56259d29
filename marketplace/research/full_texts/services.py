"""What is done with a request for a full text. Entry points authorize; here are the rules."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.core.uploads import PDF
from marketplace.research.full_texts.holders import keeper_of
from marketplace.research.full_texts.notices import (
    ASKED,
    forget_deciders,
    tell_deciders,
    tell_requester,
)
from marketplace.research.full_texts.rules import rule_on
from marketplace.research.models import (
    FULL_TEXT_TRANSITIONS,
    OPEN_STATES,
    Access,
    Attachment,
    FullTextCounter,
    FullTextEntry,
    FullTextRequest,
    FullTextState,
    HolderRole,
    TaskLevel,
    Way,
)
from marketplace.taxonomy.choices import table
from marketplace.taxonomy.clocks import add_working_days

S = FullTextState


class AskedAlready(DomainError):
    """The person has an open request for this document."""


def can_be_stamped(attachment: Attachment) -> bool:
    """Only a PDF is handed out as a copy: every page of it says to whom."""
    return bool(attachment.file) and attachment.content_type == PDF


def ways_to(attachment: Attachment) -> list[str]:
    """How the document can be read on request; none where it is open or closed."""
    if attachment.access == Access.ON_REQUEST:
        return [Way.COPY, Way.ON_SITE] if can_be_stamped(attachment) else [Way.ON_SITE]
    return [Way.ON_SITE] if attachment.access == Access.ON_SITE else []


def open_request(attachment: Attachment, user: User) -> FullTextRequest | None:
    return FullTextRequest.objects.filter(
        attachment=attachment, requester=user, state__in=OPEN_STATES
    ).first()


def holder_of(record: Any) -> tuple[HolderRole, Organization | None]:
    """Who decides: of a task of an institution the organisation that led it, where somebody there
    can answer; of all others the body that keeps the registered documents."""
    if record.level == TaskLevel.INSTITUTION and record.organization is not None:
        managers = Membership.objects.filter(
            organization=record.organization, role__in=Membership.MANAGING_ROLES
        )
        if managers.exists():
            return HolderRole.LEAD, record.organization
    return HolderRole.KEEPER, keeper_of(record)


@transaction.atomic
def ask_for_full_text(
    attachment: Attachment,
    *,
    by: User,
    organization: Organization | None,
    purpose: str,
    purpose_note: str,
    way: str,
) -> FullTextRequest:
    """Asks; the clock runs from today, in working days.

    Raises:
        AskedAlready: there is an open request of this person.
        DomainError: the document is not handed out this way, or the purpose is unknown.
    """
    if way not in ways_to(attachment):
        raise DomainError(_("Tài liệu này không cung cấp theo cách đó."))
    if purpose not in table("full-text-purposes"):
        raise DomainError(_("Chọn mục đích trong danh mục."))
    role, holder = holder_of(attachment.record)
    today = clock.today()
    try:
        with transaction.atomic():
            request = FullTextRequest.objects.create(
                year=today.year,
                sequence=_draw_number(today.year),
                attachment=attachment,
                requester=by,
                organization=organization,
                purpose=purpose,
                purpose_note=purpose_note,
                way=way,
                has_copy=can_be_stamped(attachment),
                holder_role=role,
                holder=holder,
                submitted_at=clock.now(),
                due_on=add_working_days(today, rule_on(today).answer_days),
            )
    except IntegrityError as error:
        if open_request(attachment, by) is None:
            raise
        raise AskedAlready(_("Bạn đã đề nghị xem tài liệu này.")) from error
    _record(request, "asked", by=by)
    audit.record("full_text.asked", f"full_text:{request.public_id}", by=by)
    tell_deciders(request, ASKED)
    return request


def _draw_number(year: int) -> int:
    """The next number of the year. The UPDATE holds the row until the transaction ends."""
    FullTextCounter.objects.bulk_create([FullTextCounter(year=year)], ignore_conflicts=True)
    row = FullTextCounter.objects.filter(year=year)
    row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()


@transaction.atomic
def withdraw_request(request: FullTextRequest, *, by: User) -> FullTextRequest:
    held = _locked(request).copy
    row = _moved(request, S.WITHDRAWN, by=by, action="withdrawn", copy="")
    forget_deciders(row)
    if held:
        transaction.on_commit(lambda: held.storage.delete(str(held.name)))
    return row


@transaction.atomic
def approve_copy(request: FullTextRequest, *, by: User, note: str = "") -> FullTextRequest:
    """Agrees to a copy; the tick stamps it within seconds."""
    row = _locked(request)
    if row.attachment.access != Access.ON_REQUEST or not row.has_copy:
        raise DomainError(_("Tài liệu này chỉ đọc tại chỗ: hãy hẹn ngày và nơi đọc."))
    _still_public(row)
    days = rule_on(clock.today()).copy_days
    row = _moved(
        row,
        S.APPROVED,
        by=by,
        action="approved",
        note=note,
        decided=True,
        way=Way.COPY,
        expires_on=clock.today() + timedelta(days=days),
        visit_at=None,
        visit_place="",
    )
    forget_deciders(row)
    tell_requester(row)
    kick("research.full_texts")
    return row


@transaction.atomic
def approve_visit(
    request: FullTextRequest, *, by: User, visit_at: datetime, place: str, note: str = ""
) -> FullTextRequest:
    """Agrees to reading on site, at a time and place."""
    row = _locked(request)
    if not place.strip():
        raise DomainError(_("Ghi nơi đọc."))
    if visit_at <= clock.now():
        raise DomainError(_("Giờ hẹn đã qua, chọn giờ khác."))
    if row.attachment.access == Access.CLOSED:
        raise DomainError(_("Tài liệu này không còn được cung cấp."))
    _still_public(row)
    row = _moved(
        row,
        S.APPROVED,
        by=by,
        action="appointed",
        note=note,
        decided=True,
        way=Way.ON_SITE,
        visit_at=visit_at,
        visit_place=place.strip(),
        expires_on=visit_at.astimezone(clock.VIETNAM).date(),
    )
    forget_deciders(row)
    tell_requester(row)
    return row


@transaction.atomic
def refuse_request(
    request: FullTextRequest, *, by: User, reason: str, note: str = ""
) -> FullTextRequest:
    """Refuses with a reason of the list; "other" asks for words."""
    if reason not in table("full-text-refusals"):
        raise DomainError(_("Chọn lý do trong danh mục."))
    if reason == "other" and not note.strip():
        raise DomainError(_("Ghi rõ lý do khác."))
    row = _moved(
        request, S.REFUSED, by=by, action="refused", note=note, decided=True, reason_code=reason
    )
    forget_deciders(row)
    tell_requester(row)
    return row


@transaction.atomic
def record_download(request: FullTextRequest, *, by: User) -> None:
    """Each time the copy is fetched is a line of its history and of the audit log."""
    _record(request, "downloaded", by=by)
    audit.record("full_text.downloaded", f"full_text:{request.public_id}", by=by)


def _still_public(request: FullTextRequest) -> None:
    if not Attachment.objects.listed().filter(pk=request.attachment_id).exists():
        raise DomainError(_("Kết quả hoặc nhiệm vụ này không còn công khai."))


def _locked(request: FullTextRequest) -> FullTextRequest:
    rows = FullTextRequest.objects.select_for_update(of=("self",)).for_rows()
    return rows.get(pk=request.pk)


def _moved(
    request: FullTextRequest,
    to: str,
    *,
    by: User | None,
    action: str,
    note: str = "",
    decided: bool = False,
    **changes: Any,
) -> FullTextRequest:
    """Takes a request to a state with what that state demands and a line of its history.

    What the constraints demand is written first, but only while the move is allowed: where somebody
    was first nothing of theirs is overwritten.
    """
    row = _locked(request)
    if to not in FULL_TEXT_TRANSITIONS[FullTextState(row.state)]:
        raise InvalidTransition(_("Đề nghị này đã được xử lý. Hãy tải lại trang."))
    if decided:
        changes |= {"decided_at": clock.now(), "decided_by": by, "note": note.strip()[:600]}
    if changes:
        FullTextRequest.objects.filter(pk=row.pk, state=row.state).update(reminded="", **changes)
    transition(row, to, table=FULL_TEXT_TRANSITIONS, by=by, reason=action)
    row = _locked(row)
    _record(row, action, by=by, note=note)
    return row


def _record(request: FullTextRequest, action: str, *, by: Any, note: str = "") -> None:
    FullTextEntry.objects.create(
        request=request, at=clock.now(), by=by, action=action, note=note.strip()[:600]
    )


def give_back(request: FullTextRequest) -> FullTextRequest:
    """The file cannot be stamped: whoever holds it decides again, and on reading on site alone."""
    with transaction.atomic():
        row = _moved(request, S.SUBMITTED, by=None, action="copy_failed", has_copy=False)
        tell_deciders(row, ASKED)
    return row


def expire(request: FullTextRequest) -> None:
    _moved(request, S.EXPIRED, by=None, action="expired", copy="")
