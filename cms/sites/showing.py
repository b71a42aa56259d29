"""Which pages stand on a site: those below its own top in each language."""

from typing import Any

from django.db.models import Q, QuerySet

from cms.sites.fronts import SiteFront, SiteFronts
from marketplace.accounts.fronts import Front, front_of


def pages_on(pages: Any, request: Any) -> Any:
    """Those of these pages that stand on the site of the request."""
    return below(pages, tops_of(front_of(request)))


def tops_of(front: Front) -> tuple[str, ...]:
    """None where there is one site, which has all pages."""
    return front.tops if isinstance(front, SiteFront) else ()


def below(rows: Any, tops: tuple[str, ...], prefix: str = "") -> Any:
    """
    Args:
        rows: a query of pages, or of rows of a page.
        tops: paths; without any all rows.
        prefix: the way to the page, as "page__".
    """
    if not tops:
        return rows
    found = Q()
    for top in tops:
        found |= Q(**{f"{prefix}path__startswith": top})
    return rows.filter(found)


def within_tops(entries: QuerySet[Any], tops: tuple[str, ...]) -> QuerySet[Any]:
    """Entries of pages below one of these tops: of none where there is no top."""
    found: QuerySet[Any] = below(entries, tops, "page__") if tops else entries.none()
    return found


def front_of_page(page: Any) -> Front:
    """The site that a page stands on."""
    fronts = SiteFronts()
    for front in fronts.all():
        if any(page.path.startswith(top) for top in front.tops):
            return front
    return fronts.home_of(0)
