"""What a submission would meet if it were published now, for the curator who reads it. Nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from marketplace.listings.models import Listing, Need
from marketplace.matching.considering import REACH
from marketplace.matching.finding import explain_pair, find_matches
from marketplace.matching.scoring import Scored
from marketplace.matching.scoring.reasons import reason_text
from marketplace.matching.texts import candidate_text, complete, need_text
from search.engines import get_engine
from search.queries import TextQuery

SHOWN: Final = 3
#: Open needs that an offer is read for: those its words are nearest to.
_READ: Final = REACH // 3


@dataclass(frozen=True, slots=True)
class Expected:
    title: str
    kind: str
    probability: float
    reason: str

    @property
    def percent(self) -> int:
        return round(100 * self.probability)


def expected_matches(draft: Listing) -> list[Expected]:
    """The best few: of a need what may answer it, of supply the open needs it may answer.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    if isinstance(draft, Need):
        scored = find_matches(need_text(draft), complete=complete).good[:SHOWN]
        return [_told(one.candidate.title, one.candidate.kind, one) for one in scored]
    found = sorted(_needs_for(draft), key=lambda one: -one.probability)
    return found[:SHOWN]


def _needs_for(draft: Listing) -> Iterator[Expected]:
    text = candidate_text(draft.KIND, draft)
    query = TextQuery(f"{text.title}\n{text.text}", kinds=(Need.KIND,), limit=_READ)
    keys = [hit.key for hit in get_engine().candidates(query)]
    rows = Need.objects.public().filter(public_id__in=keys).prefetch_related("specifications")
    for need in rows.order_by("pk"):
        asked = need_text(need)
        if not text.is_asked_by(asked):
            continue
        scored = explain_pair(asked, text)
        if scored is not None and scored.band != "weak":
            yield _told(need.title, need.KIND, scored)


def _told(title: str, kind: str, scored: Scored) -> Expected:
    first = next(iter(scored.reasons), None)
    said = reason_text(first.code, first.params) if first is not None else ""
    return Expected(title, kind, scored.probability, said)
