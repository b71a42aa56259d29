"""What other pages show of the site's own pages."""

from typing import Any, Final

from django import template
from django.utils.translation import get_language

from cms.pages.footer import footer_pages
from cms.pages.models import ArticlePage, SectionPage

register = template.Library()

_ON_THE_FRONT_PAGE: Final = 3


@register.simple_tag
def site_pages() -> list[tuple[str, str]]:
    """Title and address of each page in the footer, in the language of the page."""
    return footer_pages(_language())


@register.simple_tag
def newest_news() -> dict[str, Any]:
    """The newest articles in the language of the page, and where all of them are."""
    of_language = {"locale__language_code": _language()}
    articles = (
        ArticlePage.objects.live().public().filter(**of_language).select_related("picture")
    ).order_by("-shown_on", "-pk")[:_ON_THE_FRONT_PAGE]
    found = list(articles)
    section = (
        SectionPage.objects.live()
        .public()
        .filter(**of_language, shows=SectionPage.Shows.NEWS)
        .order_by("path")
        .first()
        if found
        else None
    )
    return {"articles": found, "all_url": section.url if section is not None else ""}


def _language() -> str:
    return "en" if get_language() == "en" else "vi"
