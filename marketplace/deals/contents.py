"""Contents of a contract and the template drawn from them, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "contract.toml"


@dataclass(frozen=True, slots=True)
class Content:
    code: str
    label_vi: str
    label_en: str
    hint: str
    required: bool

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "vi").startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class ContractEdition:
    version: str
    valid_from: date
    status: str
    source: str
    heading: str
    preamble: str
    closing: str
    contents: tuple[Content, ...]


@cache
def _editions() -> tuple[ContractEdition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> ContractEdition:
    return ContractEdition(**row | {"contents": tuple(Content(**one) for one in row["contents"])})


def edition_on(day: date) -> ContractEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)
