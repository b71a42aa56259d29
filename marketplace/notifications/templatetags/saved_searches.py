"""Saved searches on pages of other apps: the search page and the dashboard."""

from typing import Any

from django import template

from marketplace.notifications.models import Frequency, SavedSearch
from marketplace.notifications.saved_searches import CannotBeSaved, check_query, name_of
from search.addresses import address_of, fingerprint_of, query_of
from search.narrowed import narrowed_for

register = template.Library()


@register.inclusion_tag("notifications/_save_search.html", takes_context=True)
def save_search(context: template.Context) -> dict[str, Any]:
    """ "Save this search", or how it is saved already; nothing where there is nothing to save."""
    request = context["request"]
    params = request.GET.copy()
    if context.get("read_as"):
        # What was read otherwise than it was typed finds something only as it was read.
        params["q"] = context["read_as"]
    query = query_of(params, narrowed_for(request))
    try:
        check_query(query)
    except CannotBeSaved:
        return {"can_save": False}
    known = None
    if request.user.is_authenticated:
        mine = SavedSearch.objects.of(request.user).with_news()
        known = mine.filter(fingerprint=fingerprint_of(query)).first()
    return {
        "can_save": True,
        "is_signed_in": request.user.is_authenticated,
        "known": known,
        "address": address_of(params),
        "name": name_of(query),
        "frequencies": [choice for choice in Frequency.choices if choice[0] != Frequency.OFF],
        "usual": Frequency.DAILY,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def my_saved_searches(context: template.Context, limit: int = 5) -> list[SavedSearch]:
    """The person's own, those with news first."""
    mine = SavedSearch.objects.of(context["request"].user).with_news()
    newest = mine.order_by("-created_at", "-pk")
    return sorted(newest, key=lambda search: -search.news)[:limit]
