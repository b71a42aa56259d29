"""What a buyer makes ready, as shipped, by kind of deal."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "readiness.toml"
#: The group of what a buyer adds of its own.
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Named:
    code: str
    label_vi: str
    label_en: str

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "vi").startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class Preparation(Named):
    group: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadinessEdition:
    valid_from: date
    status: str
    source: str
    #: So many days before its day an open item is told to who makes it ready.
    remind_before_days: int
    groups: tuple[Named, ...]
    items: tuple[Preparation, ...]


@cache
def _editions() -> tuple[ReadinessEdition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> ReadinessEdition:
    groups = tuple(Named(**one) for one in row["groups"])
    items = tuple(Preparation(**one | {"kinds": tuple(one["kinds"])}) for one in row["items"])
    unknown = {one.group for one in items} - {one.code for one in groups}
    if unknown:
        raise ValueError(f"readiness.toml: no group {sorted(unknown)}")
    return ReadinessEdition(**row | {"groups": groups, "items": items})


def edition_on(day: date) -> ReadinessEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)
