"""By which rule the finder of a need is credited with its deal, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "finder_credit.toml"


@dataclass(frozen=True, slots=True)
class CreditRule:
    valid_from: date
    status: str
    source: str
    consent_on: str
    counts_matches: bool

    def __post_init__(self) -> None:
        if self.consent_on not in ("interest", "contract"):
            raise ValueError(f"finder_credit.toml: consent_on is {self.consent_on!r}")


@cache
def _editions() -> tuple[CreditRule, ...]:
    return read_editions(_FILE, lambda row: CreditRule(**row))


def rule_on(day: date) -> CreditRule:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)
