"""How the site of the host shows itself: colour, logo, entries of the menu. Without a request the product's own."""

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from marketplace.accounts.fronts import Front, Section
from marketplace.core.templatetags.design import menu, site_name

register = template.Library()

#: The bar of a phone's browser, in the colour of each theme's action (`css/themes.css`).
COLOURS: Final = {"": "#0a5a50", "blue": "#0b4f8a", "plum": "#7a2259", "indigo": "#413a94"}


def _front(context: template.Context) -> Front | None:
    return context.get("front")


@register.simple_tag(takes_context=True)
def site_theme(context: template.Context) -> SafeString | str:
    """The attribute of the page that chooses its colours; nothing for the product's own."""
    front = _front(context)
    return format_html(' data-theme="{}"', front.theme) if front and front.theme else ""


@register.simple_tag(takes_context=True)
def theme_colour(context: template.Context) -> str:
    front = _front(context)
    return COLOURS.get(front.theme if front else "", COLOURS[""])


@register.simple_tag(takes_context=True)
def site_logo(context: template.Context) -> str:
    front = _front(context)
    return front.logo if front else ""


@register.simple_tag(takes_context=True)
def header_part(context: template.Context, part: str) -> SafeString:
    """Of the bar on top what is the same for everybody; made once for all sites that look alike."""
    front = _front(context)
    return menu(
        context,
        "components/header_part.html",
        part=part,
        site=site_name(context),
        logo=site_logo(context),
        sections=(front.sections if front else ()) or Section.values,
    )
