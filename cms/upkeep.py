"""What shown listings name and is true no longer: addresses that do not open, rights past their last day."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.notices import review_url
from cms.rights import has_right
from marketplace.listings.models import LISTING_MODELS, ListingLink, TechnologyOffer
from marketplace.listings.upkeep import FlaggedRight, flagged_rights

PAGE: Final = 50


def dead_links_for(user: Any) -> Any:
    """Of the shown listings that the person reads as staff."""
    found = ListingLink.objects.none()
    for kind, model in LISTING_MODELS.items():
        if has_right(user, "view", model):
            keys = model.objects.curated_by(user).public().values("public_id")
            found |= ListingLink.objects.dead().filter(kind=kind, key__in=keys)
    return found


def rights_for(user: Any) -> list[FlaggedRight]:
    if not has_right(user, "view", TechnologyOffer):
        return []
    return flagged_rights(TechnologyOffer.objects.curated_by(user).public().values("pk"))


class UpkeepView(DeskView):
    of = TechnologyOffer
    template_name = "cms/upkeep.html"
    page_title = gettext_lazy("Đường dẫn hỏng, quyền hết hạn")
    header_icon = "link-external"

    def may(self, user: Any, right: str) -> bool:
        return any(has_right(user, right, model) for model in LISTING_MODELS.values())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = dead_links_for(self.request.user).order_by("dead_since", "pk")
        page = Paginator(links, PAGE).get_page(self.request.GET.get("page"))
        listings: dict[tuple[str, str], Any] = {}
        for kind, model in LISTING_MODELS.items():
            keys = [link.key for link in page.object_list if link.kind == kind]
            rows = model.objects.filter(public_id__in=keys).select_related("organization")
            listings |= {(kind, row.public_id): row for row in rows}
        shown = [(link, listings[link.kind, link.key]) for link in page.object_list]
        return super().get_context_data(**kwargs) | {
            "page": page,
            "links": [
                {"link": link, "listing": row, "url": review_url(row)} for link, row in shown
            ],
            "rights": [
                {"flag": one, "url": review_url(one.offer)} for one in rights_for(self.request.user)
            ],
        }


def upkeep_urls() -> list[URLPattern]:
    return [path("can-xem-lai/", UpkeepView.as_view(), name="upkeep")]


def upkeep_menu_item() -> DeskMenuItem:
    return menu_item(UpkeepView, UpkeepView.page_title, "upkeep", order=82)
