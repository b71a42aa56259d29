"""What other pages show of the site's own pages."""

from typing import Any, Final

from django import template
from django.utils.translation import get_language

from cms.pages.footer import footer_pages
from cms.pages.models import ArticlePage, SectionPage
from cms.sites.showing import pages_on
from marketplace.accounts.fronts import default_front

register = template.Library()

_ON_THE_FRONT_PAGE: Final = 3


@register.simple_tag(takes_context=True)
def site_pages(context: template.Context) -> list[tuple[str, str]]:
    """Title and address of each page in the footer, in the language of the page."""
    return footer_pages(_language(), context.get("front") or default_front())


@register.simple_tag(takes_context=True)
def newest_news(context: template.Context) -> dict[str, Any]:
    """The newest articles in the language of the page, and where all of them are."""
    of_language = {"locale__language_code": _language()}
    articles = (
        pages_on(ArticlePage.objects.live().public(), context["request"])
        .filter(**of_language)
        .select_related("picture")
    ).order_by("-shown_on", "-pk")[:_ON_THE_FRONT_PAGE]
    found = list(articles)
    section = (
        pages_on(SectionPage.objects.live().public(), context["request"])
        .filter(**of_language, shows=SectionPage.Shows.NEWS)
        .order_by("path")
        .first()
        if found
        else None
    )
    return {"articles": found, "all_url": section.url if section is not None else ""}


def _language() -> str:
    return "en" if get_language() == "en" else "vi"
