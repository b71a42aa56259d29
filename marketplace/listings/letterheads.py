"""Mails about a listing are its exchange's: under its name, and to its site."""

from typing import Any

from django.urls import ResolverMatch

from marketplace.accounts.fronts import home_of, letterhead
from marketplace.listings.models import LISTING_MODELS
from marketplace.listings.search import EXCHANGE
from marketplace.notifications.letterheads import Letterhead, register_letterhead
from marketplace.notifications.models import SavedSearch
from search.narrowed import from_data


def register_listing_letterheads() -> None:
    # The owner's page of a listing is the dashboard's, and names kind and listing as ours do.
    for namespace in ("listings", "dashboard"):
        register_letterhead(namespace, _of_page)
    register_letterhead("notifications", _of_saved_search)


def of_subject(subject: Any) -> Letterhead | None:
    """Of what is no listing: none, so that it is the default exchange's."""
    exchange = getattr(subject, "exchange_id", None)
    return letterhead(home_of(exchange)) if exchange else None


def _of_page(match: ResolverMatch) -> Letterhead | None:
    given = match.kwargs
    model = LISTING_MODELS.get(str(given.get("kind", "")))
    if model is None or "public_id" not in given:
        return None
    found = model.objects.filter(public_id=given["public_id"])
    exchange = found.values_list("exchange_id", flat=True).first()
    return letterhead(home_of(exchange)) if exchange else None


def _of_saved_search(match: ResolverMatch) -> Letterhead | None:
    """Of the site where it was saved, where that shows its own listings alone."""
    found = SavedSearch.objects.filter(public_id=match.kwargs.get("public_id", ""))
    narrowed = found.values_list("narrowed", flat=True).first()
    for one in from_data(narrowed or ()):
        if one.facet == EXCHANGE and one.values:
            return letterhead(home_of(int(one.values[0])))
    return None
