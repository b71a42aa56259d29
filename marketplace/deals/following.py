"""When the buyer is asked what became of a deal, as shipped."""

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.core.editions import in_force, read_editions

OUTCOMES: Final = "follow-up-outcomes"
_FILE = Path(__file__).parent / "data" / "follow_up.toml"


@dataclass(frozen=True, slots=True)
class FollowUpEdition:
    valid_from: date
    status: str
    source: str
    months: tuple[int, ...]


@cache
def _editions() -> tuple[FollowUpEdition, ...]:
    return read_editions(
        _FILE, lambda row: FollowUpEdition(**row | {"months": tuple(row["months"])})
    )


def edition_on(day: date) -> FollowUpEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def days_of(signed_on: date) -> list[tuple[int, date]]:
    """(months, day) for each time that is asked."""
    return [(n, months_after(signed_on, n)) for n in edition_on(signed_on).months]
