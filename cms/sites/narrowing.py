"""What the index gives to a site of what all sites have: listings of its exchange, and its own pages."""

from collections.abc import Iterator
from typing import Any, Final

from cms.pages.following import KIND as PAGE
from cms.sites.showing import tops_of
from marketplace.accounts.fronts import front_of
from marketplace.listings.models import LISTING_MODELS
from marketplace.listings.search import EXCHANGE
from search.queries import Narrowing

#: The facet of a page that names its top.
TOP: Final = "top"


def narrowed_to_site(request: Any) -> Iterator[Narrowing]:
    """An install with a single site that shows everything narrows nothing."""
    front = front_of(request)
    if front.own_only:
        yield Narrowing(tuple(LISTING_MODELS), EXCHANGE, (str(front.exchange.pk),))
    if tops := tops_of(front):
        yield Narrowing((PAGE,), TOP, tops)
