"""What of a listing wants mending: addresses that do not answer, rights past their last day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from marketplace.core import clock
from marketplace.listings.models import (
    Listing,
    ListingLink,
    OfferIpRight,
    RightTold,
    TechnologyOffer,
)
from marketplace.listings.search import TEXTS

Stage = RightTold.Stage

#: So long before its last day a right is spoken of.
SOON: Final = timedelta(days=90)
#: Without a last day only what has been granted is asked about: an application has none.
_GRANTED: Final = "granted"
MOST_LINKS: Final = 20
_FILM_SITES: Final = frozenset(
    {
        "youtube.com",
        "m.youtube.com",
        "youtu.be",
        "vimeo.com",
        "drive.google.com",
        "facebook.com",
        "fb.watch",
        "tiktok.com",
    }
)
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”‘’{}|\\^`]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FlaggedRight:
    offer: TechnologyOffer
    right: OfferIpRight
    stage: Stage


def addresses_in(listing: Listing) -> list[str]:
    """Addresses that readers of a listing can follow; never of its confidential part."""
    rows: Any = listing.specifications
    texts = [listing.title, *(getattr(listing, name) for name in TEXTS[listing.KIND])]
    texts += [f"{row.name} {row.text}" for row in rows.all()]
    found = (match.group().rstrip(".,;:!?)]") for text in texts for match in _URL.finditer(text))
    whole = (one if one.lower().startswith("http") else f"http://{one}" for one in found)
    return [one for one in dict.fromkeys(whole) if len(one) <= 500][:MOST_LINKS]


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:  # no address after all, as `http://[x`
        return ""


def films_of(listing: Listing) -> list[tuple[str, str]]:
    """Films elsewhere that a listing names, with the site they are on: opened by who asks for them."""
    found = [(url, host_of(url).removeprefix("www.")) for url in addresses_in(listing)]
    return [(url, host) for url, host in found if host in _FILM_SITES]


def dead_links(listing: Listing) -> list[ListingLink]:
    rows = ListingLink.objects.dead().filter(kind=listing.KIND, key=listing.public_id)
    return list(rows.order_by("dead_since", "pk"))


def stage_of(right: OfferIpRight) -> Stage | None:
    today = clock.today()
    if right.lapses_on is None:
        return Stage.UNDATED if right.status == _GRANTED else None
    if right.lapses_on < today:
        return Stage.LAPSED
    return Stage.SOON if right.lapses_on <= today + SOON else None


def rights_to_mend() -> Q:
    """The condition on rows of rights that `stage_of` says something about."""
    return Q(lapses_on__lte=clock.today() + SOON) | Q(lapses_on=None, status=_GRANTED)


def flagged_rights(offers: QuerySet[Any] | Iterable[int]) -> list[FlaggedRight]:
    """Of these offers, what has lapsed first."""
    rows = OfferIpRight.objects.filter(rights_to_mend(), listing__in=offers)
    found = [
        FlaggedRight(row.listing, row, stage)
        for row in rows.select_related("listing").order_by("lapses_on", "pk")
        if (stage := stage_of(row)) is not None
    ]
    order = [Stage.LAPSED, Stage.SOON, Stage.UNDATED]
    return sorted(found, key=lambda one: order.index(one.stage))


def rights_of(listing: Listing) -> list[FlaggedRight]:
    return flagged_rights([listing.pk]) if isinstance(listing, TechnologyOffer) else []
