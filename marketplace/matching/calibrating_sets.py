"""The probability fitted on judged sets: a graded one of needs, and others in which the answer is written in
another language, which the needs have too seldom. With likeness of meaning it is fitted by itself.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from marketplace.matching.calibrating import (
    Pair,
    abstention,
    best_of_needs,
    choose_threshold,
    cross_validated,
    fit_calibration,
    observe_pairs,
    sureness,
)
from marketplace.matching.likeness_of_sets import likeness_of
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import Weights
from marketplace.matching.scoring.weights import Calibration
from search.analysis import strip_marks
from search.engines import Engine
from search.evaluation import Dataset, indexed

#: What the probability is told from; those that speak against a candidate fall out in the fit.
SIGNALS: Final = ("strength", "covered", "elements", "marked", "bridged", "figures")
#: Pairs of a set across languages count as so many together, those of needs one each.
_ACROSS: Final = 100.0
_ACROSS_QUERIES: Final = 60
#: Precision that abstaining has to have on the development sets.
_LEAST_PRECISION: Final = 0.9
#: Of answered needs, so many may be told that there is nothing: half of all needs being answered flatters
#: the precision, in life most are. With one in twenty, of the needs as they were posted a quarter of those
#: abstained on had an answer.
_SILENCED: Final = 0.025


@dataclass(frozen=True, slots=True)
class Sets:
    """`needs` are graded, some of them without an answer; `across` are queries with the collection of
    another language, judged by whether the answer is the one."""

    needs: Dataset
    across: tuple[tuple[Dataset, Dataset], ...] = ()


def calibrated(
    sets: Sets, weights: Weights, *, seed: int, cache: Path | None = None
) -> tuple[Weights, dict[str, Any]]:
    """The weights with their probability fitted, and what cross-validation says of it.

    Args:
        sets: the development sets.
        weights: what ranks.
        seed: of the folds and of the queries across languages.
        cache: where vectors of the sets are kept; without it nothing is told of meaning.

    Raises:
        CommandError: likeness of meaning is asked for and not installed.
    """
    graded, across = _pairs(sets, weights, seed, None)
    found, figures = _fitted(graded, across, weights.calibration, SIGNALS, seed)
    weights = replace(weights, calibration=found)
    told = {"words": figures}
    if cache is not None:
        graded, across = (
            [pair for pair in some if "meaning" in pair.signals]
            for some in _pairs(sets, weights, seed, cache)
        )
        names = (*SIGNALS, "meaning")
        start = weights.calibration_with_meaning or found
        knows, told["with meaning"] = _fitted(graded, across, start, names, seed)
        weights = replace(weights, calibration_with_meaning=knows)
    return weights, told


def _fitted(
    graded: list[Pair],
    across: list[Pair],
    start: Calibration,
    names: tuple[str, ...],
    seed: int,
) -> tuple[Calibration, dict[str, Any]]:
    told = cross_validated([*graded, *across], start, names, seed=seed)
    of_needs = {id(pair) for pair in graded}
    own = [(pair, chance) for pair, chance in told if id(pair) in of_needs]
    others = [(pair, chance) for pair, chance in told if id(pair) not in of_needs]
    needs = best_of_needs(own)
    below = choose_threshold(
        needs, least=_LEAST_PRECISION, silenced=_SILENCED, most=start.good_from
    )
    fitted = replace(fit_calibration([*graded, *across], start, names), abstain_below=below)
    precision, recall = abstention(needs, below)
    answered: dict[str, bool] = {}
    for pair in graded:
        answered[pair.need] = answered.get(pair.need, False) or pair.useful
    sure = sureness(own, answered, below)
    return fitted, {
        "pairs": len(graded),
        "brier": round(sure.brier, 4),
        "ece": round(sure.ece, 4),
        "bins": [[round(mean, 3), round(share, 3), many] for mean, share, many in sure.bins],
        "abstain_below": below,
        "abstention_precision": round(sure.precision, 4),
        "abstention_recall": round(sure.recall, 4),
        "with_answers_taken_out": [round(precision, 4), round(recall, 4), len(needs)],
        "across": {
            "pairs": len(others),
            "said": round(_mean([chance for _, chance in others]), 4),
            "useful": round(_mean([float(pair.useful) for pair, _ in others]), 4),
        },
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _pairs(
    sets: Sets, weights: Weights, seed: int, cache: Path | None
) -> tuple[list[Pair], list[Pair]]:
    """Of the needs, and of the sets across languages."""
    needs = sets.needs
    graded: list[Pair] = []
    with indexed(needs) as engine, _meaning(needs, cache):
        # A need typed without its marks is left to its words.
        for strip in (False,) if cache is not None else (False, True):
            typed = {
                query: strip_marks(text) if strip else text for query, text in needs.queries.items()
            }
            graded += [
                replace(pair, need=f"{pair.need}{' bare' if strip else ''}", group=pair.need)
                for pair in observe_pairs(needs, typed, engine, weights)
            ]
    across: list[Pair] = []
    for number, (queries, corpus) in enumerate(sets.across):
        with indexed(corpus) as engine, _meaning(corpus, cache):
            found = list(_across(queries, engine, weights, seed))
        weight = _ACROSS / max(len(found), 1)
        across += [replace(pair, need=f"{number} {pair.need}", weight=weight) for pair in found]
    return graded, across


def _across(queries: Dataset, engine: Engine, weights: Weights, seed: int) -> Iterator[Pair]:
    chosen = sorted(queries.queries.items())
    if len(chosen) > _ACROSS_QUERIES:
        chosen = sorted(random.Random(seed).sample(chosen, _ACROSS_QUERIES))  # noqa: S311
    yield from observe_pairs(queries, dict(chosen), engine, weights, useful=1)


@contextmanager
def _meaning(dataset: Dataset, cache: Path | None) -> Iterator[None]:
    with only_meaning(likeness_of(dataset, cache) if cache is not None else None):
        yield
