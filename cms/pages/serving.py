"""Pages at their address, and from those they had before."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from wagtail.models import Page, Site
from wagtail.views import serve

from cms.pages.addresses import path_of
from cms.pages.former import FormerAddress
from cms.pages.models import open_pages


def serve_page(request: HttpRequest, path: str) -> Any:
    """As Wagtail serves pages, and old addresses lead to new ones."""
    try:
        return serve(request, path)
    except Http404:
        answer = _moved(request, path)
        if answer is None:
            raise
        return answer


def _moved(request: HttpRequest, path: str) -> HttpResponse | None:
    site = Site.find_for_request(request)
    if site is None or request.method not in ("GET", "HEAD"):
        return None
    root: Page = site.root_page.localized
    known = FormerAddress.objects.filter(url_path=f"{root.url_path}{path}", page__in=open_pages())
    former = known.select_related("page").first()
    address = path_of(former.page) if former else None
    return HttpResponsePermanentRedirect(address) if address else None
