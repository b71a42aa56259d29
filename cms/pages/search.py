"""How the site's pages are found: in a tab of their own."""

from datetime import datetime
from typing import Any, Final, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.pages.following import KIND
from cms.pages.models import SITE_DEPTH, PageEntry, open_pages
from cms.sites.showing import below, tops_of, within_tops
from marketplace.accounts.fronts import front_of
from marketplace.core import clock
from marketplace.core.sitemaps import register_sitemap, rows_sitemap
from search.analysis import Language
from search.documents import Document
from search.registry import Source, register
from search.tabs import register_tab, tab_of_kind

#: Of the path of a page at the top.
TOP_LENGTH: Final = SITE_DEPTH * Page.steplen


def build_document(entry: PageEntry) -> Document:
    page = entry.page.specific
    language = page.locale.language_code
    published = page.last_published_at or page.latest_revision_created_at
    return Document(
        kind=KIND,
        key=entry.public_id,
        title=page.title,
        text=page.search_text(),
        language=cast(Language, language),
        facets={"language": (language,), "top": (page.path[:TOP_LENGTH],)},
        numbers={"published": published.astimezone(clock.VIETNAM).toordinal()} if published else {},
    )


def _live(entries: QuerySet[Any], user: Any = None) -> QuerySet[Any]:
    """What everybody may read now, whatever the tick has noticed yet."""
    return entries.filter(page__in=open_pages())


def _since(entry: PageEntry) -> datetime | None:
    first: datetime | None = entry.page.first_published_at
    return first


def _listed(request: HttpRequest) -> QuerySet[Any]:
    entries = PageEntry.objects.select_related("page__locale").order_by("pk")
    return _live(below(entries, tops_of(front_of(request)), "page__"))


def register_pages() -> None:
    register_sitemap("trang", rows_sitemap(_listed, "published_at"))
    register(
        Source(
            kind=KIND,
            label=_("Trang hướng dẫn"),
            model=PageEntry,
            since=_since,
            indexable=_live,
            build=build_document,
            related=("page__locale",),
            visible=_live,
            within=within_tops,
            card_template="cms/_hit.html",
            is_aside=True,
        )
    )
    register_tab(tab_of_kind(KIND, name="trang", in_own_language=True))
