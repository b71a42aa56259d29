"""What the exchange promises of its own work, as shipped."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.core import clock
from marketplace.core.editions import in_force, read_editions
from marketplace.taxonomy.clocks import add_working_days

_FILE: Final = Path(__file__).parent / "data" / "goals.toml"


@dataclass(frozen=True, slots=True)
class ServiceGoals:
    valid_from: date
    status: str
    source: str
    review_working_days: int


@cache
def _editions() -> tuple[ServiceGoals, ...]:
    return read_editions(_FILE, lambda row: ServiceGoals(**row))


def service_goals() -> ServiceGoals:
    """The edition in force today; before the first, the first."""
    return in_force(_editions(), clock.today())


def late_before() -> datetime:
    """What has waited for a review since before this moment has waited longer than was promised."""
    today, goal = clock.today(), service_goals().review_working_days
    day = today
    while add_working_days(day, goal) >= today:
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
