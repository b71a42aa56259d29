"""What became of a deal: planned with the contract, asked by a tick, answered once by the buyer."""

from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.following import OUTCOMES, days_of
from marketplace.deals.models import Deal, FollowUp
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked, subject_of
from marketplace.deals.states import DealState
from marketplace.taxonomy.choices import choices

STAGE: Final = "deals.follow_up"


def plan_follow_ups(deal: Deal, *, signed_on: date) -> None:
    """In the transaction in which the contract comes into force."""
    for months, due_on in days_of(signed_on):
        FollowUp.objects.get_or_create(deal=deal, months=months, defaults={"due_on": due_on})


def ask_batch(limit: int = 50) -> int:
    """Asks the buyers of what is due; each question once. A deal that was broken off is not asked about."""
    due = FollowUp.objects.filter(asked_at=None, due_on__lte=clock.today())
    running = due.exclude(deal__state=DealState.TERMINATED).order_by("due_on", "pk")
    return sum(_ask(pk) for pk in running.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _ask(pk: int) -> int:
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("deal__buyer")
        .filter(pk=pk, asked_at=None)
        .first()
    )
    if row is None:
        return 0
    FollowUp.objects.filter(pk=pk).update(asked_at=clock.now())
    notices.tell_side(
        row.deal, row.deal.buyer, "follow_up", by=STAGE, key=f"follow_up:{row.months}"
    )
    return 1


@transaction.atomic
def answer_follow_up(row: FollowUp, *, outcome: str, note: str = "", by: User) -> None:
    """The buyer says what became of it; the institute and staff read it.

    Raises:
        DomainError: the answer is not in the list in force.
        InvalidTransition: it was not asked yet, or was answered.
    """
    if outcome not in dict(choices(OUTCOMES)):
        raise DomainError(_("Chọn tình hình hiện nay."))
    locked(row.deal)
    waiting = FollowUp.objects.filter(pk=row.pk, answered_at=None, asked_at__isnull=False)
    answered = waiting.update(
        outcome=outcome, note=note.strip()[:1000], answered_by=by, answered_at=clock.now()
    )
    if not answered:
        raise InvalidTransition(_("Câu hỏi này đã được trả lời, hoặc chưa đến lúc hỏi."))
    row.refresh_from_db()
    audit.record(
        "deal.followed_up", subject_of(row.deal), by=by, months=row.months, outcome=outcome
    )
