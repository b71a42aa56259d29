"""What elements, figures and exclusions make of a score: parts of a factor of 1 + their sum."""

from collections.abc import Sequence
from typing import Final

from marketplace.matching.scoring.data import ElementFit, SpecificationFit
from marketplace.matching.scoring.elements import Wanted
from marketplace.matching.scoring.exclusions import ExclusionFit
from marketplace.matching.scoring.lexical import LexicalQuery
from marketplace.matching.scoring.weights import Weights
from marketplace.reading.elements import ElementKind

#: So many figures met or missed say all that figures can say.
_MOST_FIGURES: Final = 3


def elements_share(
    elements: Sequence[ElementFit], wanted: Sequence[Wanted], query: LexicalQuery
) -> float:
    """By what the elements tell: "hạt điều" is more than "thiết bị"."""
    met = everything = 0.0
    for fit, one in zip(elements, wanted, strict=True):
        terms = one.sequences[0] if one.sequences else ()
        worth = sum(query.terms.get(term, 0.0) for term in terms) / max(len(terms), 1)
        everything += worth
        met += worth * fit.met
    return met / everything if everything else 0.0


def effects_missed(
    elements: Sequence[ElementFit], wanted: Sequence[Wanted], query: LexicalQuery
) -> float:
    """Between −1 and 0, by what they tell: who writes of mulberry wine need not take its alcohol away."""
    asked = [
        (fit, one)
        for fit, one in zip(elements, wanted, strict=True)
        if one.element.kind is ElementKind.EFFICACY
    ]
    if not asked:
        return 0.0
    return elements_share([fit for fit, _ in asked], [one for _, one in asked], query) - 1.0


def specifications_part(rows: Sequence[SpecificationFit], weights: Weights) -> float:
    if not rows:
        return 0.0
    met = sum({"met": 1.0, "partly": 0.5}.get(row.fit, 0.0) for row in rows)
    unmet = sum(row.fit == "unmet" for row in rows)
    return (weights.specifications_met * met + weights.specifications_unmet * unmet) / len(rows)


def figures_balance(rows: Sequence[SpecificationFit]) -> float:
    """Between −1 and 1: how many more of the compared figures are met than missed."""
    met = sum(row.fit in {"met", "partly"} for row in rows)
    missed = sum(row.fit == "unmet" for row in rows)
    return max(-_MOST_FIGURES, min(_MOST_FIGURES, met - missed)) / _MOST_FIGURES


def exclusion_part(exclusions: Sequence[ExclusionFit], weights: Weights) -> float:
    if any(fit.relied_on for fit in exclusions):
        return weights.opposed
    return weights.exclusion_shared if exclusions else 0.0


def fails_figures(rows: Sequence[SpecificationFit]) -> bool:
    """Does it miss several of the need's figures by its own words, and meet none?"""
    fits = [row.fit for row in rows]
    return fits.count("unmet") > 1 and {"met", "partly"}.isdisjoint(fits)
