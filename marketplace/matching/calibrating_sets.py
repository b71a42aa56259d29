"""The probability fitted on judged sets: a graded one of needs, and others in which the answer is written in
another language, which the needs have too seldom. With likeness of meaning it is fitted by itself.
"""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

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
SIGNALS: Final = (
    "strength", "covered", "elements", "marked", "bridged", "figures", "effects", "unnamed",
)  # fmt: skip
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
    """`needs` are graded, some of them without an answer; `shorter` are the same needs in fewer words, by the
    need's name, a slash and the form's; `across` are queries with the collection of another language, judged
    by whether the answer is the one."""

    needs: Dataset
    shorter: Dataset | None = None
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
    pairs = _pairs(sets, weights, seed, None)
    found, figures = _fitted(pairs, weights.calibration, SIGNALS, seed)
    weights = replace(weights, calibration=found)
    told = {"words": figures}
    if cache is not None:
        pairs = _Pairs(
            *(
                [pair for pair in some if "meaning" in pair.signals]
                for some in _pairs(sets, weights, seed, cache)
            )
        )
        names = (*SIGNALS, "meaning")
        start = weights.calibration_with_meaning or found
        knows, told["with meaning"] = _fitted(pairs, start, names, seed)
        weights = replace(weights, calibration_with_meaning=knows)
    return weights, told


class _Pairs(NamedTuple):
    graded: list[Pair]
    shorter: list[Pair]
    across: list[Pair]


def _fitted(
    pairs: _Pairs, start: Calibration, names: tuple[str, ...], seed: int
) -> tuple[Calibration, dict[str, Any]]:
    """The fit knows all pairs; the threshold is of needs as they were posted."""
    every = [pair for some in pairs for pair in some]
    chances = {id(one): chance for one, chance in cross_validated(every, start, names, seed=seed)}
    own, shorter, others = ([(pair, chances[id(pair)]) for pair in some] for some in pairs)
    needs = best_of_needs(own)
    below = choose_threshold(
        needs, least=_LEAST_PRECISION, silenced=_SILENCED, most=start.good_from
    )
    fitted = replace(fit_calibration(every, start, names), abstain_below=below)
    precision, recall = abstention(needs, below)
    sure = sureness(own, _answered(pairs.graded), below)
    return fitted, {
        "pairs": len(own),
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
        **({"in_fewer_words": _told_of(shorter, below, start.good_from)} if shorter else {}),
    }


def _told_of(told: list[tuple[Pair, float]], below: float, good_from: float) -> dict[str, Any]:
    sure = sureness(told, _answered(pair for pair, _ in told), below)
    good = [pair.useful for pair, chance in told if chance >= good_from]
    return {
        "pairs": sure.pairs,
        "brier": round(sure.brier, 4),
        "abstention_precision": round(sure.precision, 4),
        "abstention_recall": round(sure.recall, 4),
        "called_good": len(good),
        "of_these_useful": sum(good),
    }


def _answered(pairs: Iterable[Pair]) -> dict[str, bool]:
    answered: dict[str, bool] = {}
    for pair in pairs:
        answered[pair.need] = answered.get(pair.need, False) or pair.useful
    return answered


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _pairs(sets: Sets, weights: Weights, seed: int, cache: Path | None) -> _Pairs:
    graded = list(_of_needs(sets.needs, weights, cache))
    shorter = list(_of_needs(sets.shorter, weights, cache)) if sets.shorter is not None else []
    across: list[Pair] = []
    for number, (queries, corpus) in enumerate(sets.across):
        with indexed(corpus) as engine, _meaning(corpus, cache):
            found = list(_across(queries, engine, weights, seed))
        weight = _ACROSS / max(len(found), 1)
        across += [replace(pair, need=f"{number} {pair.need}", weight=weight) for pair in found]
    return _Pairs(graded, shorter, across)


def _of_needs(needs: Dataset, weights: Weights, cache: Path | None) -> Iterator[Pair]:
    """Typed with marks and without; a need is one group, however it is said."""
    with indexed(needs) as engine, _meaning(needs, cache):
        # A need typed without its marks is left to its words.
        for strip in (False,) if cache is not None else (False, True):
            typed = {
                query: strip_marks(text) if strip else text for query, text in needs.queries.items()
            }
            for pair in observe_pairs(needs, typed, engine, weights):
                name = f"{pair.need}{' bare' if strip else ''}"
                yield replace(pair, need=name, group=pair.need.partition("/")[0])


def _across(queries: Dataset, engine: Engine, weights: Weights, seed: int) -> Iterator[Pair]:
    chosen = sorted(queries.queries.items())
    if len(chosen) > _ACROSS_QUERIES:
        chosen = sorted(random.Random(seed).sample(chosen, _ACROSS_QUERIES))  # noqa: S311
    yield from observe_pairs(queries, dict(chosen), engine, weights, useful=1)


@contextmanager
def _meaning(dataset: Dataset, cache: Path | None) -> Iterator[None]:
    with only_meaning(likeness_of(dataset, cache) if cache is not None else None):
        yield
