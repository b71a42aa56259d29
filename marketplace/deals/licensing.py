"""The template from which a seller writes a standard licence, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.core.editions import in_force, read_editions
from marketplace.deals.kinds import edition_on as kinds_on

_FILE = Path(__file__).parent / "data" / "licence.toml"


@dataclass(frozen=True, slots=True)
class LicenceEdition:
    version: str
    valid_from: date
    status: str
    source: str
    #: Codes of "price-forms" that need no accounts between the two later.
    price_forms: tuple[str, ...]
    #: Code of a contract's content → its text, to be changed by the seller.
    contents: dict[str, str]
    #: What the contract says of where its terms came from.
    closing: str


@cache
def _editions() -> tuple[LicenceEdition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> LicenceEdition:
    return LicenceEdition(**row | {"price_forms": tuple(row["price_forms"])})


def edition_on(day: date) -> LicenceEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def may_be_licensed(kind: str, day: date) -> bool:
    """Whether rows of a kind can be had by a licence at all: those whose deals begin as one."""
    return kinds_on(day).by_subject.get(kind) == "licence"
