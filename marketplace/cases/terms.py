"""Days of the case desk, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "terms.toml"


@dataclass(frozen=True, slots=True)
class CaseTerms:
    valid_from: date
    status: str
    source: str
    idle_days: int
    first_action_days: int
    keep_notes_days: int


@cache
def _editions() -> tuple[CaseTerms, ...]:
    return read_editions(_FILE, lambda row: CaseTerms(**row))


def terms_on(day: date) -> CaseTerms:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)
