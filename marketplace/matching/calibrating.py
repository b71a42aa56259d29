"""From judged pairs to a probability: a logistic with few coefficients, and how honest it is.

A need is a group: what is measured is measured on needs that were not fitted on.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, Weights, assess, read_need
from marketplace.matching.scoring.calibration import probability
from marketplace.matching.scoring.weights import Calibration
from search.engines import Engine
from search.evaluation import KIND, Dataset

#: A reader's grade from which a candidate is useful: 1 is "close to the topic".
USEFUL: Final = 2
#: Candidates of a need that are looked at: nobody abstains for the fiftieth.
_LOOKED_AT: Final = 10
#: Ridge on the coefficients: few pairs, so no steep slopes.
_RIDGE: Final = 0.5
_ROUNDS: Final = 60
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A need's candidate: what it was ranked by, and whether it was judged useful.

    `weight` is how much it counts in the fit: a set with many pairs does not outvote one with few.
    Needs of one `group`, as one that is typed in two ways, are left out of a fit together.
    """

    need: str
    signals: Mapping[str, float]
    useful: bool
    weight: float = 1.0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sureness:
    """How honest probabilities are, and what abstaining by them is worth.

    Attributes:
        bins: (mean probability, share useful, pairs), by tenths.
        precision: of the needs abstained on, the share that nothing answers.
        recall: of the needs that nothing answers, the share abstained on.
    """

    pairs: int
    needs: int
    unanswered: int
    brier: float
    ece: float
    bins: tuple[tuple[float, float, int], ...]
    precision: float
    recall: float


def observe_pairs(
    dataset: Dataset,
    queries: Mapping[str, str],
    engine: Engine,
    weights: Weights,
    *,
    useful: int = USEFUL,
) -> Iterator[Pair]:
    """The first candidates of each query as a page would show them."""
    for query, text in queries.items():
        need = read_need(NeedText(text=text), weights=weights, statistics=engine.term_statistics)
        ranking = rank_candidates(need, kinds=(KIND,), engine=engine, weights=weights)
        found = assess(ranking, weights, limit=_LOOKED_AT, diverse=False)
        grades = dataset.judgements[query]
        for scored in found.scored:
            yield Pair(query, scored.signals, grades.get(scored.candidate.key, 0) >= useful)


def fit_calibration(pairs: Sequence[Pair], start: Calibration, names: Sequence[str]) -> Calibration:
    """Logistic by Newton's method with a ridge; coefficients that would turn negative stay at nothing:
    more of a good sign is never a bad one."""
    names = list(names)
    while True:
        values = _newton(pairs, names)
        wrong = [name for name, value in zip(names, values[1:], strict=True) if value < 0]
        if not wrong:
            return replace(
                start,
                intercept=round(values[0], 3),
                coefficients={n: round(v, 3) for n, v in zip(names, values[1:], strict=True)},
            )
        names = [name for name in names if name not in wrong]


def _newton(pairs: Sequence[Pair], names: Sequence[str]) -> list[float]:
    rows = [[1.0, *(pair.signals[name] for name in names)] for pair in pairs]
    size = len(names) + 1
    values = [0.0] * size
    for _ in range(_ROUNDS):
        gradient = [-_RIDGE * value * bool(place) for place, value in enumerate(values)]
        curve = [[_RIDGE * bool(i) * (i == j) for j in range(size)] for i in range(size)]
        for row, pair in zip(rows, pairs, strict=True):
            chance = _logistic(sum(map(float.__mul__, row, values)))
            for i in range(size):
                gradient[i] += pair.weight * row[i] * (pair.useful - chance)
                for j in range(size):
                    curve[i][j] += pair.weight * row[i] * row[j] * chance * (1 - chance)
        step = _solved(curve, gradient)
        values = [value + change for value, change in zip(values, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return values


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with pivots; a handful of unknowns."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        pivot = max(range(place, size), key=lambda at: abs(rows[at][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        head = rows[place][place] or 1e-9
        for other in range(size):
            if other != place:
                factor = rows[other][place] / head
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[place], strict=True)
                ]
    return [rows[place][size] / (rows[place][place] or 1e-9) for place in range(size)]


def cross_validated(
    pairs: Sequence[Pair],
    start: Calibration,
    names: Sequence[str],
    *,
    folds: int = 10,
    seed: int = 7,
) -> list[tuple[Pair, float]]:
    """Each pair with the probability by a fit that has not seen its need."""
    groups = sorted({pair.group or pair.need for pair in pairs})
    random.Random(seed).shuffle(groups)  # noqa: S311
    told: list[tuple[Pair, float]] = []
    for fold in range(min(folds, len(groups))):
        held = set(groups[fold::folds])
        inner = [p for p in pairs if (p.group or p.need) not in held]
        outer = [p for p in pairs if (p.group or p.need) in held]
        fitted = fit_calibration(inner, start, names)
        told += [(p, probability(p.signals, fitted)) for p in outer]
    return told


def sureness(
    told: Sequence[tuple[Pair, float]], answered: Mapping[str, bool], good_from: float
) -> Sureness:
    """How honest the probabilities are.

    Args:
        told: pairs with their probability.
        answered: every need, and whether anything judged answers it.
        good_from: the probability from which a match is shown.
    """
    best: dict[str, float] = dict.fromkeys(answered, 0.0)
    for pair, chance in told:
        best[pair.need] = max(best[pair.need], chance)
    silent = [need for need, chance in best.items() if chance < good_from]
    right = sum(not answered[need] for need in silent)
    nothing = sum(not one for one in answered.values())
    count = max(len(told), 1)
    bins = _bins(told)
    return Sureness(
        pairs=len(told),
        needs=len(answered),
        unanswered=nothing,
        brier=sum((chance - pair.useful) ** 2 for pair, chance in told) / count,
        ece=sum(abs(mean - share) * many for mean, share, many in bins) / count,
        bins=bins,
        precision=right / len(silent) if silent else 1.0,
        recall=right / nothing if nothing else 1.0,
    )


def best_of_needs(told: Iterable[tuple[Pair, float]]) -> list[tuple[float, bool]]:
    """(the likeliest candidate's probability, is it answered?) of each need.

    A need that something answers stands a second time, with its answers taken out of the collection: what
    is left is near its topic and does not answer it, which is what abstention has to tell.
    """
    best: dict[str, float] = {}
    without: dict[str, float] = {}
    answered: set[str] = set()
    for pair, chance in told:
        best[pair.need] = max(best.get(pair.need, 0.0), chance)
        if pair.useful:
            answered.add(pair.need)
        else:
            without[pair.need] = max(without.get(pair.need, 0.0), chance)
    found = [(best[need], True) for need in sorted(answered)]
    return found + [(chance, False) for _, chance in sorted(without.items())]


def abstention(needs: Sequence[tuple[float, bool]], below: float) -> tuple[float, float]:
    """(of those abstained on the share that nothing answers, of those the share abstained on)."""
    silent = [answered for chance, answered in needs if chance < below]
    nothing = sum(not answered for _, answered in needs)
    right = sum(not answered for answered in silent)
    return (right / len(silent) if silent else 1.0), (right / nothing if nothing else 1.0)


def choose_threshold(
    needs: Sequence[tuple[float, bool]], *, least: float, silenced: float, most: float
) -> float:
    """The probability below which the exchange abstains: the one that finds most needs that nothing
    answers while at least `least` of those abstained on are such, halfway to the next need.

    Args:
        needs: of `best_of_needs`.
        least: precision that is demanded.
        silenced: share of the answered needs that may be told that there is nothing.
        most: no threshold above this one.
    """
    answered = [chance for chance, is_answered in needs if is_answered]
    chances = sorted({chance for chance, _ in needs})
    best, found = 0.0, (0.0, 0.0)
    for lower, upper in pairwise([0.0, *chances, 1.0]):
        middle = (lower + upper) / 2
        if middle > most:
            break
        precision, recall = abstention(needs, middle)
        quiet = sum(chance < middle for chance in answered)
        if quiet > silenced * len(answered):
            break
        if precision >= least and (recall, middle) > found:
            best, found = middle, (recall, middle)
    return round(best, 3)


def _bins(told: Sequence[tuple[Pair, float]]) -> tuple[tuple[float, float, int], ...]:
    found = []
    for place in range(BINS):
        inside = [
            (pair.useful, chance)
            for pair, chance in told
            if min(int(chance * BINS), BINS - 1) == place
        ]
        if inside:
            many = len(inside)
            found.append(
                (
                    sum(chance for _, chance in inside) / many,
                    sum(useful for useful, _ in inside) / many,
                    many,
                )
            )
    return tuple(found)
