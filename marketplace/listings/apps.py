from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _public(model: type[Any]) -> Callable[[HttpRequest], Any]:
    from marketplace.accounts.fronts import all_fronts, front_of

    def rows(request: HttpRequest) -> Any:
        """Each listing is in the map of one site, that which is its page's for search engines."""
        front = front_of(request)
        elsewhere = [one.exchange.pk for one in all_fronts() if one.exchange != front.exchange]
        shown = model.objects.public().shown_on(front)
        return shown.exclude(exchange__in=elsewhere).order_by("pk")

    return rows


class ListingsConfig(AppConfig):
    name = "marketplace.listings"
    label = "listings"
    verbose_name = _("Tin đăng")

    def ready(self) -> None:
        from marketplace.accounts.dependents import register_dependents
        from marketplace.accounts.handover import Charge, register_charge
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.accounts.profile_gaps import register_profile_gaps
        from marketplace.core.sitemaps import register_sitemap, rows_sitemap
        from marketplace.listings.letterheads import register_listing_letterheads
        from marketplace.listings.merged_rows import move_hits, take_back_hits
        from marketplace.listings.models import (
            LISTING_MODELS,
            CallRequest,
            CatalogueRun,
            Need,
            OfferFromResult,
            StaffPost,
        )
        from marketplace.listings.notices import register_notices
        from marketplace.listings.profile_gaps import nothing_shown
        from marketplace.listings.search import register_listings
        from marketplace.listings.services.handover import count_charge, pass_on_charge
        from marketplace.listings.supply import register_listing_supply
        from marketplace.sources.linking.attachments import register_attachment, register_rows

        register_notices()
        register_listing_letterheads()
        register_profile_gaps(nothing_shown)
        register_listings()
        register_listing_supply()
        register_rows("result", OfferFromResult)
        register_attachment(
            "need", "notifications.SavedSearchHit.key", move=move_hits, take_back=take_back_hits
        )
        register_organization_rows(
            *LISTING_MODELS.values(),
            OfferFromResult,
            StaffPost,
            CallRequest,
            CatalogueRun,
            (Need, "found_by"),
        )
        register_charge(Charge(count=count_charge, pass_on=pass_on_charge))
        for model in LISTING_MODELS.values():
            register_dependents(model.objects.of_organizations)
            register_sitemap(model.KIND, rows_sitemap(_public(model), "last_published_at"))
