"""A map of tiles: the provinces in use since 2025-07-01, each where it lies, as large as a finger.

Drawn for this project as a grid, without data of others. As every map of Viet Nam it shows Hoàng Sa, a
district of Đà Nẵng, and Trường Sa, of Khánh Hòa.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.taxonomy.labels import label

_COLUMNS: Final = 6
#: From north to south, from west to east; "--" is no province, HS and TS are the archipelagos.
_ROWS: Final = (
    "-- 12 15 08 04 --",
    "11 14 25 19 20 --",
    "-- -- 01 24 22 --",
    "-- -- 37 33 31 --",
    "-- -- 38 -- -- --",
    "-- -- 40 -- -- --",
    "-- -- -- 42 -- --",
    "-- -- -- 44 46 --",
    "-- -- -- -- 48 HS",
    "-- -- -- -- 51 --",
    "-- -- -- -- 52 --",
    "-- -- -- -- 66 56",
    "-- -- 80 75 68 --",
    "-- 82 86 79 -- TS",
    "91 92 -- -- -- --",
    "-- 96 -- -- -- --",
)
_ISLANDS: Final = {"HS": _("Quần đảo Hoàng Sa"), "TS": _("Quần đảo Trường Sa")}
MAPPED: Final = tuple(code for row in _ROWS for code in row.split() if code.isdigit())


@dataclass(frozen=True, slots=True)
class Tile:
    """A province with how many organisations it has; without a code, an archipelago or, unnamed, the sea."""

    code: str
    name: str | Promise = ""
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
        Tile(code, label("provinces", code), counts.get(code, 0))
        if code.isdigit()
        else Tile("", _ISLANDS.get(code, ""))
        for row in _ROWS
        for code in row.split()
    ]
