"""What other pages show of the site's own pages."""

from typing import Final

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms.pages.footer import footer_pages
from cms.pages.models import ArticlePage, SectionPage
from cms.sites.showing import below, tops_of
from marketplace.accounts.fronts import Front, default_front
from marketplace.core.kept_pages import kept_part

register = template.Library()

_ON_THE_FRONT_PAGE: Final = 3


@register.simple_tag(takes_context=True)
def site_pages(context: template.Context) -> list[tuple[str, str]]:
    """Title and address of each page in the footer, in the language of the page."""
    return footer_pages(_language(), context.get("front") or default_front())


@register.simple_tag(takes_context=True)
def newest_news(context: template.Context) -> SafeString:
    """The newest articles in the language of the page, and where all of them are; "" where there is none."""
    front = context.get("front") or default_front()
    return kept_part(f"news:{front.key}:{_language()}", lambda: _news(front))


def _news(front: Front) -> SafeString:
    tops, of_language = tops_of(front), {"locale__language_code": _language()}
    articles = below(ArticlePage.objects.live().public(), tops).filter(**of_language)
    found = list(
        articles.select_related("picture").order_by("-shown_on", "-pk")[:_ON_THE_FRONT_PAGE]
    )
    if not found:
        return SafeString()
    sections = below(SectionPage.objects.live().public(), tops).filter(**of_language)
    section = sections.filter(shows=SectionPage.Shows.NEWS).order_by("path").first()
    return render_to_string(
        "cms/_news.html",
        {"articles": found, "all_url": section.url if section is not None else ""},
    )


def _language() -> str:
    return "en" if get_language() == "en" else "vi"
