"""What both sides and staff are told of a dispute."""

from typing import Any

from marketplace.accounts.models import Organization, User
from marketplace.deals.models import DealMember, Dispute
from marketplace.deals.notices.deals import DEAL, staff_of
from marketplace.notifications.services import notify


def tell_side(dispute: Dispute, side: Organization, event: str, *, by: Any, key: str = "") -> None:
    """The people of one side in the deal, but the one who did it."""
    seats = DealMember.objects.filter(deal=dispute.deal, organization=side, left_at=None)
    people = User.objects.filter(is_active=True, pk__in=seats.values("user"))
    for person in people.exclude(pk=getattr(by, "pk", None) or 0).order_by("pk"):
        _tell(dispute, person, event, key)


def tell_staff(dispute: Dispute, event: str) -> None:
    """Whoever of the staff looks after the deal."""
    for person in staff_of(dispute.deal):
        _tell(dispute, person, event, "staff")


def _tell(dispute: Dispute, person: User, event: str, key: str) -> None:
    notify(
        kind=DEAL,
        recipient=person,
        dedupe_key=f"dispute:{dispute.key}:{event}:{key}",
        context={"event": event, "title": dispute.deal.title},
        url=dispute.get_absolute_url(),
    )
