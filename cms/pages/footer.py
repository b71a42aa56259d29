"""The pages named in the footer of every page: what is live, in a menu and directly below the site."""

from typing import Final

from django.core.cache import cache

from cms.pages.models import SITE_DEPTH, all_pages

_KEPT_SECONDS: Final = 60
_KEYS: Final = {language: f"cms:footer:{language}" for language in ("vi", "en")}


def footer_pages(language: str) -> list[tuple[str, str]]:
    """Titles with their addresses; remembered for a minute, or until the tick sees a change."""
    known: list[tuple[str, str]] | None = cache.get(_KEYS[language])
    if known is None:
        pages = all_pages().live().public().in_menu().select_related("locale")
        pages = pages.filter(depth=SITE_DEPTH + 1, locale__language_code=language)
        known = [(page.title, page.url or "") for page in pages.order_by("path")]
        cache.set(_KEYS[language], known, _KEPT_SECONDS)
    return known


def forget_footer() -> None:
    cache.delete_many(_KEYS.values())
