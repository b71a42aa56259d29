"""Milestones: planned by the contract, asked for, paid, handed over and accepted.

The app that settles payments calls `milestone_paid` and `milestone_reversed` in its own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import Table, transition
from marketplace.deals.models import Deal, Milestone
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked, locked_running, subject_of
from marketplace.deals.states import (
    MILESTONE_TRANSITIONS,
    WORK_TRANSITIONS,
    DealState,
    MilestoneState,
    WorkState,
)


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """A line of the plan of payments; `amount` in the currency's smallest unit."""

    title: str
    amount: int
    currency: str = "VND"
    due_on: date | None = None


@transaction.atomic
def plan_milestones(deal: Deal, *, plan: Sequence[PlannedMilestone], by: User) -> list[Milestone]:
    """Writes the plan of a contract as milestones 1, 2, 3, …, once.

    Raises:
        InvalidTransition: the deal has ended, or its milestones stand already.
        DomainError: a line has no words or no sum.
    """
    row = locked_running(deal)
    if row.milestones.exists():
        raise InvalidTransition(_("Giao dịch này đã có các mốc thực hiện."))
    for line in plan:
        if not line.title.strip() or line.amount <= 0 or len(line.currency) != 3:
            raise DomainError(_("Mỗi mốc cần nội dung và số tiền lớn hơn 0."))
    made = [
        Milestone.objects.create(
            deal=row,
            number=number,
            title=line.title.strip()[:300],
            amount=line.amount,
            currency=line.currency.upper(),
            due_on=line.due_on,
        )
        for number, line in enumerate(plan, start=1)
    ]
    audit.record("deal.planned", subject_of(row), by=by, milestones=len(made))
    return made


@transaction.atomic
def request_milestone(milestone: Milestone, *, by: User) -> None:
    """The seller asks for the money of a milestone.

    Raises InvalidTransition where the contract is not in force, or it was asked for or paid before.
    """
    _ensure_contracted(milestone)
    _move(milestone, MilestoneState.REQUESTED, by=by, also={"requested_at": clock.now()})
    notices.tell_milestone(milestone, "requested", by=by)


@transaction.atomic
def take_back_request(milestone: Milestone, *, by: Any) -> None:
    """The seller does not ask for it now."""
    _move(milestone, MilestoneState.PLANNED, by=by, also={"requested_at": None})


def milestone_paid(milestone: Milestone, *, reference: str, paid_at: datetime, by: Any) -> bool:
    """The money of a milestone came in full. Call it in the transaction that settles the payment.

    Args:
        milestone: planned or requested; the deal may have ended meanwhile, money that came is a fact.
        reference: what the payment is called there; the same one again changes nothing.
        paid_at: when the bank says that it came.
        by: who confirmed it, or the name of the stage that did.

    Returns whether this call changed it: False where this payment has paid it before.

    Raises:
        InvalidTransition: another payment has paid it, or it was cancelled; this money is for the desk.
        TransactionManagementError: outside of a transaction.
    """
    _ensure_in_transaction()
    locked(milestone.deal)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if row.state == MilestoneState.PAID and row.payment_reference == reference:
        return False
    _move(
        milestone,
        MilestoneState.PAID,
        by=by,
        reason=reference,
        also={"paid_at": paid_at, "payment_reference": reference},
    )
    notices.tell_milestone(milestone, "paid", by=by)
    return True


def milestone_reversed(milestone: Milestone, *, reference: str, by: Any) -> bool:
    """A payment was refunded or taken back by the bank: the milestone is to be paid again.

    Returns whether this call changed it: False where it is not this payment that had paid it.

    Raises:
        TransactionManagementError: outside of a transaction.
    """
    _ensure_in_transaction()
    locked(milestone.deal)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if row.state != MilestoneState.PAID or row.payment_reference != reference:
        return False
    _move(
        milestone,
        MilestoneState.REQUESTED,
        by=by,
        reason=reference,
        also={"paid_at": None, "payment_reference": ""},
    )
    notices.tell_milestone(milestone, "reversed", by=by)
    return True


@transaction.atomic
def deliver_milestone(milestone: Milestone, *, by: User) -> None:
    """The seller has handed over what the milestone is about."""
    _ensure_contracted(milestone)
    _move_work(
        milestone, WorkState.DELIVERED, by=by, also={"delivered_at": clock.now(), "return_note": ""}
    )
    notices.tell_milestone(milestone, "delivered", by=by)


@transaction.atomic
def accept_milestone(milestone: Milestone, *, by: User) -> None:
    """The buyer accepts what was handed over."""
    _ensure_contracted(milestone)
    _move_work(
        milestone, WorkState.ACCEPTED, by=by, also={"accepted_at": clock.now(), "accepted_by": by}
    )
    notices.tell_milestone(milestone, "accepted", by=by)


@transaction.atomic
def return_milestone(milestone: Milestone, *, note: str, by: User) -> None:
    """The buyer says what is missing."""
    if not note.strip():
        raise DomainError(_("Hãy nói bên kia cần bổ sung điều gì."))
    _ensure_contracted(milestone)
    _move_work(
        milestone,
        WorkState.OPEN,
        by=by,
        also={"delivered_at": None, "return_note": note.strip()[:500]},
    )
    notices.tell_milestone(milestone, "returned", by=by)


def _ensure_contracted(milestone: Milestone) -> None:
    deal = locked(milestone.deal)
    if deal.state != DealState.CONTRACTED:
        raise InvalidTransition(
            _("Chưa làm được: các mốc có hiệu lực khi hợp đồng đã ký và chưa kết thúc.")
        )


def _ensure_in_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("settle a payment in one transaction")


def _move(milestone: Milestone, to: MilestoneState, *, by: Any, **values: Any) -> None:
    _take(milestone, to, "state", MILESTONE_TRANSITIONS, by=by, **values)


def _move_work(milestone: Milestone, to: WorkState, *, by: Any, **values: Any) -> None:
    _take(milestone, to, "work", WORK_TRANSITIONS, by=by, **values)


def _take(
    milestone: Milestone, to: str, field: str, table: Table, *, by: Any, **values: Any
) -> None:
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if to not in table.get(getattr(row, field), frozenset()):
        shown = row.get_state_display() if field == "state" else row.get_work_display()
        raise InvalidTransition(
            _("Không làm được nữa: mốc %(number)s đang ở trạng thái “%(state)s”.")
            % {"number": row.number, "state": shown}
        )
    transition(row, to, field=field, table=table, by=by, **values)
    milestone.refresh_from_db()
