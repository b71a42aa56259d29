"""A map of tiles: the provinces in use since 2025-07-01, each where it lies, as large as a finger.

Drawn for this project as a grid, so it carries no border that anybody could dispute and no data of others.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from marketplace.accounts.models import Organization
from marketplace.taxonomy.labels import label

_COLUMNS: Final = 6
#: From north to south, from west to east; "--" is no province.
_ROWS: Final = (
    "-- 12 15 08 04 --",
    "11 14 25 19 20 --",
    "-- -- 01 24 22 --",
    "-- -- 37 33 31 --",
    "-- -- 38 -- -- --",
    "-- -- 40 -- -- --",
    "-- -- -- 42 -- --",
    "-- -- -- 44 46 --",
    "-- -- -- -- 48 --",
    "-- -- -- -- 51 --",
    "-- -- -- -- 52 --",
    "-- -- -- -- 66 56",
    "-- -- 80 75 68 --",
    "-- 82 86 79 -- --",
    "91 92 -- -- -- --",
    "-- 96 -- -- -- --",
)
MAPPED: Final = tuple(code for row in _ROWS for code in row.split() if code != "--")


@dataclass(frozen=True, slots=True)
class Tile:
    """A province with how many organisations it has; an empty code is sea or land of another."""

    code: str
    name: str = ""
    count: int = 0

    @property
    def shade(self) -> int:
        """0 to 3: none, one or two, up to nine, more."""
        return sum(self.count >= least for least in (1, 3, 10))


def tiles() -> list[Tile]:
    """Row by row, every place of the grid."""
    counts = dict(
        Organization.objects.public()
        .order_by()
        .values_list("province_code")
        .annotate(count=Count("pk"))
    )
    return [
        Tile("") if code == "--" else Tile(code, label("provinces", code), counts.get(code, 0))
        for row in _ROWS
        for code in row.split()
    ]
