"""What a release's matching is worth on a judged set, as the public page tells it. Touches no data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.scoring import NeedText, Weights, assess, read_need
from search.analysis import strip_marks
from search.engines import Engine
from search.evaluation import KIND, Bm25Ranker, Dataset, ndcg, recall

PRECISION_AT: Final = 5
RECALL_AT: Final = 50
#: A graded set calls 1 "close to the topic"; where nothing is graded higher, 1 is useful.
_USEFUL: Final = 2
_READ: Final = 20


@dataclass(slots=True)
class _Found:
    gains: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    #: (nothing useful was judged, matching abstained), by need.
    silent: list[tuple[bool, bool]] = field(default_factory=list)


def measure(
    dataset: Dataset, engine: Engine, weights: Weights, *, without_marks: bool = False
) -> dict[str, Any]:
    """Figures of a set that was loaded with its unanswered needs.

    Precision of the first five and abstention are measured as a page shows them: with conditions and only
    what is good enough. The ranking is measured apart from both, as in `evaluate`.
    """
    useful = _useful(dataset)
    found = _Found()
    bm25 = Bm25Ranker(engine)
    for query, typed in dataset.queries.items():
        text = strip_marks(typed) if without_marks else typed
        grades = dataset.judgements[query]
        ranking = rank_candidates(
            read_need(NeedText(text=text), weights=weights, statistics=engine.term_statistics),
            kinds=(KIND,),
            engine=engine,
            weights=weights,
        )
        page = assess(ranking, weights, limit=_READ, diverse=False)
        right = {key for key, grade in grades.items() if grade >= useful}
        found.silent.append((not right, page.abstained))
        if not any(grade > 0 for grade in grades.values()):
            continue
        read = assess(ranking, weights, limit=_READ, exclude=False, diverse=False)
        best = [one.candidate.key for one in read.scored]
        seen = set(best)
        best += [one.candidate.key for one in ranking.entries if one.candidate.key not in seen]
        found.gains.append(ndcg(best, grades))
        found.recalls.append(recall(best, grades, RECALL_AT))
        found.plain.append(ndcg(bm25(text), grades))
        if right:
            first = [one.candidate.key for one in page.good[:PRECISION_AT]]
            # With fewer right answers than places, all of them is as good as it gets.
            places = min(PRECISION_AT, len(right))
            found.precisions.append(min(1.0, len(right.intersection(first)) / places))
    return _figures(found, needs=len(dataset.queries))


def _useful(dataset: Dataset) -> int:
    highest = max(
        (grade for grades in dataset.judgements.values() for grade in grades.values()), default=0
    )
    return min(_USEFUL, max(highest, 1))


def _figures(found: _Found, *, needs: int) -> dict[str, Any]:
    abstained = [nothing for nothing, silent in found.silent if silent]
    nothing = [silent for nothing, silent in found.silent if nothing]
    figures: Mapping[str, float | None] = {
        "ndcg@10": _mean(found.gains),
        "bm25": _mean(found.plain),
        "p@5": _mean(found.precisions),
        "recall@50": _mean(found.recalls),
        # Of sets in which everything is answered, abstention says nothing.
        "abstention_precision": _mean(abstained) if nothing else None,
        "abstention_recall": _mean(nothing),
    }
    return {
        "needs": needs,
        "unanswered": len(nothing),
        **{name: value for name, value in figures.items() if value is not None},
    }


def _mean(values: list[Any]) -> float | None:
    return round(fmean(values), 4) if values else None
