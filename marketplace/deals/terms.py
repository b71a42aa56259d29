"""Days of the response clock, as shipped, and the steps that it takes."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from marketplace.core.editions import in_force, read_editions
from marketplace.taxonomy.clocks import add_working_days, next_working_day

_FILE = Path(__file__).parent / "data" / "terms.toml"


@dataclass(frozen=True, slots=True)
class ClockTerms:
    valid_from: date
    status: str
    source: str
    answer_days: int
    remind_before_days: int
    rate_least: int
    rate_days: int


class Step(StrEnum):
    """What the clock does next."""

    REMIND = "remind"
    ESCALATE = "escalate"


@cache
def _editions() -> tuple[ClockTerms, ...]:
    return read_editions(_FILE, lambda row: ClockTerms(**row))


def terms_on(day: date) -> ClockTerms:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def due_after(start: date) -> date:
    """The last day for an answer to what came on `start`; that day itself is not counted."""
    return add_working_days(start, terms_on(start).answer_days)


def next_step(start: date, today: date) -> tuple[date, Step]:
    """The first step of a clock that started on `start` which lies after `today`, or else the last one."""
    terms = terms_on(start)
    reminded_on = add_working_days(start, max(terms.answer_days - terms.remind_before_days, 0))
    if today < reminded_on:
        return reminded_on, Step.REMIND
    return next_working_day(due_after(start) + timedelta(days=1)), Step.ESCALATE
