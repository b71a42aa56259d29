"""Documents that were written before they said whose they are are written again when that begins to matter."""

from cms.pages.entries import PageEntry
from marketplace.accounts.models import Exchange
from marketplace.listings.models import LISTING_MODELS


def write_listings_again(exchange: Exchange) -> None:
    """A site asks from now on for the listings of this exchange alone."""
    for model in LISTING_MODELS.values():
        model.objects.filter(exchange=exchange).update(indexed_version=0)


def write_pages_again() -> None:
    """With a second site each page is found on its own alone."""
    PageEntry.objects.update(indexed_version=0)
