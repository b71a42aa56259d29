"""Required figures against offered ones."""

from collections.abc import Sequence
from typing import Final

from marketplace.matching.scoring.candidate import Figure, ReadCandidate
from marketplace.matching.scoring.data import (
    Evidence,
    Fit,
    Reason,
    Specification,
    SpecificationFit,
)
from marketplace.matching.scoring.measures import better_side
from marketplace.matching.scoring.names import Agreement, agreement, name_of
from marketplace.reading.comparing import comparable
from marketplace.reading.quantities import Operator, Quantity
from marketplace.reading.rates import Compared, compare_rates

_SYMBOLS = {
    Operator.AT_LEAST: "≥ ",
    Operator.AT_MOST: "≤ ",
    Operator.ABOUT: "≈ ",
    Operator.EQUAL: "",
    Operator.RANGE: "",
}
_MEETS: Final = frozenset({"met", "partly"})
#: A longer one is a piece of a sentence.
_LONGEST_NAME: Final = 60


def compare_all(
    required: tuple[Quantity, ...],
    texts: tuple[Specification, ...],
    candidate: ReadCandidate,
    *,
    is_another: bool = False,
) -> tuple[SpecificationFit, ...]:
    """
    Args:
        required: figures of the need.
        texts: what it requires in words.
        candidate: what is offered.
        is_another: it names no thing of the kind that is asked for, so that its own capacity, time or price
            meets none: what a pellet press makes in an hour says nothing for a sorter. What misses stays so.
    """
    rows = tuple(_row(figure, candidate, is_another=is_another) for figure in required)
    return rows + tuple(SpecificationFit(row.name, row.text, "", "unknown") for row in texts[:6])


def figure_reasons(row: SpecificationFit) -> list[Reason]:
    """What a compared figure says, and what was assumed to compare it."""
    name = row.name.lower()
    if row.differently:
        params = {"name": name, "required": row.required, "offered": row.differently}
        return [Reason("specification_differently", params, row.evidence)]
    if row.fit == "unknown":
        return []
    params = {"name": name, "required": row.required, "offered": row.offered}
    reasons = [Reason(f"specification_{row.fit}", params, row.evidence)]
    if (run := row.running) is not None:
        told = {"least": f"{run.least:g}", "most": f"{run.most:g}"}
        reasons.append(Reason(f"running_{run.shorter}_{run.longer}", told))
    return reasons


def shown(quantity: Quantity) -> str:
    return f"{_SYMBOLS[quantity.operator]}{quantity.value}"


def _row(required: Quantity, candidate: ReadCandidate, *, is_another: bool) -> SpecificationFit:
    name = _display(required)
    agreeing: list[tuple[Agreement, Compared, Figure]] = []
    others: list[Figure] = []
    for figure in candidate.figures:
        if figure.quantity.current or not comparable(required, figure.quantity):
            continue
        how = agreement(required, figure.quantity)
        if how is Agreement.NONE:
            others.append(figure)
            continue
        compared = compare_rates(required, figure.quantity, better=better_side(required))
        if is_another and compared.fit in _MEETS and _is_of_the_thing(required, figure.quantity):
            others.append(figure)
            continue
        agreeing.append((how, compared, figure))
    if agreeing and _is_clear(agreeing):
        _, compared, figure = max(agreeing, key=lambda one: (one[0], _ORDER[one[1].fit]))
        offered = shown(figure.quantity)
        if compared.stated_differently:
            return SpecificationFit(
                name, shown(required), "", "unknown", _evidence(figure), differently=offered
            )
        return SpecificationFit(
            name,
            shown(required),
            offered,
            compared.fit,
            _evidence(figure),
            running=compared.running,
        )
    return SpecificationFit(
        name, shown(required), "", "unknown", beside=_beside([*(f for *_, f in agreeing), *others])
    )


def _is_of_the_thing(required: Quantity, offered: Quantity) -> bool:
    """Do both tell of the thing itself: its capacity, or what no word says more of than how it is measured?"""
    one, other = name_of(required), name_of(offered)
    if "capacity" in one.measures & other.measures:
        return True
    return not (any(one.key) or any(other.key))


def _is_clear(agreeing: Sequence[tuple[Agreement, Compared, Figure]]) -> bool:
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
