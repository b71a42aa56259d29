"""What other pages show of the site's own pages."""

from django import template
from django.utils.translation import get_language

from cms.pages.footer import footer_pages

register = template.Library()


@register.simple_tag
def site_pages() -> list[tuple[str, str]]:
    """Title and address of each page in the footer, in the language of the page."""
    return footer_pages("en" if get_language() == "en" else "vi")
