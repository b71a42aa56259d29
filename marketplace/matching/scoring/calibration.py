"""How sure it is that a reader finds a candidate useful: a probability, and what follows from it."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from marketplace.matching.scoring.data import Band
from marketplace.matching.scoring.weights import Calibration, Weights

_LEAST: Final = 0.02


def signals(
    *,
    strength: float,
    covered: float,
    title: float,
    elements: float,
    factor: float,
    marked: float,
    bridged: float = 0.0,
    figures: float = 0.0,
    effects: float = 0.0,
    unnamed: float = 0.0,
    like: float | None = None,
) -> dict[str, float]:
    """What the probability is told from, each by itself, without looking at the other candidates.

    Args:
        strength: the candidate's words against the need's most telling ones.
        covered: share of the most telling words that it has.
        title: the same of its title.
        elements: share of the need's elements that it names.
        factor: what its facts make of the score.
        marked: 1 where the need was typed with its marks; without them more agrees by chance.
        bridged: share of the most telling words that it has in the other language alone, where less agrees by
            chance.
        figures: between −1 and 1: of the need's figures that are compared, those met less those missed.
        effects: between −1 and 0: of the effects that the need asks for, the share that it does not name.
        unnamed: 1 where no element could be read of the need, so that none met says nothing.
        like: likeness of meaning, where something tells it.
    """
    told = {} if like is None else {"meaning": like}
    return told | {
        "strength": math.log(max(strength, _LEAST)),
        "covered": covered,
        "title": title,
        "elements": elements,
        "facts": math.log(max(factor, _LEAST)),
        "marked": marked,
        "bridged": bridged,
        "figures": figures,
        "effects": effects,
        "unnamed": unnamed,
    }


def probability(told: Mapping[str, float], calibration: Calibration) -> float:
    odds = calibration.intercept + sum(
        weight * told[name] for name, weight in calibration.coefficients.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def calibration_of(told: Mapping[str, float], weights: Weights) -> Calibration:
    """The one that knows of likeness of meaning where something tells it, or that of words alone."""
    knows = weights.calibration_with_meaning
    return knows if knows is not None and "meaning" in told else weights.calibration


def standing(chance: float, calibration: Calibration) -> int:
    """On which side of the thresholds it is: of what answers nothing (0), may be related (1) or is good (2)."""
    return (chance >= calibration.abstain_below) + (chance >= calibration.good_from)


def falling(chances: Sequence[float]) -> list[float]:
    """The nearest values that never rise along the list (isotonic, by pooling neighbours): who stands
    behind another is never called more likely."""
    pools: list[tuple[float, int]] = []
    for chance in chances:
        total, count = chance, 1
        while pools and pools[-1][0] / pools[-1][1] < total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def band_of(chance: float, calibration: Calibration) -> Band:
    if chance < calibration.good_from:
        return "weak"
    return "strong" if chance >= calibration.strong_from else "good"
