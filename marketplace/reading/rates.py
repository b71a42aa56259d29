"""Rates that count by different times: what a machine does in an hour, a works in a day, a plant in a year.

A machine that makes 200 kg an hour makes 1,6 tonnes a day in one shift and 4,8 round the clock. Nobody says
which, so such rates compare only where every usual way to run says the same.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from marketplace.reading.comparing import Fit, comparable, compare
from marketplace.reading.quantities import Quantity

Period = Literal["hour", "day", "month", "year"]

_SECONDS: Final = {"hour": 3600.0, "day": 86400.0, "month": 2629800.0, "year": 31557600.0}
#: Units of time by what runs through them without a stop, and what hides how long it runs.
_PERIODS: Final[dict[str, Period]] = {
    "giây": "hour", "ms": "hour", "µs": "hour", "phút": "hour", "giờ": "hour", "ngày": "day", "tháng": "month",
    "năm": "year", "GPD": "day", "LPH": "hour", "CFM": "hour",
}  # fmt: skip
#: How much of the shorter time a works runs in the longer one: a shift or round the clock, …
_RUNS: Final[dict[tuple[Period, Period], tuple[float, float]]] = {
    ("hour", "day"): (8, 24),
    ("hour", "month"): (170, 720),
    ("hour", "year"): (2000, 8760),
    ("day", "month"): (20, 30),
    ("day", "year"): (240, 365),
    ("month", "year"): (9, 12),
}
#: Rates further apart than that are not of one kind of thing: a river's flow and a dosing pump's.
_APART: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Running:
    """What was assumed to compare: so many of the shorter time in one of the longer."""

    shorter: Period
    longer: Period
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Compared:
    """`running` is None where nothing had to be assumed; `stated_differently` where every assumption would
    be a guess."""

    fit: Fit
    running: Running | None = None
    stated_differently: bool = False


def period_of(quantity: Quantity) -> Period | None:
    """The time that a rate counts by; None where it counts by none, or by one that fits no other."""
    if "s^-1" not in quantity.dimension:
        return None
    return _PERIODS.get(quantity.unit.rpartition("/")[2])


def compare_rates(required: Quantity, offered: Quantity, *, better: str = "") -> Compared:
    """As `compare`, and with what was assumed where both count by different times."""
    wanted, told = period_of(required), period_of(offered)
    if wanted == told or "s^-1" not in required.dimension or not comparable(required, offered):
        return Compared(compare(required, offered, better=better))
    if wanted is None or told is None or not _of_one_scale(required, offered):
        return Compared("unknown", stated_differently=True)
    shorter, longer = sorted((wanted, told), key=_SECONDS.__getitem__)
    least, most = _RUNS[shorter, longer]
    whole = _SECONDS[longer] / _SECONDS[shorter]
    # Of what it does in an hour a day has a third or all; of a day's, an hour has all or thrice.
    shares = (least / whole, most / whole) if told == shorter else (whole / most, whole / least)
    fits = {compare(required, _times(offered, share), better=better) for share in shares}
    if len(fits) > 1:
        return Compared("unknown", stated_differently=True)
    return Compared(fits.pop(), Running(shorter, longer, least, most))


def _times(quantity: Quantity, share: float) -> Quantity:
    return replace(
        quantity,
        low=None if quantity.low is None else quantity.low * share,
        high=None if quantity.high is None else quantity.high * share,
    )


def _of_one_scale(one: Quantity, other: Quantity) -> bool:
    left, right = _size(one), _size(other)
    return left > 0 and right > 0 and max(left, right) <= _APART * min(left, right)


def _size(quantity: Quantity) -> float:
    return abs(quantity.high if quantity.high is not None else quantity.low or 0.0)
