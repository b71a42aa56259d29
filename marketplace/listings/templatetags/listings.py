"""How listings are shown; pages of other apps use the same cards and words."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from marketplace.accounts.fronts import address_at, front_of, home_of, name_elsewhere
from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.structured import script
from marketplace.core.templatetags.design import drawn
from marketplace.listings import begun, perms, presentation, search, services, showing_files, upkeep
from marketplace.listings.completeness import right_gaps
from marketplace.listings.kinds import KINDS
from marketplace.listings.liveness import Confirmed, confirmed_share
from marketplace.listings.models import (
    LISTING_MODELS,
    Attachment,
    CallRequest,
    Equipment,
    Listing,
    Specification,
)
from marketplace.listings.structured import describe_listing
from marketplace.research.models import Result
from search.registry import Facts

register = template.Library()
_SHOWN_OF_A_KIND = 6
_LOOKED_AT = 200
#: Modes of supply by which others use it where it stands.
_SHARED = frozenset({"shared_use", "testing"})


@register.simple_tag
def confirmed_listings() -> Confirmed:
    """Of the listings that readers see, how many hold by their owner's word of the last days."""
    return confirmed_share()


@register.simple_tag(takes_context=True)
def waiting_call(context: dict[str, Any], listing: Listing) -> CallRequest | None:
    """The reader's own request to be called about a listing, where one waits."""
    return CallRequest.objects.waiting(listing, context["user"])


@register.simple_tag(takes_context=True)
def listing_card(context: template.Context, listing: Listing, heading: int = 3) -> SafeString:
    """The card of a listing of any kind, with its organisation selected."""
    exchange = exchange_elsewhere(context, listing)
    return drawn(
        "components/listing_card.html",
        (heading, exchange, presentation.card_key(listing)),
        lambda: {**presentation.card(listing), "heading": heading, "exchange_name": exchange},
    )


@register.simple_tag(takes_context=True)
def exchange_elsewhere(context: template.Context, listing: Listing) -> str:
    """The name of a listing's exchange, on the site of another one."""
    # A template that is given nothing but its facts still has the request.
    request = getattr(context, "request", None) or context.get("request")
    return name_elsewhere(request, listing.exchange_id) if request is not None else ""


@register.simple_tag
def listing_price(listing: Listing) -> str:
    return presentation.price(listing)


@register.simple_tag
def hit_facts(listing: Listing) -> Facts:
    """What a card tells beside the title; empty where the kind has no such thing."""
    return search.listing_facts(listing)


@register.simple_tag
def listing_facts(listing: Listing) -> presentation.Facts:
    return presentation.facts(listing)


@register.simple_tag
def listing_details(listing: Listing) -> presentation.Facts:
    return presentation.details(listing)


@register.simple_tag
def listing_passages(listing: Listing) -> presentation.Facts:
    shown = presentation.passages(listing)
    apart = presentation.decided_by(listing)
    return [(heading, text) for heading, text in shown if not apart or not text.startswith(apart)]


@register.simple_tag
def listing_disclosure(listing: Listing) -> list[tuple[str, str]]:
    return presentation.disclosure(listing)


@register.simple_tag
def listing_provenance(listing: Listing) -> presentation.Facts:
    return presentation.provenance(listing)


@register.simple_tag
def listing_rights(listing: Listing, results: list[Result]) -> list[dict[str, Any]]:
    """Rights an offer names; `result` is the registered result whose record has the same number.

    What no record has is the owner's own word, and the page says so.
    """
    recorded = {
        _plain_number(right.get("number", "")): result
        for result in results
        if result.is_registered
        for right in result.ip_rights
    }
    rights: Any = listing.ip_rights
    return [
        {
            "right": right,
            "result": recorded.get(_plain_number(right.number)),
            "has_lapsed": right.lapses_on is not None and right.lapses_on < clock.today(),
        }
        for right in rights.all()
    ]


def _plain_number(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum()) or "-"


@register.filter
def document_facts(document: Attachment) -> str:
    return showing_files.document_facts(document)


@register.simple_tag
def films_elsewhere(listing: Listing) -> list[tuple[str, str]]:
    return upkeep.films_of(listing)


@register.simple_tag
def listing_results(listing: Listing) -> list[Result]:
    """The research results an offer stands on, those that are still shown.

    Not those of a hidden owner: a result names who found it.
    """
    codes = getattr(listing, "results", None) or []
    if not codes or listing.hide_owner:
        return []
    return list(Result.objects.public().filter(public_id__in=codes).order_by("title", "pk"))


@register.inclusion_tag("listings/_organization_listings.html", takes_context=True)
def organization_listings(context: template.Context, organization: Organization) -> dict[str, Any]:
    """What an organisation shows under its name: every kind of listing, the newest first."""
    groups = []
    front = front_of(context["request"])
    for kind, model in LISTING_MODELS.items():
        rows = model.objects.public().shown_on(front)
        rows = rows.filter(organization=organization, hide_owner=False)
        shared = _for_shared_use(rows) if model is Equipment else []
        if shared:
            groups.append(
                _group(gettext("Thiết bị dùng chung"), shared[:_SHOWN_OF_A_KIND], len(shared))
            )
            rows = rows.exclude(pk__in=[one.pk for one in shared])
        shown = list(rows.for_cards()[: _SHOWN_OF_A_KIND + 1])
        if shown:
            count = len(shown) if len(shown) <= _SHOWN_OF_A_KIND else rows.count()
            groups.append(_group(KINDS[kind].shown, shown[:_SHOWN_OF_A_KIND], count))
    return {"organization": organization, "groups": groups}


def _group(heading: Any, listings: list[Any], count: int) -> dict[str, Any]:
    return {"heading": heading, "listings": listings, "count": count}


def _for_shared_use(rows: Any) -> list[Equipment]:
    """Modes are a list in one column, which SQLite cannot look into: few rows of one owner are."""
    candidates = rows.exclude(supply_modes=[]).select_related("organization")[:_LOOKED_AT]
    return [one for one in candidates if _SHARED & set(one.supply_modes)]


@register.inclusion_tag("listings/_field_listings.html", takes_context=True)
def field_listings(context: template.Context, code: str) -> dict[str, Any]:
    """The newest listings of a field and of all below it."""
    groups = []
    front = front_of(context["request"])
    for kind, model in LISTING_MODELS.items():
        rows = model.objects.public().shown_on(front).own_first(front).in_fields(code)
        shown = list(rows.for_cards()[: _SHOWN_OF_A_KIND + 1])
        if shown:
            groups.append(
                {
                    "heading": KINDS[kind].shown,
                    "listings": shown[:_SHOWN_OF_A_KIND],
                    "has_more": len(shown) > _SHOWN_OF_A_KIND,
                    "kind": kind,
                }
            )
    return {"code": code, "groups": groups}


@register.inclusion_tag("listings/_result_offer.html", takes_context=True)
def result_offer(context: template.Context, result: Result) -> dict[str, Any]:
    """On a result's page: the button that makes an offer of it, or where that offer stands.

    For those who edit for its lead organisation. Others see an offer of it once it is public and
    its owner does not hide; nothing else.
    """
    organization, user = result.organization, context["request"].user
    if organization is None:
        return {"offer": None, "may_make": False}
    offer = services.find_offer_from_result(result, organization)
    shown = offer is not None and offer.is_public and not offer.hide_owner
    shown = shown and offer is not None and front_of(context["request"]).shows(offer.exchange_id)
    if not user.is_authenticated or not perms.edits_for(user, organization):
        return {"offer": offer if shown else None, "may_make": False}
    draft = services.draft_of(offer) if offer else None
    return {
        "result": result,
        "offer": offer,
        "may_make": True,
        "status": offer.status if offer else None,
        "gaps": right_gaps(draft) if draft and offer and offer.withdrawn_at is None else [],
        "state_money": bool(result.funding_state or result.level),
        "csrf_token": context.get("csrf_token"),
        "request": context["request"],
    }


@register.filter
def amount(row: Specification) -> str:
    """≥ 92 %"""
    return presentation.amount(row)


@register.filter
def owner_name(listing: Listing) -> str:
    return presentation.owner_name(listing)


@register.filter
def status_tone(status: str) -> str:
    return presentation.STATUS_LOOKS[status][0]


@register.filter
def status_icon(status: str) -> str:
    return presentation.STATUS_LOOKS[status][1]


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context, listing: Listing) -> SafeString:
    """What machines read of a page (schema.org)."""
    home = home_of(listing.exchange_id)
    address = address_at(context["request"], home, listing.get_absolute_url())
    return script(describe_listing(listing, address))


@register.simple_tag(takes_context=True)
def begun_draft(context: Any) -> dict[str, Any] | None:
    """What was begun in this browser before there was an account, and where it goes on."""
    found = begun.begun(context["request"])
    return found and found | {"url": reverse(f"listings:{found['kind']}_create")}
