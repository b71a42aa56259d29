"""Matching as a ranking, for `evaluate`: the product's own path, without what is measured apart."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import reduce
from typing import Final

from marketplace.matching.finding import rank_candidates
from marketplace.matching.meaning import meaning_source, only_meaning
from marketplace.matching.scoring import NeedText, Weights, assess, read_need
from marketplace.matching.scoring.score import MEANING
from marketplace.matching.scoring.weights import shipped_weights
from search.analysis import synonyms, translations
from search.engines import Engine
from search.evaluation import DEPTH, KIND, Bm25Ranker, Dataset, Ranker, evaluate

#: How many are read in full, as for a page; the rest keeps its order by words.
_READ: Final = 20


#: The figures that say how good a ranking is, among those of `evaluate`.
QUALITY: Final = ("ndcg@10", "mrr@10", "recall@100")

#: What can be taken away from a score made of words alone, as the judged sets have.
COMPONENTS: Final = (
    "engine", "words", "pairs", "passage", "title", "feedback", "semantic", "sentences", "elements",
    "specifications_met", "specifications_unmet", "products",
)  # fmt: skip


class MatchRanker:
    """Ranks a collection for a query as matching ranks supply for a need.

    Abstention, diversity and, without `exclude`, conditions are left aside: they are measured apart.
    """

    def __init__(
        self, engine: Engine, weights: Weights | None = None, *, exclude: bool = False
    ) -> None:
        self.engine = engine
        self.weights = weights or shipped_weights()
        self.exclude = exclude

    def __call__(self, text: str) -> list[str]:
        need = read_need(
            NeedText(text=text), weights=self.weights, statistics=self.engine.term_statistics
        )
        ranking = rank_candidates(need, kinds=(KIND,), engine=self.engine, weights=self.weights)
        read = assess(ranking, self.weights, limit=_READ, exclude=self.exclude, diverse=False)
        best = [scored.candidate.key for scored in read.scored]
        # What breaks a condition is not listed by a page either.
        seen = {*best, *(one.candidate.key for one in read.left_out)}
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
        counts = part not in MEANING or meaning_source() is not None
        if counts and without != weights:
            yield part, measured(MatchRanker(engine, without))
        if part != "words":
            bare = bare.without(part)
    yield "all but words", measured(MatchRanker(engine, bare))
    yield "BM25", measured(Bm25Ranker(engine))


#: From the least to all: what each step of the ladder adds to those before it.
STEPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("words by field", ("engine", "words", "title")),
    ("+ neighbours", ("pairs",)),
    ("+ proximity", ("passage",)),
    ("+ feedback", ("feedback",)),
    ("+ vocabulary", ()),
    ("+ synonyms", ()),
    ("+ elements", ("elements",)),
    ("+ quantities", ("specifications_met", "specifications_unmet")),
    ("+ products", ("products",)),
    ("+ negation", ("exclusion_shared", "opposed")),
    ("+ meaning", ("semantic",)),
    ("+ its sentences", ("sentences",)),
)


def ladder(
    dataset: Dataset, engine: Engine, weights: Weights, *, strip_diacritics: bool = False
) -> Iterator[tuple[str, dict[str, float | int]]]:
    """BM25, and then the components one after the other, each with all before it.

    Facts (field, readiness, place, price, age) are not among them: judged sets are texts without.
    """
    yield "BM25", evaluate(dataset, Bm25Ranker(engine), strip_diacritics=strip_diacritics)
    source = meaning_source()
    waiting = [part for _, parts in STEPS for part in parts]
    books = {"+ vocabulary": translations, "+ synonyms": synonyms}
    for name, parts in STEPS:
        books.pop(name, None)
        for part in parts:
            waiting.remove(part)
        if source is None and not set(MEANING).isdisjoint(parts):
            return
        bare = reduce(Weights.without, waiting, weights)
        ranker = MatchRanker(engine, bare, exclude="opposed" not in waiting)
        with ExitStack() as without:
            for book in books.values():
                without.enter_context(book.trying([]))
            without.enter_context(only_meaning(source if "semantic" not in waiting else None))
            yield name, evaluate(dataset, ranker, strip_diacritics=strip_diacritics)
