"""The stage `matching.run`: rows whose content is ahead of what was matched.

It waits for the index: of two listings published together at least one is in it when the other is
matched. Each step is done again where it was killed, and doing it again changes nothing.
"""

from collections.abc import Iterable
from time import monotonic
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from marketplace.accounts.supply import supply_kind, supply_kinds
from marketplace.core.leases import is_held
from marketplace.listings.models import Need
from marketplace.matching.considering import needs_concerned
from marketplace.matching.interests.running import interests_looking_for
from marketplace.matching.models import Interest, Match
from marketplace.matching.rematching import rematch_batch
from marketplace.matching.services import (
    forget_words,
    match_need,
    public_supply,
    retire_matches_of_need,
    retire_matches_of_supply,
)
from search.engines import SearchUnavailable

logger = structlog.get_logger(__name__)

STAGE: Final = "matching.run"

NEEDS_A_BATCH: Final = 20
#: After so long a batch begins no further need: what is withdrawn meanwhile does not wait for many to be matched.
SECONDS_A_BATCH: Final = 2
#: Rows of supply that are looked at together, as a large import brings them.
SUPPLY_A_BATCH: Final = 10_000
#: What a second process takes at a time, and how many needs must wait for it to take any: more than both
#: may have in hand, so that they hardly ever meet. Where they do, the second writes nothing (`match_need`).
NEEDS_LENT: Final = 5
WORTH_A_HAND: Final = NEEDS_A_BATCH + 2 * NEEDS_LENT
_CHUNK: Final = 500


def run_batch() -> int:
    """Does some of what waits; returns how many rows it moved on, 0 where nothing waits."""
    try:
        return _withdrawn() or _needs() or _supply() or rematch_batch()
    except SearchUnavailable as error:
        logger.warning("matching waits for the index", reason=str(error))
        return 0


def _indexed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(indexed_version__gte=F("content_version"))


def _withdrawn() -> int:
    """Needs that readers no longer see leave every list before anything is searched for."""
    stale = Need.objects.stale("matched_version").order_by("pk")
    needs = list(stale.exclude(pk__in=Need.objects.public().values("pk"))[:NEEDS_A_BATCH])
    for need in needs:
        retire_matches_of_need(need, version=need.content_version)
    return len(needs)


def _needs() -> int:
    return _matched(_waiting_needs().order_by("pk")[:NEEDS_A_BATCH])


def lend_a_hand() -> int:
    """Matches some of many needs that wait while another process is at the stage, and returns how many.

    Needs alone, and from the end that the stage comes to last: all else is the stage's, whose order says
    what must not wait. Where nobody is at the stage there is nothing to help with.
    """
    if not is_held(STAGE) or _waiting_needs().count() < WORTH_A_HAND:
        return 0
    try:
        return _matched(_waiting_needs().order_by("-pk")[:NEEDS_LENT])
    except SearchUnavailable:
        return 0  # the stage says so


def _waiting_needs() -> QuerySet[Need]:
    return _indexed(Need.objects.public().stale("matched_version"))


def _matched(waiting: QuerySet[Need]) -> int:
    needs = list(waiting.select_related("organization", "exchange"))
    searched = public_supply() if needs else {}
    began, done = monotonic(), 0
    for need in needs:
        if Need.objects.stale("matched_version").filter(pk=need.pk).exists():
            match_need(need, searched=searched)
        done += 1
        if monotonic() - began > SECONDS_A_BATCH:
            break
    return done


def _supply() -> int:
    """New and changed supply against the open needs, from the cheaper side.

    The needs concerned are only marked here, as they are found, and before the rows are: who is killed in
    between looks again. They are matched in the batches that follow, each under a renewed lease, however
    many there are, and by whoever lends a hand meanwhile.
    """
    waiting = {
        code: list(
            _indexed(kind.model.objects.stale("matched_version"))
            .order_by("pk")
            .values_list("pk", "content_version")[:SUPPLY_A_BATCH]
        )
        for code, kind in supply_kinds().items()
    }
    count = sum(map(len, waiting.values()))
    if not count:
        return 0
    for needs in needs_concerned(waiting):
        for start in range(0, len(needs), _CHUNK):
            concerned = Need.objects.public().filter(pk__in=needs[start : start + _CHUNK])
            concerned.update(matched_version=0)
    interests = interests_looking_for(waiting)
    for kind, rows in waiting.items():
        _leave(kind, [pk for pk, _version in rows])
    with transaction.atomic():
        Interest.objects.active().filter(pk__in=interests).ask_again()
        for kind, rows in waiting.items():
            supply_kind(kind).model.mark_done("matched_version", rows)
    return count


def _leave(code: str, pks: Iterable[int]) -> None:
    """Matches of what is no longer open, wherever they were found."""
    rows, kind = list(pks), supply_kind(code)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        found = Match.objects.active().of(code, chunk)
        matched = set(found.values_list("candidate_id", flat=True))
        opened = set(kind.rows().filter(pk__in=matched).values_list("pk", flat=True))
        for pk in sorted(matched - opened):
            retire_matches_of_supply(code, pk)
        if kind.is_personal:
            closed = kind.all_rows().filter(pk__in=chunk).exclude(pk__in=kind.rows().values("pk"))
            forget_words(code, dict(closed.values_list("pk", "public_id")))
