"""Matching as a ranking, for `evaluate`: the product's own path, without what is measured apart."""

from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, assess, read_need
from search.engines import Engine
from search.evaluation import DEPTH, KIND

#: How many are read in full, as for a page; the rest keeps its order by words.
_READ: Final = 20


class MatchRanker:
    """Ranks a collection for a query as matching ranks supply for a need.

    Abstention and hard exclusions are left aside: they are measured apart.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(self, text: str) -> list[str]:
        ranking = rank_candidates(read_need(NeedText(text=text)), kinds=(KIND,), engine=self.engine)
        best = [s.candidate.key for s in assess(ranking, limit=_READ, exclude=False).scored]
        seen = set(best)
        rest = [e.candidate.key for e in ranking.entries if e.candidate.key not in seen]
        return [*best, *rest][:DEPTH]
