"""From a need's text to ranked candidates: the engine proposes, the scoring decides."""

from typing import Final

from marketplace.matching.scoring import (
    CandidateText,
    MatchList,
    NeedText,
    ReadNeed,
    assess,
    rank,
    read_need,
)
from marketplace.matching.scoring.score import Complete, Ranking
from marketplace.matching.texts import SUPPLY
from search.engines import Engine, get_engine
from search.queries import TextQuery

#: How many the engine proposes. Of needs against 58,430 results 300 rank no better than 120 (nDCG@10
#: .669, recall@100 .882 each) and take twice the time.
CANDIDATES: Final = 150
SHOWN: Final = 20


def find_matches(
    need: NeedText,
    *,
    kinds: tuple[str, ...] = tuple(SUPPLY),
    limit: int = SHOWN,
    engine: Engine | None = None,
    complete: Complete | None = None,
) -> MatchList:
    """The best candidates with their reasons, best first.

    Args:
        need: the need's public text and facts.
        kinds: kinds of supply to look among.
        limit: how many are read in full and returned.
        engine: the index to ask; by default the product's own.
        complete: completes candidates with their facts and drops those that may not be shown.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    ranking = rank_candidates(read_need(need), kinds=kinds, engine=engine or get_engine())
    return assess(ranking, limit=limit, complete=complete)


def rank_candidates(
    need: ReadNeed, *, kinds: tuple[str, ...], engine: Engine, depth: int = CANDIDATES
) -> Ranking:
    """Every proposed candidate by its words."""
    whole = f"{need.title}\n{need.text}" if need.title else need.text
    hits = engine.candidates(TextQuery(whole, kinds=kinds, limit=depth, boosts=need.phrases))
    statistics = engine.term_statistics(need.statistics_terms)
    candidates = [
        CandidateText(kind=hit.kind, key=hit.key, title=hit.title, text=hit.text) for hit in hits
    ]
    return rank(need, candidates, statistics)
