"""Disputes: opened by a side, answered by the other, mediated and settled by staff, watched by a clock.

Entry points authorize. The lock of the deal comes first, as everywhere in this app.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.disputing import OUTCOMES, REASONS, answer_by, mediated_by, reminded_on
from marketplace.deals.models import (
    Deal,
    DealFileVersion,
    Dispute,
    DisputeEntry,
    EntryKind,
    Milestone,
)
from marketplace.deals.notices import disputes as notices
from marketplace.deals.services.rows import locked, subject_of
from marketplace.deals.states import DISPUTE_TRANSITIONS, DisputeState
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.clocks import next_working_day

STAGE: Final = "deals.disputes"


@transaction.atomic
def open_dispute(
    deal: Deal,
    *,
    side: Organization,
    reason: str,
    text: str,
    wanted: str,
    milestone: Milestone | None = None,
    file: DealFileVersion | None = None,
    by: User,
) -> Dispute:
    """One side says what went wrong and what it asks; the other has some working days to answer.

    A deal that has ended may be disputed too. Each side has one dispute open at a time: more is said in it.

    Raises:
        DomainError: no reason of the list, nothing said or asked, or a milestone of another deal.
        InvalidTransition: the side has one open already.
    """
    row = locked(deal)
    if reason not in dict(choices(REASONS)):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    if not text.strip() or not wanted.strip():
        raise DomainError(_("Hãy nói việc gì đã xảy ra và bạn yêu cầu điều gì."))
    if milestone is not None and milestone.deal_id != row.pk:
        raise DomainError(_("Mốc này không thuộc giao dịch."))
    today = clock.today()
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                deal=row,
                milestone=milestone,
                organization=side,
                reason=reason,
                wanted=wanted.strip()[:1000],
                due_on=answer_by(today),
                step_on=reminded_on(today),
            )
    except IntegrityError as error:
        raise InvalidTransition(
            _("Tổ chức bạn đang có một khiếu nại chưa giải quyết. Hãy nói thêm ở đó.")
        ) from error
    _enter(made, EntryKind.OPENED, text=text, side=side, file=file, by=by)
    audit.record("dispute.opened", subject_of(row), by=by, dispute=made.key, reason=reason)
    notices.tell_side(made, made.other, "dispute_opened", by=by)
    notices.tell_staff(made, "dispute_opened")
    return made


@transaction.atomic
def answer_dispute(
    dispute: Dispute,
    *,
    side: Organization,
    text: str,
    file: DealFileVersion | None = None,
    by: User,
) -> None:
    """The other side answers; from then on staff have some working days to bring both together.

    Raises:
        DomainError: nothing is said, or it is the side's own dispute.
        InvalidTransition: it was answered, or has ended.
    """
    row = _locked(dispute)
    if row.organization_id == side.pk:
        raise DomainError(_("Bên kia trả lời khiếu nại này; tổ chức bạn có thể nói thêm."))
    _ensure_said(text)
    _move(row, DisputeState.ANSWERED, by=by, due_on=mediated_by(clock.today()), step_on=None)
    _enter(row, EntryKind.ANSWERED, text=text, side=side, file=file, by=by)
    notices.tell_side(row, row.organization, "dispute_answered", by=by)
    notices.tell_staff(row, "dispute_answered")
    dispute.refresh_from_db()


@transaction.atomic
def add_to_dispute(
    dispute: Dispute,
    *,
    side: Organization,
    text: str,
    file: DealFileVersion | None = None,
    by: User,
) -> None:
    """Either side says more while it is open."""
    row = _locked(dispute)
    _ensure_open(row)
    _ensure_said(text)
    entry = _enter(row, EntryKind.ADDED, text=text, side=side, file=file, by=by)
    notices.tell_side(row, row.deal.other(side), "dispute_added", by=by, key=str(entry.pk))


@transaction.atomic
def mediate_dispute(dispute: Dispute, *, text: str, by: User) -> None:
    """Staff note a step that both sides read; the first one says that they have stepped in."""
    row = _locked(dispute)
    _ensure_open(row)
    _ensure_said(text)
    if row.state != DisputeState.MEDIATED:
        due_on = row.due_on if row.state == DisputeState.ANSWERED else mediated_by(clock.today())
        _move(row, DisputeState.MEDIATED, by=by, due_on=due_on, step_on=None)
    entry = _enter(row, EntryKind.MEDIATED, text=text, by=by)
    for side in (row.deal.buyer, row.deal.seller):
        notices.tell_side(row, side, "dispute_mediated", by=by, key=str(entry.pk))
    dispute.refresh_from_db()


@transaction.atomic
def settle_dispute(dispute: Dispute, *, outcome: str, note: str, by: User) -> None:
    """Staff say how it ended and on what ground; both sides read it.

    Raises:
        DomainError: the outcome is not in the list, or the ground is not said.
        InvalidTransition: it has ended already.
    """
    if outcome not in dict(choices(OUTCOMES)):
        raise DomainError(_("Chọn một kết quả trong danh sách."))
    if not note.strip():
        raise DomainError(_("Hãy ghi căn cứ để hai bên hiểu kết quả."))
    row = _locked(dispute)
    said = {"outcome": outcome, "outcome_note": note.strip()[:2000]}
    _end(row, DisputeState.SETTLED, by=by, reason=outcome, **said)
    _enter(row, EntryKind.SETTLED, text=note, by=by)
    for side in (row.deal.buyer, row.deal.seller):
        notices.tell_side(row, side, "dispute_settled", by=by)
    dispute.refresh_from_db()


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, side: Organization, by: User) -> None:
    """Who asked does not ask any more.

    Raises:
        DomainError: it is the other side's.
        InvalidTransition: it has ended already.
    """
    row = _locked(dispute)
    if row.organization_id != side.pk:
        raise DomainError(_("Chỉ bên nêu khiếu nại rút lại được."))
    _end(row, DisputeState.WITHDRAWN, by=by)
    _enter(row, EntryKind.WITHDRAWN, side=side, by=by)
    notices.tell_side(row, row.other, "dispute_withdrawn", by=by)
    dispute.refresh_from_db()


def clock_batch(limit: int = 50) -> int:
    """Reminds who has to answer, and after the last day calls staff; each step once."""
    keys = Dispute.objects.to_be_stepped().order_by("step_on", "pk")
    return sum(_take_step(pk) for pk in keys.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _take_step(pk: int) -> int:
    row = Dispute.objects.to_be_stepped().with_all().filter(pk=pk).first()
    if row is None:
        return 0
    row = _locked(row)
    today = clock.today()
    if row.state != DisputeState.OPEN or row.step_on is None or row.step_on > today:
        return 0  # answered meanwhile
    if row.due_on >= today:
        notices.tell_side(row, row.other, "dispute_due", by=STAGE)
        Dispute.objects.filter(pk=pk).update(
            step_on=next_working_day(row.due_on + timedelta(days=1))
        )
        return 1
    _move(row, DisputeState.OVERDUE, by=STAGE, due_on=mediated_by(today), step_on=None)
    _enter(row, EntryKind.OVERDUE)
    for side in (row.deal.buyer, row.deal.seller):
        notices.tell_side(row, side, "dispute_overdue", by=STAGE)
    notices.tell_staff(row, "dispute_overdue")
    return 1


def _locked(dispute: Dispute) -> Dispute:
    locked(dispute.deal)
    rows = Dispute.objects.select_for_update(of=("self",)).with_all()
    found: Dispute = rows.get(pk=dispute.pk)
    return found


def _too_late(row: Dispute) -> InvalidTransition:
    return InvalidTransition(
        _("Không làm được nữa: khiếu nại này %(state)s.")
        % {"state": str(row.get_state_display()).lower()}
    )


def _ensure_open(row: Dispute) -> None:
    if not row.is_open:
        raise _too_late(row)


def _ensure_said(text: str) -> None:
    if not text.strip():
        raise DomainError(_("Hãy ghi nội dung."))


def _move(row: Dispute, to: DisputeState, *, by: Any, reason: str = "", **also: Any) -> None:
    if to not in DISPUTE_TRANSITIONS.get(row.state, frozenset()):
        raise _too_late(row)
    transition(row, to, table=DISPUTE_TRANSITIONS, by=by, reason=reason, also=also)


def _end(row: Dispute, to: DisputeState, *, by: User, reason: str = "", **said: Any) -> None:
    _move(row, to, by=by, reason=reason, ended_at=clock.now(), step_on=None, **said)


def _enter(
    dispute: Dispute,
    kind: EntryKind,
    *,
    text: str = "",
    side: Organization | None = None,
    file: DealFileVersion | None = None,
    by: User | None = None,
) -> DisputeEntry:
    return DisputeEntry.objects.create(
        dispute=dispute, kind=kind, organization=side, by=by, text=text.strip()[:5000], file=file
    )
