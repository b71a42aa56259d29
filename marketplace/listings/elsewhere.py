"""What a site says of a listing that it does not show, since it is another exchange's."""

from django.http import Http404, HttpResponseRedirect

from marketplace.accounts.fronts import home_of
from marketplace.listings.models import Listing


def elsewhere(listing: Listing) -> HttpResponseRedirect:
    """Leads to its page on the site of its own exchange: whoever follows an old link or was sent one by a
    colleague means the listing, not the site. Not for ever, since what a site shows is a setting.

    Raises:
        Http404: it is not public, or that site does not show it either.
    """
    home = home_of(listing.exchange_id)
    if not listing.is_public or not home.shows(listing.exchange_id):
        raise Http404
    return HttpResponseRedirect(home.url(listing.get_absolute_url()))
