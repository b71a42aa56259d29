"""Mails about an interest or a deal are of the exchange whose listing it began with."""

from django.urls import ResolverMatch

from marketplace.deals.models import Deal, ExpressionOfInterest
from marketplace.listings.letterheads import of_subject
from marketplace.notifications.letterheads import Letterhead, register_letterhead


def register_deal_letterheads() -> None:
    register_letterhead("deals", _of_page)


def of_deal(deal: Deal) -> Letterhead | None:
    return of_subject(deal.origin.subject)


def _of_page(match: ResolverMatch) -> Letterhead | None:
    key = match.kwargs.get("public_id")
    if match.url_name == "expression":
        interest = ExpressionOfInterest.objects.filter(public_id=key).first()
        return of_subject(interest.subject) if interest else None
    deal = Deal.objects.filter(public_id=key).select_related("origin").first()
    return of_deal(deal) if deal else None
