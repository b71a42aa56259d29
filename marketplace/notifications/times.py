"""When mails may reach somebody: their quiet hours, and the hour of their daily digest. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from marketplace.core import clock

#: Notices until this hour (in Vietnam) are in the day's digest, later ones in the next day's. It
#: leaves a little after, so that a transaction that began before the hour is in it too.
DIGEST_CLOSES: Final = time(17, 0)
DIGEST_LEAVES_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Times:
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time = DIGEST_CLOSES


def awake(moment: datetime, times: Times) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    start, end = times.quiet_from, times.quiet_to
    if start is None or end is None or start == end:
        return moment
    local = moment.astimezone(clock.VIETNAM)
    hour, day = local.time(), local.date()
    if start < end:
        quiet = start <= hour < end
    else:  # over midnight
        quiet = hour >= start or hour < end
        day += timedelta(days=1 if hour >= start else 0)
    return datetime.combine(day, end, tzinfo=clock.VIETNAM) if quiet else moment


def digest_slot(now: datetime, times: Times) -> tuple[date, datetime]:
    """The digest that a notice of this moment belongs to: its day and when it leaves."""
    local = now.astimezone(clock.VIETNAM)
    day = local.date() if local.time() < times.digest_at else local.date() + timedelta(days=1)
    closes = datetime.combine(day, times.digest_at, tzinfo=clock.VIETNAM)
    return day, awake(closes + DIGEST_LEAVES_AFTER, times)
