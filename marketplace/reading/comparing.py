"""Whether an offered quantity meets a required one."""

from typing import Final, Literal

from marketplace.reading.quantities import Operator, Quantity

Fit = Literal["met", "partly", "unmet", "unknown"]


def comparable(left: Quantity, right: Quantity) -> bool:
    same = left.dimension == right.dimension
    return same or (left.dimension in _MILLIONTHS and right.dimension in _MILLIONTHS)


#: Missed by so small a share, a target is met in part.
_NEAR: Final = 0.3

# What one part per million is: a milligram a litre of water, a milligram a kilogram.
_MILLIONTHS = {"ppm": 1.0, "kg·m^-3": 1e-3, "1": 1e-6}


def _bounds(quantity: Quantity, dimension: str) -> tuple[float | None, float | None]:
    if quantity.dimension == dimension:
        return quantity.low, quantity.high
    factor = _MILLIONTHS[dimension] / _MILLIONTHS[quantity.dimension]
    return (
        None if quantity.low is None else quantity.low * factor,
        None if quantity.high is None else quantity.high * factor,
    )


def compare(required: Quantity, offered: Quantity, *, better: str = "") -> Fit:
    """Does what is offered meet what is required?

    `better` ("higher", "lower" or "") says which side of a plain target is welcome: 350 kg/giờ
    meets "năng suất 300 kg/giờ", 350 đồng does not meet "giá 300 đồng".
    """
    if not comparable(required, offered):
        return "unknown"
    low, high = _bounds(offered, required.dimension)
    if required.operator is Operator.AT_LEAST:
        return _meets_least(required.low, low, high)
    if required.operator is Operator.AT_MOST:
        return _meets_most(required.high, low, high)
    return _meets_target(required, low, high, better)


def _meets_least(bound: float | None, low: float | None, high: float | None) -> Fit:
    if bound is None:
        return "unknown"
    slack = _slack(bound)
    if low is not None and low >= bound - slack:
        return "met"
    if high is None:  # what is promised counts: "≥ 640" may be 6.000, but nobody says so
        return "partly" if low is not None and low >= bound - abs(bound) * _NEAR else "unmet"
    # Of a range, and of "up to 500", the upper end reaches the bound perhaps.
    return "partly" if high >= bound - slack else "unmet"


def _meets_most(bound: float | None, low: float | None, high: float | None) -> Fit:
    if bound is None:
        return "unknown"
    slack = _slack(bound)
    if high is not None and high <= bound + slack:
        return "met"
    if low is None:
        return "partly" if high is not None and high <= bound + abs(bound) * _NEAR else "unmet"
    return "partly" if low <= bound + slack else "unmet"


def _meets_target(required: Quantity, low: float | None, high: float | None, better: str) -> Fit:
    wanted_low = required.low if required.low is not None else required.high
    wanted_high = required.high if required.high is not None else required.low
    if wanted_low is None or wanted_high is None:
        return "unknown"
    tolerance = 0.0 if required.operator is Operator.RANGE else 0.1
    floor = wanted_low - abs(wanted_low) * tolerance
    ceiling = wanted_high + abs(wanted_high) * tolerance
    if better == "higher" and low is not None and low >= floor:
        return "met"
    if better == "lower" and high is not None and high <= ceiling:
        return "met"
    offered_low = low if low is not None else float("-inf")
    offered_high = high if high is not None else float("inf")
    if offered_high < floor or offered_low > ceiling:
        if offered_low > ceiling:
            return "partly" if offered_low <= wanted_high + abs(wanted_high) * _NEAR else "unmet"
        return "partly" if offered_high >= wanted_low - abs(wanted_low) * _NEAR else "unmet"
    if low is None or high is None:  # "dưới 62 °C" may or may not be 25 °C
        return "partly"
    covers = offered_low <= wanted_low + _slack(wanted_low) and (
        offered_high >= wanted_high - _slack(wanted_high)
    )
    inside = offered_low >= floor and offered_high <= ceiling
    return "met" if covers or inside else "partly"


def _slack(value: float) -> float:
    return abs(value) * 1e-9
