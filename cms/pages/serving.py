"""Pages at their address, and from those they had before."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.views import serve

from cms.pages.addresses import path_of
from cms.pages.former import FormerAddress
from cms.pages.models import open_pages
from marketplace.accounts.fronts import front_of
from marketplace.core.kept_pages import kept_part


def serve_page(request: HttpRequest, path: str) -> Any:
    """As Wagtail serves pages, and old addresses lead to new ones."""
    _take_known_way(request, path)
    try:
        return serve(request, path)
    except Http404:
        answer = _moved(request, path)
        if answer is None:
            raise
        return answer


def _take_known_way(request: HttpRequest, path: str) -> None:
    """Wagtail asks for a page's site and for every part of its address: where that led before is kept.

    The page itself is read anew, and whether this reader may see it is asked as ever.
    """

    def find() -> tuple[type[Page], int, str] | None:
        result = Page.route_for_request(request, path)
        page = result.page if result is not None else None
        # Ways that a page has of its own, as by month, are not kept, nor is the same way in other spellings.
        return _place(page) if page is not None and page.url_path.endswith(f"/{path}") else None

    place = kept_part(f"way:{front_of(request).key}:{get_language()}:{path}", find)
    if place is None or hasattr(request, "_wagtail_route_for_request"):
        return
    kind, key, url_path = place
    rows = kind._default_manager.select_related("locale")
    page = rows.filter(pk=key, live=True, url_path=url_path).first()
    if page is not None:
        request._wagtail_route_for_request = page.route(request, [])


def _place(page: Page) -> tuple[type[Page], int, str]:
    return type(page), page.pk, page.url_path


def _moved(request: HttpRequest, path: str) -> HttpResponse | None:
    site = Site.find_for_request(request)
    if site is None or request.method not in ("GET", "HEAD"):
        return None
    root: Page = site.root_page.localized
    known = FormerAddress.objects.filter(url_path=f"{root.url_path}{path}", page__in=open_pages())
    former = known.select_related("page").first()
    address = path_of(former.page) if former else None
    return HttpResponsePermanentRedirect(address) if address else None
