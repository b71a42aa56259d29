"""Required figures against offered ones."""

import re

from marketplace.matching.scoring.candidate import Figure, ReadCandidate
from marketplace.matching.scoring.data import Evidence, Fit, Specification, SpecificationFit
from marketplace.matching.scoring.measures import BY_DIMENSION, better_side, families_of
from marketplace.reading.comparing import comparable, compare
from marketplace.reading.folding import fold_in_place
from marketplace.reading.quantities import Operator, Quantity

_SYMBOLS = {
    Operator.AT_LEAST: "≥ ",
    Operator.AT_MOST: "≤ ",
    Operator.ABOUT: "≈ ",
    Operator.EQUAL: "",
    Operator.RANGE: "",
}
_ENOUGH = 0.5
_WORD = re.compile(r"[^\W\d_]+")


def compare_all(
    required: tuple[Quantity, ...], texts: tuple[Specification, ...], candidate: ReadCandidate
) -> tuple[SpecificationFit, ...]:
    rows = tuple(_row(figure, required, candidate) for figure in required)
    return rows + tuple(SpecificationFit(row.name, row.text, "", "unknown") for row in texts[:6])


def shown(quantity: Quantity) -> str:
    return f"{_SYMBOLS[quantity.operator]}{quantity.value}"


def _row(
    required: Quantity, everything: tuple[Quantity, ...], candidate: ReadCandidate
) -> SpecificationFit:
    name = _display(required)
    best: tuple[float, int, Figure, Fit] | None = None
    alone = _alone(required, everything, candidate)
    for figure in candidate.figures:
        if figure.quantity.current or not comparable(required, figure.quantity):
            continue
        likeness = _likeness(required, figure.quantity, alone=alone)
        if likeness < _ENOUGH:
            continue
        fit = compare(required, figure.quantity, better=better_side(required))
        rank = (likeness, _ORDER[fit])
        if best is None or rank > best[:2]:
            best = (*rank, figure, fit)
    if best is None:
        return SpecificationFit(name, shown(required), "", "unknown")
    figure, fit = best[2], best[3]
    return SpecificationFit(name, shown(required), shown(figure.quantity), fit, _evidence(figure))


_ORDER: dict[Fit, int] = {"met": 3, "partly": 2, "unmet": 1, "unknown": 0}


def _evidence(figure: Figure) -> Evidence:
    quantity = figure.quantity
    if figure.sentence is None:
        return Evidence(f"{_display(quantity)}: {shown(quantity)}", (), "specification")
    return figure.sentence.evidence([(quantity.start, quantity.end)])


def _alone(required: Quantity, everything: tuple[Quantity, ...], candidate: ReadCandidate) -> bool:
    """The only figure of its dimension on both sides needs no name to be compared."""
    wanted = sum(comparable(required, other) for other in everything)
    offered = sum(comparable(required, figure.quantity) for figure in candidate.figures)
    return wanted == 1 and offered == 1


def _likeness(required: Quantity, offered: Quantity, *, alone: bool) -> float:
    families = families_of(required), families_of(offered)
    if families[0] & families[1]:
        family = 0.7
    elif required.dimension in BY_DIMENSION and alone:
        family = 0.6
    else:
        family = 0.0
    left, right = _words(required.name), _words(offered.name)
    shared = len(left & right) / min(len(left), len(right)) if left and right else 0.0
    # A shared word of two or three is chance ("độ màu", "độ ẩm"), most words are not.
    named = shared if shared >= 0.6 else 0.0
    return max(family + 0.3 * shared, named)


def _words(name: str) -> frozenset[str]:
    return frozenset(fold_in_place(word) for word in _WORD.findall(name))


def _display(quantity: Quantity) -> str:
    name = quantity.name.strip()
    return f"{name[:1].upper()}{name[1:]}" if name else quantity.unit
