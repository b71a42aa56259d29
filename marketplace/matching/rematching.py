"""All needs again after a change of weights, in the background and in batches.

What other weights ranked says so itself (`MatchRun.weights_version`), need by need: killed, paused or
stopped it goes on where it stood, and a need that is done is not done again. What people know of a match
stays with the match, so nobody is told of it once more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.listings.models import Need
from marketplace.matching.models import MatchRun, Rematching
from marketplace.matching.services import match_need, public_supply
from marketplace.matching.weighing import active_weights

BATCH: Final = 20
#: The rate is told from the last minutes: the machine may have had other work before.
_RATE_MINUTES: Final = 10


def needs_behind(version: str) -> QuerySet[Need]:
    """Open needs that other weights ranked, and that the index knows as they are now."""
    behind = MatchRun.objects.behind(version).values("need")
    return Need.objects.public().filter(pk__in=behind, indexed_version__gte=F("content_version"))


def rematch_batch() -> int:
    """Some of the needs that other weights ranked; 0 where there are none, or somebody paused it."""
    version = active_weights().version
    begun = _begun(version)
    if begun is None or begun.paused_at is not None:
        return 0
    needs = needs_behind(version).select_related("organization", "exchange").order_by("pk")[:BATCH]
    done = len(needs)
    searched = public_supply() if done else {}
    for need in needs:
        match_need(need, searched=searched)
    if not done:
        Rematching.objects.filter(pk=begun.pk).update(ended_at=clock.now())
    return done


def _begun(version: str) -> Rematching | None:
    """The row of this time; made where needs are behind. Other weights end the time before them."""
    open_rows = Rematching.objects.filter(ended_at=None)
    open_rows.exclude(weights_version=version).update(ended_at=clock.now())
    row = open_rows.filter(weights_version=version).first()
    if row is not None:
        return row
    count = needs_behind(version).count()
    return Rematching.objects.create(weights_version=version, total=count) if count else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Attributes:
        since: the last beginning: of it all, or after a pause.
        per_minute: in the last minutes; 0 where nothing was done in them.
        minutes_left: None where that cannot be told.
    """

    row: Rematching
    done: int
    left: int
    since: datetime
    per_minute: float
    minutes_left: int | None

    @property
    def total(self) -> int:
        return self.done + self.left

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def progress() -> Progress | None:
    """Of the newest time; None where weights were never changed under matched needs."""
    row = Rematching.objects.order_by("-pk").select_related("paused_by").first()
    if row is None:
        return None
    left = 0 if row.ended_at else needs_behind(row.weights_version).count()
    since = row.resumed_at or row.started_at
    now = clock.now()
    recent = max(since, now - timedelta(minutes=_RATE_MINUTES))
    minutes = max((now - recent).total_seconds() / 60, 1 / 60)
    lately = MatchRun.objects.filter(weights_version=row.weights_version, ran_at__gte=recent)
    rate = 0.0 if row.ended_at or row.paused_at else lately.count() / minutes
    return Progress(
        row=row,
        done=max(row.total - left, 0),
        left=left,
        since=since,
        per_minute=round(rate, 1),
        minutes_left=-(-left // max(round(rate), 1)) if rate and left else None,
    )


@transaction.atomic
def pause_rematching(row: Rematching, *, by: Any) -> None:
    """
    Raises:
        InvalidTransition: it has ended, or is paused already.
    """
    running = Rematching.objects.filter(pk=row.pk, ended_at=None, paused_at=None)
    if not running.update(paused_at=clock.now(), paused_by=by):
        raise InvalidTransition(_("Việc đối chiếu lại không còn đang chạy."))
    audit.record("matching.rematching_paused", f"rematching:{row.pk}", by=by)


@transaction.atomic
def resume_rematching(row: Rematching, *, by: Any) -> None:
    """
    Raises:
        InvalidTransition: it is not paused.
    """
    paused = Rematching.objects.filter(pk=row.pk, ended_at=None).exclude(paused_at=None)
    if not paused.update(paused_at=None, paused_by=None, resumed_at=clock.now()):
        raise InvalidTransition(_("Việc đối chiếu lại không ở trạng thái tạm dừng."))
    audit.record("matching.rematching_resumed", f"rematching:{row.pk}", by=by)
