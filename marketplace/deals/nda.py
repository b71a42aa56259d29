"""Texts of the confidentiality agreement, as shipped, and how one is drawn for a deal."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.core.editions import in_force, read_editions
from marketplace.deals.models import Deal

_FILE = Path(__file__).parent / "data" / "nda.toml"


@dataclass(frozen=True, slots=True)
class NdaEdition:
    version: str
    valid_from: date
    status: str
    source: str
    years: int
    text: str


@cache
def _editions() -> tuple[NdaEdition, ...]:
    return read_editions(_FILE, lambda row: NdaEdition(**row))


def edition_on(day: date) -> NdaEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def drawn(edition: NdaEdition, deal: Deal) -> str:
    """The text for a deal: who discloses is the owner of what the interest was about."""
    return edition.text.strip().format(
        discloser=deal.discloser.name,
        receiver=deal.other(deal.discloser).name,
        title=deal.title,
        number=deal.public_id,
        years=edition.years,
    )


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8: what was accepted can be told from any other."""
    return hashlib.sha256(text.encode()).hexdigest()
