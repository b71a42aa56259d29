"""Required figures against offered ones."""

from collections.abc import Sequence
from typing import Final

from marketplace.matching.scoring.candidate import Figure, ReadCandidate
from marketplace.matching.scoring.data import Evidence, Fit, Specification, SpecificationFit
from marketplace.matching.scoring.measures import better_side
from marketplace.matching.scoring.names import Agreement, agreement, name_of
from marketplace.reading.comparing import comparable, compare
from marketplace.reading.quantities import Operator, Quantity

_SYMBOLS = {
    Operator.AT_LEAST: "≥ ",
    Operator.AT_MOST: "≤ ",
    Operator.ABOUT: "≈ ",
    Operator.EQUAL: "",
    Operator.RANGE: "",
}
#: A longer one is a piece of a sentence.
_LONGEST_NAME: Final = 60


def compare_all(
    required: tuple[Quantity, ...], texts: tuple[Specification, ...], candidate: ReadCandidate
) -> tuple[SpecificationFit, ...]:
    rows = tuple(_row(figure, candidate) for figure in required)
    return rows + tuple(SpecificationFit(row.name, row.text, "", "unknown") for row in texts[:6])


def shown(quantity: Quantity) -> str:
    return f"{_SYMBOLS[quantity.operator]}{quantity.value}"


def _row(required: Quantity, candidate: ReadCandidate) -> SpecificationFit:
    name = _display(required)
    agreeing: list[tuple[Agreement, Fit, Figure]] = []
    others: list[Figure] = []
    for figure in candidate.figures:
        if figure.quantity.current or not comparable(required, figure.quantity):
            continue
        how = agreement(required, figure.quantity)
        if how is Agreement.NONE:
            others.append(figure)
            continue
        fit = compare(required, figure.quantity, better=better_side(required))
        agreeing.append((how, fit, figure))
    if agreeing and _is_clear(agreeing):
        _, fit, figure = max(agreeing, key=lambda one: (one[0], _ORDER[one[1]]))
        offered = shown(figure.quantity)
        return SpecificationFit(name, shown(required), offered, fit, _evidence(figure))
    return SpecificationFit(
        name, shown(required), "", "unknown", beside=_beside([*(f for *_, f in agreeing), *others])
    )


def _is_clear(agreeing: Sequence[tuple[Agreement, Fit, Figure]]) -> bool:
    """Of several figures that leave open which one is meant, none is taken for it."""
    if any(how is Agreement.SAME for how, _, _ in agreeing):
        return True
    return len({name_of(figure.quantity).key for _, _, figure in agreeing}) == 1


def _beside(figures: Sequence[Figure]) -> str:
    """The nearest thing that the candidate does say, so that a reader sees why nothing was compared."""
    for figure in figures:
        quantity = figure.quantity
        if quantity.name and len(quantity.name) <= _LONGEST_NAME:
            return f"{_display(quantity)}: {shown(quantity)}"
    return ""


_ORDER: dict[Fit, int] = {"met": 3, "partly": 2, "unmet": 1, "unknown": 0}


def _evidence(figure: Figure) -> Evidence:
    quantity = figure.quantity
    if figure.sentence is None:
        return Evidence(f"{_display(quantity)}: {shown(quantity)}", (), "specification")
    return figure.sentence.evidence([(quantity.start, quantity.end)])


def _display(quantity: Quantity) -> str:
    name = quantity.name.strip()
    return f"{name[:1].upper()}{name[1:]}" if name else quantity.unit
