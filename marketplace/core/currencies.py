"""Currencies in which sums may be agreed, with their smallest units, as shipped (ISO 4217)."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

from marketplace.core.bilingual import Words
from marketplace.core.errors import DomainError

FILE: Final = Path(__file__).parent / "data" / "currencies.toml"
DONG: Final = "VND"


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    #: The three digits of ISO 4217.
    number: str
    minor_units: int
    words: Words


@cache
def currencies() -> dict[str, Currency]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["currencies"]
    return {
        code: Currency(code, row["number"], row["minor_units"], Words(row["vi"], row["en"]))
        for code, row in rows.items()
    }


def currency(code: str) -> Currency:
    """Raises DomainError where nothing may be agreed in it."""
    found = currencies().get(code)
    if found is None:
        raise DomainError(f"{code}?")
    return found


def shown(amount: int, code: str) -> str:
    """A sum in the currency's smallest unit as people write it, with all digits of the currency: 1.200.000 đ; 12,50 USD."""
    digits = currency(code).minor_units
    text = f"{Decimal(amount).scaleb(-digits):,.{digits}f}"
    if (get_language() or "vi").startswith("vi"):
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{text} {'đ' if code == DONG else code}"
