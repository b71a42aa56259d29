"""Matching as a ranking, for `evaluate`: the product's own path, without what is measured apart."""

from collections.abc import Iterator
from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.meaning import meaning_source
from marketplace.matching.scoring import NeedText, Weights, assess, read_need
from marketplace.matching.scoring.weights import shipped_weights
from search.engines import Engine
from search.evaluation import DEPTH, KIND, Bm25Ranker, Dataset, Ranker, evaluate

#: How many are read in full, as for a page; the rest keeps its order by words.
_READ: Final = 20


#: The figures that say how good a ranking is, among those of `evaluate`.
QUALITY: Final = ("ndcg@10", "mrr@10", "recall@100")

#: What can be taken away from a score made of words alone, as the judged sets have.
COMPONENTS: Final = (
    "engine", "words", "pairs", "passage", "title", "feedback", "semantic", "elements",
    "specifications_met", "specifications_unmet",
)  # fmt: skip


class MatchRanker:
    """Ranks a collection for a query as matching ranks supply for a need.

    Abstention, conditions and diversity are left aside: they are measured apart.
    """

    def __init__(self, engine: Engine, weights: Weights | None = None) -> None:
        self.engine = engine
        self.weights = weights or shipped_weights()

    def __call__(self, text: str) -> list[str]:
        need = read_need(NeedText(text=text), weights=self.weights)
        ranking = rank_candidates(need, kinds=(KIND,), engine=self.engine, weights=self.weights)
        read = assess(ranking, self.weights, limit=_READ, exclude=False, diverse=False)
        best = [scored.candidate.key for scored in read.scored]
        seen = set(best)
        rest = [e.candidate.key for e in ranking.entries if e.candidate.key not in seen]
        return [*best, *rest][:DEPTH]


def ablation(
    dataset: Dataset, engine: Engine, weights: Weights, *, strip_diacritics: bool = False
) -> Iterator[tuple[str, dict[str, float | int]]]:
    """The figures with nothing removed, then without each component that counts, then without any
    but the words of the need; BM25 last."""

    def measured(ranker: Ranker) -> dict[str, float | int]:
        return evaluate(dataset, ranker, strip_diacritics=strip_diacritics)

    yield "nothing", measured(MatchRanker(engine, weights))
    bare = weights
    for part in COMPONENTS:
        without = weights.without(part)
        counts = part != "semantic" or meaning_source() is not None
        if counts and without != weights:
            yield part, measured(MatchRanker(engine, without))
        if part != "words":
            bare = bare.without(part)
    yield "all but words", measured(MatchRanker(engine, bare))
    yield "BM25", measured(Bm25Ranker(engine))
