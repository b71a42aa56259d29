"""What reading negation is worth, on cases where the words alone prefer the wrong candidate.

A set in the BEIR layout with pairs: for each need one candidate that does without what the need
excludes (or does what it asks), and one that says the same words and relies on it. `negation_lines` is a
row of the ablation: the same ranking with and without exclusions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, Weights, assess, read_need
from marketplace.matching.scoring.weights import shipped_weights
from search.engines import Engine
from search.evaluation import KIND, Bm25Ranker, Dataset, Ranker, ndcg

#: The shipped cases.
CASES: Final = Path(__file__).parent.parent / "demo" / "data" / "judged" / "negation"
_READ: Final = 20


class NegationRanker:
    """Matching with its exclusions, or with `exclude=False` without; what is left out stands nowhere."""

    def __init__(self, engine: Engine, *, exclude: bool, weights: Weights | None = None) -> None:
        self.engine, self.exclude = engine, exclude
        self.weights = weights or shipped_weights()

    def __call__(self, text: str) -> list[str]:
        need = read_need(
            NeedText(text=text), weights=self.weights, statistics=self.engine.term_statistics
        )
        ranking = rank_candidates(need, kinds=(KIND,), engine=self.engine, weights=self.weights)
        read = assess(ranking, self.weights, limit=_READ, exclude=self.exclude, diverse=False)
        return [scored.candidate.key for scored in read.scored]


@dataclass(frozen=True, slots=True)
class NegationFigures:
    queries: int
    ndcg: float
    #: Share of the pairs in which what does without stands before what relies on it.
    pairs_right: float


def negation_lines(
    dataset: Dataset, engine: Engine, weights: Weights | None = None
) -> Iterator[tuple[str, NegationFigures]]:
    yield "bm25", measure(dataset, Bm25Ranker(engine))
    for name, exclude in (("without negation", False), ("with negation", True)):
        yield name, measure(dataset, NegationRanker(engine, exclude=exclude, weights=weights))


def measure(dataset: Dataset, ranker: Ranker) -> NegationFigures:
    gains: list[float] = []
    right = pairs = 0
    for query, text in dataset.queries.items():
        grades = dataset.judgements[query]
        ranked = list(ranker(text))
        place = {key: number for number, key in enumerate(ranked)}
        gains.append(ndcg(ranked, grades))
        for good in (key for key, grade in grades.items() if grade > 0):
            for bad in (key for key, grade in grades.items() if grade <= 0):
                pairs += 1
                right += place.get(good, len(ranked)) < place.get(bad, len(ranked))
    return NegationFigures(len(gains), sum(gains) / len(gains), right / pairs)
