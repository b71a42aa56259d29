"""Kinds of deal, and the practical steps of each, as shipped."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

from marketplace.core.editions import in_force, read_editions

DEAL_KINDS: Final = "deal-kinds"
_FILE = Path(__file__).parent / "data" / "steps.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """A practical step; `fact` names what ticks it off by itself, empty where people do."""

    code: str
    label_vi: str
    label_en: str
    kinds: tuple[str, ...]
    fact: str = ""

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "vi").startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class Edition:
    valid_from: date
    status: str
    source: str
    steps: tuple[Step, ...]
    #: What was asked about, or what was wanted of it → the kind of the deal at its beginning.
    by_subject: dict[str, str]
    by_want: dict[str, str]


@cache
def _editions() -> tuple[Edition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> Edition:
    steps = tuple(Step(**step | {"kinds": tuple(step["kinds"])}) for step in row["steps"])
    return Edition(**row | {"steps": steps})


def edition_on(day: date) -> Edition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def steps_of(kind: str, day: date) -> list[Step]:
    """The steps of a kind of deal that was opened on a day, in their order."""
    return [step for step in edition_on(day).steps if kind in step.kinds]


def kind_for(subject: str, want: str, day: date | None = None) -> str:
    """With what kind a deal begins; its people may say that it is another.

    What was wanted says more than the row on which it was asked: equipment may be hired.
    """
    edition = edition_on(day or date.max)
    return edition.by_want.get(want) or edition.by_subject.get(subject, "service")
