"""The pages that staff write, one module a kind, and the row by which the index follows each of them."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cms.pages.base import SITE_DEPTH, InFields, SitePage
from cms.pages.entries import PageEntry
from cms.pages.types.article import ArticlePage
from cms.pages.types.content import ContentPage
from cms.pages.types.dossier import DossierPage
from cms.pages.types.event import EventPage
from cms.pages.types.faq import FaqPage
from cms.pages.types.field import FieldPage
from cms.pages.types.form import FormPage
from cms.pages.types.help import HelpPage
from cms.pages.types.institute import InstitutePage
from cms.pages.types.legal import LegalDocumentPage
from cms.pages.types.publication import IssuePage, SeriesPage
from cms.pages.types.section import SectionPage
from cms.pages.types.story import SuccessStoryPage

#: Every kind of page of the site.
PAGE_TYPES: tuple[type[SitePage], ...] = (
    ContentPage, SectionPage, ArticlePage, EventPage, DossierPage, SuccessStoryPage, InstitutePage,
    FieldPage, LegalDocumentPage, FaqPage, HelpPage, SeriesPage, IssuePage, FormPage,
)  # fmt: skip

__all__ = [
    "PAGE_TYPES",
    "SITE_DEPTH",
    "InFields",
    "PageEntry",
    "SitePage",
    "all_pages",
    "open_pages",
    *(kind.__name__ for kind in PAGE_TYPES),
]


def all_pages() -> PageQuerySet:
    """The pages of the site of every kind, as Wagtail's own rows; not what stands above them."""
    kinds = ContentType.objects.get_for_models(*PAGE_TYPES).values()
    pages: PageQuerySet = Page.objects.filter(content_type__in=[kind.pk for kind in kinds])
    return pages


def open_pages() -> PageQuerySet:
    """Those that everybody may read now."""
    pages: PageQuerySet = all_pages().live().public()
    return pages
