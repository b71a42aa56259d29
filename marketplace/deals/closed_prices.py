"""What deals of a field were closed at, told so that no single one can be read: rules as shipped, and the sums."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Final

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "closed_prices.toml"
#: Fewer deals than this say nothing about a single one, whatever an edition says.
LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class PriceRule:
    valid_from: date
    status: str
    source: str
    least_deals: int
    least_sides: int
    edges: tuple[int, ...]
    price_forms: tuple[str, ...]

    def __post_init__(self) -> None:
        if min(self.least_deals, self.least_sides) < LEAST or sorted(self.edges) != [*self.edges]:
            raise ValueError("closed_prices.toml: too few deals, or edges out of order")


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """One deal with its price in dong, and the fields it counts for."""

    buyer: int
    seller: int
    price: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The middle half of the prices lies within it. `high` is None above the last edge, `low` 0 below the first;
    `deals` is rounded down to a multiple of five."""

    low: int
    high: int | None
    deals: int


@cache
def _editions() -> tuple[PriceRule, ...]:
    return read_editions(
        _FILE,
        lambda row: PriceRule(
            **row | {"edges": tuple(row["edges"]), "price_forms": tuple(row["price_forms"])}
        ),
    )


def rule_on(day: date) -> PriceRule:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def last_quarter_end(day: date) -> date:
    """The last day of the quarter before: what is told changes four times a year, not with each deal, so that
    nobody reads a price from the difference."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)


def bands_of(deals: Iterable[ClosedDeal], rule: PriceRule) -> Iterator[tuple[str, Band]]:
    """(field, band) for each field that has enough deals of enough organisations."""
    by_field: dict[str, list[ClosedDeal]] = defaultdict(list)
    for deal in deals:
        for code in deal.fields:
            by_field[code].append(deal)
    for code, rows in sorted(by_field.items()):
        sides = min(len({one.buyer for one in rows}), len({one.seller for one in rows}))
        if len(rows) >= rule.least_deals and sides >= rule.least_sides:
            yield code, _band([one.price for one in rows], rule.edges)


def _band(prices: list[int], edges: tuple[int, ...]) -> Band:
    first, _middle, third = quantiles(prices, n=4, method="inclusive")
    low = max((edge for edge in edges if edge <= first), default=0)
    return Band(
        low=low,
        # Where all prices are one that is an edge, the band still has two ends.
        high=min((edge for edge in edges if edge >= third and edge > low), default=None),
        deals=len(prices) // 5 * 5,
    )
