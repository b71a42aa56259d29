"""Rows of deals under their locks, and the states they are taken to."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.errors import InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.models import Deal, Milestone
from marketplace.deals.states import DEAL_TRANSITIONS, DealState


def locked(deal: Deal) -> Deal:
    """The row under its lock: before its milestones, files and versions, always in this order."""
    return Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)


def locked_running(deal: Deal) -> Deal:
    """As `locked`.

    Raises:
        InvalidTransition: the deal has ended.
    """
    row = locked(deal)
    if not row.is_running:
        raise InvalidTransition(
            _("Không làm được nữa: giao dịch này %(state)s.")
            % {"state": str(row.get_state_display()).lower()}
        )
    return row


def move(deal: Deal, to: DealState, *, by: Any, reason: str = "", **values: Any) -> None:
    """Takes the deal to a state, or says in which it is already."""
    row = locked(deal)
    if to not in DEAL_TRANSITIONS.get(row.state, frozenset()):
        raise InvalidTransition(
            _("Không làm được nữa: giao dịch này %(state)s.")
            % {"state": str(row.get_state_display()).lower()}
        )
    transition(row, to, table=DEAL_TRANSITIONS, by=by, reason=reason, **values)
    deal.refresh_from_db()


def subject_of(row: Deal | Milestone) -> str:
    """What the log calls a deal."""
    deal = row.deal if isinstance(row, Milestone) else row
    return f"deal:{deal.public_id}"
