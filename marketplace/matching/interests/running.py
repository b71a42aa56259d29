"""The stage `matching.interests`: new needs against the interests, then the interests that are due.

Both find their work by state and may be killed anywhere: a need is considered once per version
(`ConsideredNeed`), an interest is run when it was written, changed or concerned (`asked_version`). New
supply is considered by the stage `matching.run`, in the transaction that marks it.
"""

from collections.abc import Sequence
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.considering import Waiting, texts_of
from marketplace.matching.explanations import explanation_of
from marketplace.matching.finding import find_matches
from marketplace.matching.interests.considering import interests_concerned
from marketplace.matching.interests.services import forget_deleted
from marketplace.matching.interests.telling import retire_found, tell_found
from marketplace.matching.interests.texts import (
    Narrowing,
    interest_text,
    kinds_of,
    need_as_candidate,
    open_needs,
    under_way_of,
)
from marketplace.matching.models import Band, ConsideredNeed, Interest, InterestMatch, open_rows
from marketplace.matching.models.interests import NEED
from marketplace.matching.scoring import CandidateText, MatchList, Scored
from search.engines import SearchUnavailable

logger = structlog.get_logger(__name__)

NEEDS_A_BATCH: Final = 200
INTERESTS_A_BATCH: Final = 20
#: Read for one interest: what narrows it drops some of them.
_READ: Final = 60
#: Shown of one interest; behind them nobody looks.
_SHOWN: Final = 20


def run_batch() -> int:
    """Does some of what waits; returns how many rows it moved on, 0 where nothing waits."""
    try:
        return _needs() or _interests() or forget_deleted()
    except SearchUnavailable as error:
        logger.warning("interests wait for the index", reason=str(error))
        return 0


def _needs() -> int:
    done = ConsideredNeed.objects.filter(
        need=OuterRef("pk"), version__gte=OuterRef("content_version")
    )
    indexed = Need.objects.filter(~Exists(done), indexed_version__gte=F("content_version"))
    rows = list(indexed.order_by("pk").values_list("pk", "content_version")[:NEEDS_A_BATCH])
    if not rows:
        return 0
    pks = [pk for pk, _version in rows]
    there = {need.public_id: need for need in open_needs().filter(pk__in=pks)}

    def wants(narrowing: Narrowing, text: CandidateText) -> bool:
        return narrowing.wants_need(there[text.key])

    # Those that wait for their run too: one of them may be at it, and has looked before these came.
    seeking = Interest.objects.active().filter(seeks=Interest.Seeks.NEEDS)
    concerned = interests_concerned(
        list(seeking.order_by("pk")), map(need_as_candidate, there.values()), wants
    )
    found = InterestMatch.objects.active().of(NEED, pks)
    gone = set(pks) - {need.pk for need in there.values()}
    with transaction.atomic():
        retire_found(found.of(NEED, gone))
        concerned |= set(found.values_list("interest", flat=True))
        Interest.objects.active().filter(pk__in=concerned).ask_again()
        ConsideredNeed.record(rows)
    return len(rows)


def interests_looking_for(waiting: Waiting) -> set[int]:
    """Interests in supply that these new and changed rows concern: they may fit, or did until now.

    Those that wait for their run too: another process may be at it, and has looked before these came.
    """
    interests = list(Interest.objects.active().filter(seeks=Interest.Seeks.SUPPLY).order_by("pk"))
    if not interests:
        return set()
    concerned = interests_concerned(interests, texts_of(waiting), Narrowing.wants)
    for kind, rows in waiting.items():
        found = InterestMatch.objects.active().of(kind, [pk for pk, _version in rows])
        concerned |= set(found.values_list("interest", flat=True))
    return concerned


def _interests() -> int:
    due = Interest.objects.due().select_related("organization").order_by("matched_at", "pk")
    interests = list(due[:INTERESTS_A_BATCH])
    for interest in interests:
        match_interest(interest)
    return len(interests)


def match_interest(interest: Interest) -> int:
    """Matches an interest against all that is open, and returns how much is shown.

    Raises:
        SearchUnavailable: the index is missing or broken; the interest stays to be done.
    """
    asked, narrowing = interest.asked_version, Narrowing(interest)
    found = find_matches(
        interest_text(interest),
        kinds=kinds_of(interest),
        under_way=under_way_of(interest),
        limit=_READ,
        complete=narrowing.complete,
    )
    with transaction.atomic():
        locked = Interest.objects.select_for_update(of=("self",)).filter(
            pk=interest.pk, matched_version__lt=asked
        )
        # Paused, deleted or done by somebody else meanwhile: nobody is told.
        if not locked.filter(paused_at=None, deleted_at=None).exists():
            return 0
        shown, new = _write(interest, found)
        tell_found(interest, new)
        locked.update(
            matched_version=asked, matched_at=clock.now(), left_out=len(narrowing.left_out)
        )
    return shown


def _write(interest: Interest, found: MatchList) -> tuple[int, list[InterestMatch]]:
    """Upserts what is shown and retires the rest; returns how much is shown, and what is new of it."""
    good = [one for one in found.good if one.band != Band.WEAK]
    shown = [*good, *found.promising][:_SHOWN]
    keys = _keys(shown)
    existing = {(row.kind, row.candidate_id): row for row in interest.matches.all()}
    now, new, kept = clock.now(), [], set()
    for rank, scored in enumerate([one for one in shown if one.candidate.id in keys], 1):
        pk, version = keys[scored.candidate.id]
        row = existing.get((scored.candidate.kind, pk))
        if row is None:
            row = InterestMatch(
                interest=interest,
                kind=scored.candidate.kind,
                candidate_id=pk,
                first_matched_at=now,
            )
        if row.pk is None or row.retired_at is not None:
            new.append(row)
        row.rank, row.candidate_version, row.retired_at = rank, version, None
        row.score, row.probability, row.band = scored.score, scored.probability, scored.band
        row.explanation = explanation_of(scored)
        row.save()
        kept.add(row.pk)
    retire_found(interest.matches.active().exclude(pk__in=kept))
    return len(kept), new


def _keys(shown: Sequence[Scored]) -> dict[str, tuple[int, int]]:
    wanted: dict[str, list[str]] = {}
    for one in shown:
        wanted.setdefault(one.candidate.kind, []).append(one.candidate.key)
    return {
        f"{kind}:{key}": (pk, version)
        for kind, keys in wanted.items()
        for key, pk, version in open_rows(kind)
        .filter(public_id__in=keys)
        .values_list("public_id", "pk", "content_version")
    }
