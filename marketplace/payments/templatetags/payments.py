"""What pages of lower apps show of payments."""

from typing import Any

from django import template

from marketplace.deals.models import Milestone
from marketplace.payments.models import Payment
from marketplace.payments.states import OPEN_STATES, PaymentState

register = template.Library()


@register.inclusion_tag("payments/_milestone.html", takes_context=True)
def milestone_payment(context: template.Context, milestone: Milestone) -> dict[str, Any]:
    """Beside a milestone: its payment for who may read it, or the way to ask for one. Asks once a page."""
    request = context["request"]
    known = request.__dict__.setdefault("_payments_of_deals", {})
    if milestone.deal_id not in known:
        known[milestone.deal_id] = _of_deal(request.user, milestone.deal_id)
    payments, askable = known[milestone.deal_id]
    payment = payments.get(milestone.pk)
    ended = payment is None or payment.state not in (*OPEN_STATES, PaymentState.SETTLED)
    return {
        "milestone": milestone,
        "payment": payment,
        "may_ask": milestone.pk in askable and ended,
    }


def _of_deal(user: Any, deal: int) -> tuple[dict[int, Payment], set[int]]:
    rows = Payment.objects.visible_to(user).filter(milestone__deal=deal).order_by("pk")
    payments = {row.milestone_id: row for row in rows if row.milestone_id}
    askable = Milestone.objects.sold_by(user).payable().filter(deal=deal)
    return payments, set(askable.values_list("pk", flat=True))
