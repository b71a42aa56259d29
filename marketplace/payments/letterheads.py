"""Mails about a payment: of the exchange that takes the fee, or whose listing the deal began with."""

from django.urls import ResolverMatch

from marketplace.accounts.fronts import home_of, letterhead
from marketplace.deals.notices.letterheads import of_deal
from marketplace.notifications.letterheads import Letterhead, register_letterhead
from marketplace.payments.models import Payment


def register_payment_letterheads() -> None:
    register_letterhead("payments", _of_page)


def _of_page(match: ResolverMatch) -> Letterhead | None:
    if match.url_name != "payment":
        return None
    rows = Payment.objects.select_related("milestone__deal__origin")
    payment = rows.filter(public_id=match.kwargs.get("public_id")).first()
    if payment is None:
        return None
    if payment.payee_exchange_id:
        return letterhead(home_of(payment.payee_exchange_id))
    return of_deal(payment.milestone.deal) if payment.milestone else None
