"""What both sides are told of their payments."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify
from marketplace.payments.models import MONEY_ROLES, Payment

CHANGED: Final = "payment.changed"


def register_notices() -> None:
    register_kind(NoticeKind(CHANGED, _("Thanh toán"), "payment_changed", transactional=True))


def tell(payment: Payment) -> None:
    """Who moves the money of either side, in the words of their side."""
    for side, organization in (("payer", payment.payer), ("payee", payment.payee)):
        if organization is None:
            continue
        for person in _people(organization):
            notify(
                kind=CHANGED,
                recipient=person,
                dedupe_key=f"payment:{payment.public_id}:{side}:{payment.state}",
                context={
                    "side": side,
                    "state": payment.state,
                    "title": payment.title,
                    "amount": payment.amount,
                    "currency": payment.currency,
                    "other": str(payment.to_owner if side == "payer" else payment.payer),
                },
                url=payment.get_absolute_url(),
            )


def _people(organization: Organization) -> list[User]:
    rows = User.objects.filter(
        is_active=True,
        memberships__organization=organization,
        memberships__role__in=MONEY_ROLES,
    )
    return list(rows.distinct().order_by("pk"))
