"""What both sides and staff are told of questions."""

from typing import Any

from marketplace.accounts.models import Organization
from marketplace.deals.models import Question
from marketplace.deals.notices.deals import staff_of, tell_person, tell_side


def tell(question: Question, side: Organization, event: str, *, by: Any, key: str = "") -> None:
    """The people of one side, but the one who did it."""
    tell_side(question.deal, side, event, by=by, key=f"{event}:{question.key}:{key}")


def tell_late(question: Question, *, by: Any) -> None:
    """Nobody has answered in time: both sides hear it, and whoever of the staff looks after the deal."""
    for side in (question.deal.buyer, question.deal.seller):
        tell(question, side, "question_overdue", by=by)
    for person in staff_of(question.deal):
        tell_person(
            question.deal, person, "question_overdue", key=f"question_overdue:{question.key}:"
        )
