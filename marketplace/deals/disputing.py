"""Days of the dispute desk, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.core.editions import in_force, read_editions
from marketplace.taxonomy.clocks import add_working_days

REASONS: Final = "dispute-reasons"
OUTCOMES: Final = "dispute-outcomes"
_FILE = Path(__file__).parent / "data" / "disputes.toml"


@dataclass(frozen=True, slots=True)
class DisputeTerms:
    valid_from: date
    status: str
    source: str
    answer_days: int
    remind_before_days: int
    mediation_days: int


@cache
def _editions() -> tuple[DisputeTerms, ...]:
    return read_editions(_FILE, lambda row: DisputeTerms(**row))


def terms_on(day: date) -> DisputeTerms:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def answer_by(opened_on: date) -> date:
    """The last day for the other side's answer."""
    return add_working_days(opened_on, terms_on(opened_on).answer_days)


def reminded_on(opened_on: date) -> date:
    terms = terms_on(opened_on)
    return add_working_days(opened_on, max(terms.answer_days - terms.remind_before_days, 0))


def mediated_by(start: date) -> date:
    """The last day for staff to bring the sides together."""
    return add_working_days(start, terms_on(start).mediation_days)
