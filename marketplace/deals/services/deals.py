"""A deal is opened by an accepted interest, and ends. Entry points authorize."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.deals.kinds import kind_for
from marketplace.deals.models import Deal, DealMember, ExpressionOfInterest, MemberRole
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.disclosure import release_identity
from marketplace.deals.services.rows import locked, move, subject_of
from marketplace.deals.states import MILESTONE_TRANSITIONS, DealState, MilestoneState
from marketplace.listings.models import Need
from marketplace.taxonomy.choices import choices

TERMINATION_REASONS: Final = "termination-reasons"
#: The reason that says nothing by itself.
OTHER_REASON: Final = "other"


@transaction.atomic
def open_deal(expression: ExpressionOfInterest, *, by: User) -> Deal:
    """The deal of an interest, in the transaction that accepts it.

    Who asked for an offer, a result or equipment will pay; who answered a need will be paid. The two
    people who began it lead it; others are seated by them or by those who manage the organisation.
    """
    asks = expression.kind == Need.KIND
    buyer = expression.receiver if asks else expression.asker
    seller = expression.asker if asks else expression.receiver
    deal = Deal.objects.create(
        title=expression.title,
        kind=kind_for(expression.kind, expression.wants),
        origin=expression,
        buyer=buyer,
        seller=seller,
        opened_by=by,
    )
    for person, organization in (
        (expression.sent_by, expression.asker),
        (by, expression.receiver),
    ):
        _seat(deal, person, organization, by=by)
    for side in (buyer, seller):
        if not deal.members.filter(organization=side).exists():
            # A broker answered, or who asked has left: those who manage the side take over.
            notices.tell_managers(deal, side)
    if expression.hides_receiver:
        release_identity(deal, by=by)
    audit.record(
        "deal.opened",
        subject_of(deal),
        by=by,
        buyer=buyer.public_id,
        seller=seller.public_id,
        interest=expression.public_id,
    )
    return deal


def _seat(deal: Deal, person: User | None, organization: Organization, *, by: User) -> None:
    """Who began it, while they belong to the organisation; of two sides somebody sits on the first."""
    if person is None or not Membership.objects.filter(user=person, organization=organization):
        return
    DealMember.objects.get_or_create(
        deal=deal,
        user=person,
        left_at=None,
        defaults={"organization": organization, "role": MemberRole.LEAD, "added_by": by},
    )


@transaction.atomic
def complete_deal(deal: Deal, *, by: User) -> None:
    """Everything was paid for and accepted: the contract is settled.

    Raises:
        InvalidTransition: there is no contract in force.
        DomainError: a milestone is still open, or something is disputed.
    """
    row = locked(deal)
    open_ones = [one for one in row.milestones.all() if not one.is_done]
    if row.state == DealState.CONTRACTED and open_ones:
        raise DomainError(
            _("Chưa thanh lý được: mốc %(number)s chưa thanh toán hoặc chưa nghiệm thu.")
            % {"number": open_ones[0].number}
        )
    if row.disputes.open().exists():
        raise DomainError(_("Chưa thanh lý được: còn khiếu nại chưa giải quyết."))
    move(deal, DealState.COMPLETED, by=by, also={"ended_at": clock.now(), "ended_by": by})
    notices.tell_both(deal, "completed", by=by)


@transaction.atomic
def terminate_deal(deal: Deal, *, reason: str, note: str = "", by: User) -> None:
    """One side, or staff, ends it before its time; both read why. What is not paid is not due any more.

    Raises:
        DomainError: the reason is not in the list, or says nothing.
        InvalidTransition: it has ended already.
    """
    if reason not in dict(choices(TERMINATION_REASONS)):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    if reason == OTHER_REASON and not note.strip():
        raise DomainError(_("Hãy nói ngắn gọn lý do."))
    locked(deal)
    for milestone in deal.milestones.order_by("pk"):
        if MilestoneState.CANCELLED in MILESTONE_TRANSITIONS.get(milestone.state, frozenset()):
            transition(
                milestone,
                MilestoneState.CANCELLED,
                table=MILESTONE_TRANSITIONS,
                by=by,
                reason="deal.terminated",
            )
    move(
        deal,
        DealState.TERMINATED,
        by=by,
        reason=reason,
        also={
            "ended_at": clock.now(),
            "ended_by": by,
            "end_reason": reason,
            "end_note": note.strip()[:500],
        },
    )
    notices.tell_both(deal, "terminated", by=by)
