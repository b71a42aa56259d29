"""The pages named in the footer of every page: what is live, in a menu and directly below the site."""

from typing import Final

from django.core.cache import cache

from cms.pages.addresses import path_of
from cms.pages.models import SITE_DEPTH, all_pages
from cms.sites.showing import below, tops_of
from marketplace.accounts.fronts import LANGUAGES, Front, all_fronts

_KEPT_SECONDS: Final = 60


def footer_pages(language: str, front: Front) -> list[tuple[str, str]]:
    """Titles with their addresses; remembered for a minute, or until the tick sees a change."""
    key = _key(language, front)
    known: list[tuple[str, str]] | None = cache.get(key)
    if known is None:
        pages = (
            below(all_pages(), tops_of(front)).live().public().in_menu().select_related("locale")
        )
        pages = pages.filter(depth=SITE_DEPTH + 1, locale__language_code=language)
        known = [(page.title, path_of(page)) for page in pages.order_by("path")]
        cache.set(key, known, _KEPT_SECONDS)
    return known


def forget_footer() -> None:
    fronts = all_fronts()
    cache.delete_many([_key(lang, front) for lang in LANGUAGES for front in fronts])


def _key(language: str, front: Front) -> str:
    return f"cms:footer:{front.key}:{language}"
