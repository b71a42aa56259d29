"""Whose turn it is: a harvest that is on its way, one that staff asked for, or one whose schedule has
come."""

from datetime import datetime, timedelta
from typing import Final

from celery.schedules import ParseException, crontab

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.leases import lease
from marketplace.sources.harvesting.client import PATIENCE, TRIES
from marketplace.sources.harvesting.harvest import Harvest
from marketplace.sources.harvesting.options import SLOWEST_ANSWER
from marketplace.sources.harvesting.progress import Progress
from marketplace.sources.models import Source, SourceKind
from marketplace.sources.services.summary import ImportSummary

#: Pages of one tick: then the next source has its turn.
PAGES: Final = 10
#: One page takes no longer, with all its tries and waits.
LONGEST_PAGE: Final = int(TRIES * (SLOWEST_ANSWER + PATIENCE))


def harvest_batch() -> int:
    """Goes on with the source that has waited longest; says how many pages' worth of work it did."""
    now = clock.now()
    for source in due_sources(now)[:1]:
        try:
            harvest(source, pages=PAGES)
        except DomainError as problem:
            # Its row cannot be harvested as it is; said there, and not asked again before its time.
            source.refresh_from_db(fields=["cursor"])
            progress = Progress.of(source)
            progress.not_before = (now + timedelta(hours=1)).isoformat()
            progress.asked_at = ""
            progress.save(source)
            Source.objects.filter(pk=source.pk).update(last_problem=str(problem.message)[:300])
        return 1
    return 0


def due_sources(now: datetime) -> list[Source]:
    """Active sources to harvest whose turn has come: one that staff asked for, then the one that
    waited longest."""
    sources = Source.objects.filter(kind=SourceKind.HARVEST, is_active=True).exclude(address="")
    due = [source for source in sources.order_by("pk") if is_due(source, now)]
    return sorted(
        due,
        key=lambda one: (
            not Progress.of(one).asked_at,
            one.last_read_at is not None,
            one.last_read_at or now,
        ),
    )


def is_due(source: Source, now: datetime) -> bool:
    progress = Progress.of(source)
    if progress.not_before and datetime.fromisoformat(progress.not_before) > now:
        return False
    if progress.walk is not None or progress.asked_at:
        return True
    if not source.schedule:
        return False
    schedule = schedule_of(source.schedule)
    if schedule is None:
        return False
    last = source.last_read_at or source.created_at
    return bool(schedule.is_due(last).is_due)


def schedule_of(text: str) -> crontab | None:
    """`0 2 * * *` as a clock of Vietnam; None where it is none."""
    parts = text.split()
    if len(parts) != 5:
        return None
    try:
        return crontab(*parts, nowfun=lambda: clock.now().astimezone(clock.VIETNAM))
    except (ParseException, ValueError):
        return None


def harvest(
    source: Source, *, pages: int | None = None, is_full: bool = False, **options: object
) -> ImportSummary | None:
    """Harvests under the source's own lease; None where another process is at it."""
    with lease(f"harvest:{source.pk}", longest=LONGEST_PAGE) as held:
        if held is None:
            return None
        source.refresh_from_db()
        on_page = options.pop("on_page", None)
        work = Harvest(source, is_full=is_full, **options)  # type: ignore[arg-type]
        return work.run_pages(pages=pages, held=held, on_page=on_page)  # type: ignore[arg-type]
