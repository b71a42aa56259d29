"""Who sits in a deal, and for which side. Entry points authorize."""

from typing import Any

from marketplace.core import audit, clock
from marketplace.deals.models import DealMember


def leave_deals(user: Any) -> None:
    """With a closed account its seats are given up; what it did stays, without a name."""
    left = DealMember.objects.filter(user=user, left_at=None).update(left_at=clock.now())
    if left:
        audit.record("deal.person_left", "deal", by="privacy.close", left=left)
