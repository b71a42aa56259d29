"""The stage `matching.run`: rows whose content is ahead of what was matched.

It waits for the index: of two listings published together at least one is in it when the other is
matched. Each step is done again where it was killed, and doing it again changes nothing.
"""

from collections.abc import Iterable
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from marketplace.listings.models import Need
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.services import (
    match_need,
    retire_matches_of_need,
    retire_matches_of_supply,
)
from marketplace.matching.texts import SUPPLY, candidate_text
from marketplace.matching.weighing import active_weights
from search.engines import SearchUnavailable, get_engine
from search.queries import TextQuery

logger = structlog.get_logger(__name__)

NEEDS_A_BATCH: Final = 20
#: Open needs that a new text is tried on.
REACH: Final = 30
#: Rows whose mark is set in one transaction; SQLite's writers wait for each other.
MARKS_A_BATCH: Final = 5000


def run_batch() -> int:
    """Does some of what waits; returns how many rows it moved on, 0 where nothing waits."""
    try:
        return _needs() or _supply() or _needs_of_other_weights()
    except SearchUnavailable as error:
        logger.warning("matching waits for the index", reason=str(error))
        return 0


def _indexed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(indexed_version__gte=F("content_version"))


def _needs() -> int:
    stale = _indexed(Need.objects.stale("matched_version")).order_by("pk")
    needs = list(stale.select_related("organization", "exchange")[:NEEDS_A_BATCH])
    for need in needs:
        if need.is_public:
            match_need(need)
        else:
            retire_matches_of_need(need, version=need.content_version)
    return len(needs)


def _needs_of_other_weights() -> int:
    """After a change of weights, what others ranked, when nothing newer waits. The version on the run
    is the mark: killed or stopped, it goes on where it stood."""
    behind = MatchRun.objects.behind(active_weights().version).values("need")
    needs = Need.objects.public().filter(pk__in=behind).order_by("pk")
    done = list(_indexed(needs).select_related("organization", "exchange")[:NEEDS_A_BATCH])
    for need in done:
        match_need(need)
    return len(done)


def _supply() -> int:
    """New and changed supply from the cheaper side: its texts against needs, or all needs again.

    The needs concerned are only marked here. They are matched in the batches that follow, each under a
    renewed lease, however many there are.
    """
    waiting = {
        kind: list(
            _indexed(model.objects.stale("matched_version"))
            .order_by("pk")
            .values_list("pk", "content_version")[:MARKS_A_BATCH]
        )
        for kind, model in SUPPLY.items()
    }
    count = sum(len(rows) for rows in waiting.values())
    if not count:
        return 0
    open_needs = Need.objects.public().count()
    if count * (1 + min(REACH, open_needs)) < open_needs:
        needs = _needs_touched(waiting)
    else:
        needs = Need.objects.public()
    for kind, rows in waiting.items():
        _leave(kind, [pk for pk, _version in rows])
    with transaction.atomic():
        needs.update(matched_version=0)
        for kind, rows in waiting.items():
            SUPPLY[kind].mark_done("matched_version", rows)
    return count


def _needs_touched(waiting: dict[str, list[tuple[int, int]]]) -> QuerySet[Need]:
    """Needs that a changed text may answer, and those it answered until now."""
    keys: set[str] = set()
    pks: set[int] = set()
    engine = get_engine()
    for kind, rows in waiting.items():
        changed = [pk for pk, _version in rows]
        matched = Match.objects.active().filter(**{f"{kind}__in": changed})
        pks |= set(matched.values_list("need_id", flat=True))
        for row in SUPPLY[kind].objects.public().filter(pk__in=changed):
            text = candidate_text(kind, row)
            query = TextQuery(f"{text.title}\n{text.text}", kinds=("need",), limit=REACH)
            keys |= {hit.key for hit in engine.candidates(query)}
    found = Need.objects.public()
    return found.filter(pk__in=pks) | found.filter(public_id__in=keys)


def _leave(kind: str, pks: Iterable[int]) -> None:
    """Matches of what is no longer public, wherever they were found."""
    model = SUPPLY[kind]
    matched = set(
        Match.objects.active().filter(**{f"{kind}__in": list(pks)}).values_list(kind, flat=True)
    )
    public = set(model.objects.public().filter(pk__in=matched).values_list("pk", flat=True))
    for row in model.objects.filter(pk__in=matched - public):
        retire_matches_of_supply(kind, row)
