"""Days of the case desk, as shipped."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.core.editions import in_force

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
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(sorted((CaseTerms(**row) for row in read["editions"]), key=lambda t: t.valid_from))


def terms_on(day: date) -> CaseTerms:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)
