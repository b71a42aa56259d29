"""Listings that may be one with a submission: its candidates from the index and from its organisation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog
from django.utils.translation import gettext as _

from marketplace.listings.examining.alike import (
    Likeness,
    ListingText,
    compare_listings,
    read_listing,
)
from marketplace.listings.examining.findings import Evidence, Finding, Level
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.search import TEXTS
from marketplace.listings.services.drafts import draft_of
from search.engines import get_engine
from search.engines.base import SearchUnavailable
from search.queries import TextQuery

logger = structlog.get_logger(__name__)

#: Read from the index, and of the organisation's own.
_CANDIDATES: Final = 15
_OWN: Final = 60
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Copy:
    listing: Listing
    likeness: Likeness
    is_own: bool

    @property
    def reason(self) -> str:
        parts = [_("tên giống %(n)s %%") % {"n": round(100 * self.likeness.title)}]
        if self.likeness.text:
            parts.append(
                _("lời văn trùng %(n)s %%") % {"n": round(100 * min(1, self.likeness.text))}
            )
        if self.likeness.figures:
            parts.append(_("con số trùng %(n)s %%") % {"n": round(100 * self.likeness.figures)})
        return ", ".join(parts)


def find_copies(draft: Listing) -> list[Copy]:
    """Listings of its kind that a person should look at beside it, the likest first.

    Everybody's that are shown, by the index; of its own organisation those that wait for review too.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    model = LISTING_MODELS[draft.KIND]
    texts = [getattr(draft, name) for name in TEXTS[draft.KIND]]
    whole = "\n".join(filter(None, [draft.title, *texts]))
    hits = get_engine().candidates(TextQuery(whole, kinds=(draft.KIND,), limit=_CANDIDATES))
    shown = model.objects.public().filter(public_id__in=[hit.key for hit in hits])
    own = model.objects.filter(organization=draft.organization_id, withdrawn_at=None).order_by(
        "-pk"
    )
    rows = {row.pk: row for row in (*shown.select_related("organization"), *own[:_OWN])}
    rows.pop(draft.pk, None)
    read = read_listing(draft.title, texts)
    found = [
        Copy(row, likeness, row.organization_id == draft.organization_id)
        for row, text in _read(rows.values())
        if (likeness := compare_listings(read, text)).is_copy
    ]
    return sorted(found, key=lambda one: (-one.likeness.score, one.listing.pk))[:_SHOWN]


def _read(rows: Iterable[Listing]) -> Iterator[tuple[Listing, ListingText]]:
    for row in rows:
        # Of what was never shown the words stand in its newest draft alone.
        said = row if row.live else draft_of(row)
        yield row, read_listing(said.title, [getattr(said, name) for name in TEXTS[row.KIND]])


def check_copies(draft: Listing) -> Finding:
    title = _("Tin trùng")
    try:
        found = find_copies(draft)
    except SearchUnavailable:
        logger.warning(
            "no search for copies of a listing", listing=f"{draft.KIND}:{draft.public_id}"
        )
        waiting = Evidence(_("Máy tìm kiếm đang nghỉ: chưa đối chiếu với tin đang đăng."))
        return Finding("copies", "unknown", title, (waiting,))
    level: Level = "warning" if found else "clean"
    return Finding(
        "copies",
        level,
        title,
        tuple(
            Evidence(
                f"{one.listing} {one.listing.display_number}".strip(),
                url=one.listing.get_absolute_url() if one.listing.is_public else "",
                note=", ".join(
                    filter(
                        None, [one.reason, one.is_own and _("cùng tổ chức") or _("tổ chức khác")]
                    )
                ),
            )
            for one in found
        ),
    )
