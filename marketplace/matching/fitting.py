"""Fitting the lexical weights to judgements: coordinate ascent with few parameters. Pure but for the
index that is asked once; `manage.py fit_weights` is its door.

Every development set counts the same, however many queries it has. A step is taken only where it gains
more than chance would, and from the values that do equally well the middle one is kept, so that the
weights stand on plateaus. What comes of it on queries it was not fitted on is told by cross-validation.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, Weights, read_need
from marketplace.matching.scoring.weights import Lexical
from search.engines import Engine
from search.evaluation import KIND, Dataset, ndcg
from search.ranking.lexical import slide

#: What is fitted; saturation, length and rarity are chosen by hand (docs/quality.md).
FITTED: Final = ("engine", "words", "pairs", "passage", "title", "feedback")
#: The scale of all others, so it stays.
_FIXED: Final = "words"
_KEPT: Final = 60
_STEPS: Final = (0.0, 0.4, 0.65, 0.8, 1.25, 1.6, 2.5)
#: Where a weight is nothing, what is tried.
_FROM_NOTHING: Final = (0.1, 0.4, 1.0)
#: Two figures that differ by less are the same (a standard error is .001 to .003).
_CHANCE: Final = 0.0008
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Observed:
    """One judged query: what each component said of its candidates, unweighed."""

    tongue: str
    share: float  # between a short question, 0, and a text, 1
    rows: tuple[tuple[float, ...], ...]  # by FITTED
    keys: tuple[str, ...]
    grades: Mapping[str, int]


Judged = Mapping[str, Sequence[Observed]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Figures are nDCG@10 by set: before, after, and on queries left out of the fit."""

    weights: Weights
    before: Mapping[str, float]
    after: Mapping[str, float]
    left_out: Mapping[str, float]


def chosen(dataset: Dataset, most: int, seed: int) -> dict[str, str]:
    """So many of the queries, the same ones for the same seed."""
    queries = sorted(dataset.queries.items())
    if most and len(queries) > most:
        queries = sorted(random.Random(seed).sample(queries, most))  # noqa: S311
    return dict(queries)


def observe(
    dataset: Dataset, queries: Mapping[str, str], engine: Engine, weights: Weights
) -> list[Observed]:
    """What matching sees of each query's candidates, those kept that could come first or are judged."""
    plain = _plain(weights)
    return [
        _observed(text, dataset.judgements[query], engine, weights, plain)
        for query, text in queries.items()
    ]


def _plain(weights: Weights) -> Weights:
    """Every component counting 1, so that parts are what the components say."""
    ones = dict.fromkeys(FITTED, 1.0)
    return replace(
        weights,
        short={tongue: replace(end, **ones) for tongue, end in weights.short.items()},
        long={tongue: replace(end, **ones) for tongue, end in weights.long.items()},
    )


def _observed(
    text: str, grades: Mapping[str, int], engine: Engine, weights: Weights, plain: Weights
) -> Observed:
    need = read_need(NeedText(text=text), weights=weights, statistics=engine.term_statistics)
    ranking = rank_candidates(need, kinds=(KIND,), engine=engine, weights=plain)
    share = slide(len(need.words.counts), weights.short_terms, weights.long_terms)
    tongue = "en" if need.language == "en" else "vi"
    now = weights.lexical(tongue, share)
    found = [
        (entry.candidate.key, tuple(entry.fit.parts.get(name, 0.0) for name in FITTED))
        for entry in ranking.entries
    ]
    found.sort(key=lambda one: -_score(one[1], now))
    kept = [one for place, one in enumerate(found) if place < _KEPT or grades.get(one[0], 0) > 0]
    return Observed(
        tongue, share, tuple(row for _, row in kept), tuple(key for key, _ in kept), dict(grades)
    )


def _score(row: Sequence[float], lexical: Lexical) -> float:
    return sum(part * getattr(lexical, name) for part, name in zip(row, FITTED, strict=True))


def quality(observed: Iterable[Observed], weights: Weights) -> float:
    """Mean nDCG@10 of the order that the weights make."""
    gains = []
    for one in observed:
        lexical = weights.lexical(one.tongue, one.share)
        values = [getattr(lexical, name) for name in FITTED]
        scores = [sum(map(float.__mul__, row, values)) for row in one.rows]
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        gains.append(ndcg([one.keys[place] for place in order[:10]], dict(one.grades)))
    return fmean(gains) if gains else 0.0


def fit(judged: Judged, start: Weights, *, folds: int = 5, seed: int = 7) -> Fitted:
    """The weights that all sets together want, and how they do where they were not fitted."""
    weights = climb(judged, start)
    outside: dict[str, list[float]] = {name: [] for name in judged}
    for fold in range(folds):
        inner, outer = _parted(judged, fold, folds, seed)
        without = climb(inner, start)
        for name, held in outer.items():
            if held:
                outside[name].append(quality(held, without) * len(held))
    return Fitted(
        weights,
        before={name: quality(one, start) for name, one in judged.items()},
        after={name: quality(one, weights) for name, one in judged.items()},
        left_out={name: sum(outside[name]) / len(one) for name, one in judged.items() if one},
    )


def _parted(
    judged: Judged, fold: int, folds: int, seed: int
) -> tuple[dict[str, list[Observed]], dict[str, list[Observed]]]:
    inner: dict[str, list[Observed]] = {}
    outer: dict[str, list[Observed]] = {}
    for name, observed in judged.items():
        order = list(range(len(observed)))
        random.Random(f"{seed} {name}").shuffle(order)  # noqa: S311
        outer[name] = [observed[place] for place in order[fold::folds]]
        held = set(order[fold::folds])
        inner[name] = [one for place, one in enumerate(observed) if place not in held]
    return inner, outer


def climb(judged: Judged, start: Weights) -> Weights:
    """One language after the other, each weight in turn, until nothing gains more than chance."""
    weights = start
    for tongue in ("vi", "en"):
        mine = {
            name: kept
            for name, observed in judged.items()
            if (kept := [one for one in observed if one.tongue == tongue])
        }
        if mine:
            weights = _climb(mine, weights, tongue)
    return weights


def _climb(judged: Judged, weights: Weights, tongue: str) -> Weights:
    best = _mean(judged, weights)
    for _ in range(_ROUNDS):
        before = best
        for end in ("short", "long"):
            if not any(_reaches(one, end) for observed in judged.values() for one in observed):
                continue
            for name in FITTED:
                if name != _FIXED:
                    weights, best = _step(judged, weights, (end, tongue, name), best)
        if best - before <= _CHANCE:
            break
    return weights


def _reaches(one: Observed, end: str) -> bool:
    return one.share < 1 if end == "short" else one.share > 0


def _step(
    judged: Judged, weights: Weights, place: tuple[str, str, str], best: float
) -> tuple[Weights, float]:
    """The middle of the values that do best, if they gain more than chance."""
    end, tongue, name = place
    now = getattr(getattr(weights, end)[tongue], name)
    values = [now * step for step in _STEPS] if now else list(_FROM_NOTHING)
    tried = {value: _mean(judged, _with(weights, place, value)) for value in values}
    top = max(tried.values())
    if top - best <= _CHANCE:
        return weights, best
    plateau = sorted(value for value, figure in tried.items() if top - figure <= _CHANCE / 2)
    middle = round(plateau[len(plateau) // 2], 3)
    moved = _with(weights, place, middle)
    return moved, _mean(judged, moved)


def _with(weights: Weights, place: tuple[str, str, str], value: float) -> Weights:
    end, tongue, name = place
    ends = dict(getattr(weights, end))
    ends[tongue] = replace(ends[tongue], **{name: value})
    return replace(weights, short=ends) if end == "short" else replace(weights, long=ends)


def _mean(judged: Judged, weights: Weights) -> float:
    return fmean(quality(observed, weights) for observed in judged.values())


def losers(fitted: Fitted, yardstick: Mapping[str, float]) -> list[str]:
    """The sets on which the weights rank worse than BM25, fitted on them or left out of the fit: the
    guard that no new weights pass."""
    return [
        name
        for name, least in yardstick.items()
        if min(fitted.after[name], fitted.left_out.get(name, fitted.after[name])) < least
    ]
