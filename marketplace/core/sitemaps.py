"""The map of the site for search engines: each app says which of its rows have a page (`register_sitemap`)."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

PAGE: Final = 5_000
#: Nothing below these is for search engines: pages of an account, of staff, and files by their ids.
_CLOSED: Final = (
    "/admin/",
    "/bang-dieu-khien/",
    "/tai-khoan/",
    "/thong-bao/",
    "/luot-xem/",
    "/so-sanh/",
)

_sitemaps: dict[str, Callable[[HttpRequest], Sitemap]] = {}


def register_sitemap(name: str, sitemap: Callable[[HttpRequest], Sitemap]) -> None:
    if name in _sitemaps:
        raise ValueError(f"the sitemap {name} is taken")
    _sitemaps[name] = sitemap


def rows_sitemap(
    rows: Callable[[HttpRequest], QuerySet[Any]], changed: str = ""
) -> Callable[[HttpRequest], Sitemap]:
    """A sitemap of rows with a page of their own.

    Args:
        rows: those that anybody may read on the site of a request, in a fixed order.
        changed: the field that says when the page changed, where there is one.
    """

    class Rows(Sitemap):
        limit = PAGE

        def __init__(self, request: HttpRequest) -> None:
            self.request = request

        def items(self) -> QuerySet[Any]:
            return rows(self.request)

    if changed:
        Rows.lastmod = lambda self, row: getattr(row, changed)  # type: ignore[attr-defined]
    return Rows


def _of_site(request: HttpRequest) -> dict[str, Any]:
    return {name: of_site(request) for name, of_site in _sitemaps.items()}


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return sitemaps.index(request, _of_site(request), sitemap_url_name="sitemap")


@login_not_required
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemaps.sitemap(request, _of_site(request), section)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = "\n".join(f"Disallow: {path}\nDisallow: /en{path}" for path in _CLOSED)
    address = request.build_absolute_uri(reverse("sitemaps"))
    return HttpResponse(
        f"User-agent: *\n{closed}\n\nSitemap: {address}\n", content_type="text/plain"
    )
