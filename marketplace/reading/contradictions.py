"""Numbers of one text that cannot both hold: "năng suất 300 kg/giờ" here and "2 tấn/giờ" there."""

from collections.abc import Iterable
from itertools import combinations

from marketplace.reading.comparing import comparable
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Operator, Quantity

_MOST = 40
#: Two ways to say one number differ by rounding only.
_TOLERANCE = 0.05
# Names for the same, folded; without them only the same words count.
_SAME = (
    frozenset(
        [
            "cong suat",
            "nang suat",
            "quy mo",
            "cong suat thiet ke",
            "capacity",
            "throughput",
            "output",
        ]
    ),
    frozenset(["ngan sach", "kinh phi", "von dau tu", "muc dau tu", "budget"]),
)


def find_contradictions(quantities: Iterable[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """Pairs, in the order they stand, that name the same measure with bounds that exclude each other.

    How things are now is no contradiction to what is wanted, so figures of the present are left out.
    """
    told = [one for one in quantities if one.name and not one.current][:_MOST]
    return [
        (left, right)
        for left, right in combinations(told, 2)
        if comparable(left, right)
        and left.dimension == right.dimension
        and _same_measure(left.name, right.name)
        and _apart(left, right)
    ]


def _same_measure(left: str, right: str) -> bool:
    one, other = _key(left), _key(right)
    return one == other or any(one in names and other in names for names in _SAME)


def _key(name: str) -> str:
    return " ".join(fold_in_place(name).split())


def _apart(left: Quantity, right: Quantity) -> bool:
    return _below(left, right) or _below(right, left)


def _below(lower: Quantity, upper: Quantity) -> bool:
    """The whole of the one lies under the whole of the other, by more than rounding."""
    if lower.high is None or upper.low is None:
        return False
    slack = _TOLERANCE * max(abs(lower.high), abs(upper.low))
    if Operator.ABOUT in {lower.operator, upper.operator}:
        slack *= 4
    return lower.high + slack < upper.low
