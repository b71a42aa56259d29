"""The fit of the weights on the development half: logistic regression, held to what is known beforehand."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from marketplace.reading.records import Decision, Verdict
from marketplace.reading.records.scoring import (
    EITHER_WAY,
    MEASURES,
    REVIEW,
    SPEAK_AGAINST,
    WEIGHTS,
    features,
)
from marketplace.sources.linking.evaluation import compare_all, contested_pairs
from marketplace.sources.linking.labelled import Labelled

Example = tuple[dict[str, float], bool]
#: The first round knows no rivals yet; the later ones leave out what the one before found contested.
_ROUNDS: Final = 3


def fitted(sets: Sequence[Labelled]) -> dict[str, float]:
    """The weights of the last of some rounds."""
    weights: Mapping[str, float] = {}
    for _round in range(_ROUNDS):
        weights = fit([one for labelled in sets for one in training_pairs(labelled, weights)])
    return dict(weights)


def training_pairs(labelled: Labelled, weights: Mapping[str, float]) -> Iterable[Example]:
    """Features and truth of every pair that no rule decides and, by these weights, no rival contests:
    what is left to a person by a rule must not teach the score, nor may the score excuse the rule.

    Raises:
        ValueError: the set is not of the development half.
    """
    if labelled.half != "development":
        raise ValueError("weights are fitted on the development half alone")
    compared = compare_all(labelled, weights=weights or WEIGHTS)
    taken = {pair: _claimed(found.verdict) for pair, found in compared.items()}
    rivals = contested_pairs(labelled, taken) if weights else {}
    for (left, right), found in compared.items():
        if not found.verdict.vetoes and not found.verdict.cautions and (left, right) not in rivals:
            same = labelled.members[left].entity == labelled.members[right].entity
            yield features(found.comparison), same


def _claimed(verdict: Verdict) -> Verdict:
    """As if all that may be one were to be merged: what a rival contests does not hang on a threshold."""
    if verdict.vetoes or verdict.probability < REVIEW:
        return verdict
    return Verdict(
        verdict.probability, Decision.MERGE, verdict.signs, verdict.vetoes, verdict.cautions
    )


def fit(pairs: Sequence[Example]) -> dict[str, float]:
    """Logistic regression in which agreement never speaks against a pair, nor difference for it: a
    measure whose weight comes out with the wrong sign is left out, and the others fitted again."""
    left_out: set[str] = set()
    while True:
        weights = _regression(
            [({n: v for n, v in found.items() if n not in left_out}, same) for found, same in pairs]
        )
        wrong = {
            name
            for name, weight in weights.items()
            if name not in EITHER_WAY and (weight > 0) == (name in SPEAK_AGAINST) and weight
        }
        if not wrong:
            return {name: weights.get(name, 0.0) for name in MEASURES}
        left_out |= wrong


#: What is known before any pair is looked at. The sets are made by a program: they change money less
#: often than life does, and a title never for no reason. So the fit only moves these values as far as
#: the pairs insist.
BEFOREHAND: Final[Mapping[str, float]] = {
    "bias": -6.0, "title_same": 3.0, "title_letters": 1.0, "title_exchanged": -3.0,
    "title_besides": -1.5, "title_doubtful": -1.0, "title_confirmed": -2.0, "title_marks": -1.0, "title_cut": -0.5, "title_translated": -0.5,
    "numbers_differ": -2.0, "numbers_missing": -0.5, "abstract_same": 1.5, "abstract_whole": 2.0,
    "abstract_other": -1.5, "figures_same": 0.5, "figures_all": 1.0, "figures_other": -1.5, "keywords_same": 0.5, "lead_same": 1.0, "lead_other": -1.5,
    "people_same": 1.0, "people_other": -1.5, "organization_same": 1.0, "organization_other": -0.5,
    "agency_same": 0.5, "agency_other": -0.3, "year_same": 0.5, "year_near": -0.2, "year_other": -2.0, "dates_same": 0.5,
    "dates_other": -1.5, "funding_exact": 1.5, "funding_same": 0.8, "funding_other": -1.5, "identifier_same": 4.5,
}  # fmt: skip


def _regression(
    pairs: Sequence[Example], *, penalty: float = 8.0, rounds: int = 25
) -> dict[str, float]:
    """By Newton's steps, held to what is known beforehand as by `penalty` pairs (ridge)."""
    names = sorted({name for found, _same in pairs for name in found})
    place = {name: at for at, name in enumerate(names)}
    rows = [([(place[n], v) for n, v in found.items() if v], same) for found, same in pairs]
    weights = [BEFOREHAND.get(name, 0.0) for name in names]
    for _round in range(rounds):
        gradient = [
            penalty * (BEFOREHAND.get(name, 0.0) - weight)
            for name, weight in zip(names, weights, strict=True)
        ]
        curvature = [[0.0] * len(names) for _name in names]
        for at in range(len(names)):
            curvature[at][at] = penalty
        for row, same in rows:
            total = sum(weights[at] * value for at, value in row)
            chance = 1 / (1 + math.exp(-max(-35.0, min(35.0, total))))
            spread = chance * (1 - chance)
            for at, value in row:
                gradient[at] += (same - chance) * value
                if spread > 1e-7:
                    for other, beside in row:
                        curvature[at][other] += spread * value * beside
        step = _solved(curvature, gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return {name: round(weights[place[name]], 2) for name in names}


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination with the largest pivot; some thirty unknowns."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            share = rows[below][at] / rows[at][at]
            if share:
                rows[below] = [
                    one - share * other for one, other in zip(rows[below], rows[at], strict=True)
                ]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = (rows[at][size] - known) / rows[at][at]
    return found
