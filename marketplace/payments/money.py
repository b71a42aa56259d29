"""Sums: whole minor units of one ISO currency. Two currencies meet only through a rate with its day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from marketplace.core.currencies import currency, shown


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` minor units of `currency`: 50.000 dong are 50000, 12.50 dollars 1250."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are not added without a rate")
        return other.amount

    @property
    def decimal(self) -> Decimal:
        """In the currency's main unit, exact."""
        return Decimal(self.amount).scaleb(-currency(self.currency).minor_units)

    def __str__(self) -> str:
        return shown(self.amount, self.currency)


def from_decimal(written: Decimal, code: str) -> Money:
    """Raises ValueError where it has parts smaller than the currency's smallest."""
    shifted = written.scaleb(currency(code).minor_units)
    if shifted != shifted.to_integral_value():
        raise ValueError(f"{written} {code}")
    return Money(int(shifted), code)


def converted(money: Money, to: str, rate: Decimal) -> Money:
    """At `rate` main units of `to` for one of the sum's own; half a unit goes to the even one."""
    if rate <= 0:
        raise ValueError(rate)
    whole = (money.decimal * rate).scaleb(currency(to).minor_units)
    return Money(int(whole.to_integral_value(ROUND_HALF_EVEN)), to)
