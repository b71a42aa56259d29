"""Letters about a series are of the site that its pages stand on."""

from django.urls import ResolverMatch

from cms.publications.models import IssueSending
from cms.publications.subscribing import subscription_of
from cms.sites.showing import front_of_page
from marketplace.accounts.fronts import letterhead
from marketplace.notifications.letterheads import Letterhead, register_letterhead
from marketplace.notifications.models import Notice


def register_publication_letterheads() -> None:
    register_letterhead("publications", _of_page)


def of_subscription(notice: Notice) -> Letterhead | None:
    """Of a letter to a subscriber: the page that it leads to may have its address on every site."""
    found = subscription_of(notice.context["subscription"])
    return letterhead(front_of_page(found.series)) if found else None


def _of_page(match: ResolverMatch) -> Letterhead | None:
    """Of the door to a restricted issue."""
    key = match.kwargs.get("public_id")
    sending = IssueSending.objects.filter(public_id=key).select_related("issue").first()
    return letterhead(front_of_page(sending.issue)) if sending else None
