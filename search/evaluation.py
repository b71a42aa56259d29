"""Measuring a ranking on a collection with judgements (BEIR layout). Pure: no Django, no data.

The ranking is any callable from a query to document ids, best first, so that plain search and
the matching with its rescoring are measured by the same code on the same index.
"""

import gzip
import json
import math
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from search.analysis import detect_language, exact_terms, fold_terms, pairs, strip_marks
from search.documents import Document
from search.engines.base import Engine
from search.queries import Match, Query, TextQuery
from search.searching import find

Ranker = Callable[[str], Sequence[str]]

DEPTH: Final = 100
CUT: Final = 10
KIND: Final = "item"
#: Several sets of queries may share the collection of the folder above them.
_CORPUS: Final = ("corpus.jsonl", "../corpus.jsonl")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A collection, its queries with at least one positive judgement, and the judgements."""

    path: Path
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]

    def documents(self) -> Iterator[Document]:
        """The collection, read again at each call so that it never stands in memory."""
        for row in _rows(_found(self.path, *_CORPUS)):
            yield Document(
                kind=KIND,
                key=str(row["_id"]),
                title=str(row.get("title") or ""),
                text=str(row.get("text") or ""),
            )


def load_dataset(path: str | Path, *, unanswered: bool = False) -> Dataset:
    """Read ``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv`` (or ``qrels/test.tsv``), each plain or
    ``.gz``. A folder without a collection has that of the folder above it.

    A query without a positive judgement is left out, unless ``unanswered`` wants the judged ones that
    nothing answers too; an unknown query in the judgements is always left out.
    """
    folder = Path(path)
    _found(folder, *_CORPUS)
    judgements: dict[str, dict[str, int]] = {}
    with _opened(_found(folder, "qrels.tsv", "qrels/test.tsv")) as lines:
        next(lines, None)
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 3:
                judgements.setdefault(fields[0], {})[fields[1]] = int(float(fields[2]))
    texts = {str(row["_id"]): str(row["text"]) for row in _rows(_found(folder, "queries.jsonl"))}
    positive = {
        query: grades
        for query, grades in judgements.items()
        if query in texts and (unanswered or any(grade > 0 for grade in grades.values()))
    }
    return Dataset(folder, {query: texts[query] for query in positive}, positive)


@contextmanager
def indexed(dataset: Dataset, url: str = "") -> Iterator[Engine]:
    """The collection in an index of its own: in a temporary folder, or on the server at ``url``.

    There it replaces what stands under the address, and stays.
    """
    # The engine registry reads settings only when it is asked for the product's own index.
    from search.engines import get_engine  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        engine = get_engine(url or f"embedded://{folder}/index")
        engine.rebuild(dataset.documents())
        yield engine


class SearchRanker:
    """The public search as a ranking of the words of a query."""

    def __init__(self, engine: Engine, depth: int = DEPTH) -> None:
        self.engine = engine
        self.depth = depth

    def __call__(self, text: str) -> list[str]:
        """What the search page lists, then, to the full depth, what holds any of the words."""
        found = self._keys(text, "most")
        if len(found) < self.depth:
            found += [key for key in self._keys(text, "any") if key not in set(found)]
        return found[: self.depth]

    def _keys(self, text: str, match: Match) -> list[str]:
        return [
            hit.key
            for hit in find(Query(text, limit=self.depth, match=match), engine=self.engine).hits
        ]


class Bm25Ranker:
    """The yardstick: BM25 as everybody publishes it (k1 1.2, b 0.75), with nothing beside it.

    Vietnamese by syllables and pairs of syllables, English by stems without stop words; as typed.
    """

    def __init__(self, engine: Engine, depth: int = DEPTH) -> None:
        self.engine = engine
        self.depth = depth

    def __call__(self, text: str) -> list[str]:
        language = detect_language(text)
        terms = exact_terms(text, language)
        if language == "en":
            terms = fold_terms(terms)
        else:
            terms += pairs(terms)
        counted = tuple((term, float(times)) for term, times in Counter(terms).items())
        hits = self.engine.candidates(TextQuery("", limit=self.depth, terms=counted))
        return [hit.key for hit in hits]


def evaluate(
    dataset: Dataset, ranker: Ranker, *, strip_diacritics: bool = False
) -> dict[str, float | int]:
    """Mean figures over the queries: gain 2^grade − 1, discount log2(rank + 1)."""
    gains: list[float] = []
    reciprocals: list[float] = []
    early: list[float] = []
    recalls: list[float] = []
    times: list[float] = []
    for query, text in dataset.queries.items():
        grades = dataset.judgements[query]
        asked = strip_marks(text) if strip_diacritics else text
        started = time.perf_counter()
        ranked = list(ranker(asked))[:DEPTH]
        times.append((time.perf_counter() - started) * 1000)
        gains.append(ndcg(ranked, grades))
        reciprocals.append(reciprocal_rank(ranked, grades))
        early.append(recall(ranked, grades, CUT))
        recalls.append(recall(ranked, grades))
    return {
        "queries": len(dataset.queries),
        "ndcg@10": _mean(gains),
        "mrr@10": _mean(reciprocals),
        "recall@10": _mean(early),
        "recall@100": _mean(recalls),
        "ms_p50": round(_percentile(times, 0.50), 2),
        "ms_p95": round(_percentile(times, 0.95), 2),
    }


def ndcg(ranked: Sequence[str], grades: dict[str, int], cut: int = CUT) -> float:
    def discounted(values: Sequence[int]) -> float:
        return sum(
            (2 ** max(grade, 0) - 1) / math.log2(rank + 1) for rank, grade in enumerate(values, 1)
        )

    ideal = discounted(sorted(grades.values(), reverse=True)[:cut])
    return discounted([grades.get(key, 0) for key in ranked[:cut]]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: dict[str, int], cut: int = CUT) -> float:
    for rank, key in enumerate(ranked[:cut], 1):
        if grades.get(key, 0) > 0:
            return 1 / rank
    return 0.0


def recall(ranked: Sequence[str], grades: dict[str, int], depth: int = DEPTH) -> float:
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def _mean(values: list[float]) -> float:
    return round(statistics.fmean(values), 4) if values else 0.0


def _percentile(values: list[float], share: float) -> float:
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def _found(folder: Path, name: str, *others: str) -> Path:
    """The file by the first of its names that is there, plain or packed."""
    for one in (name, *others):
        for candidate in (folder / one, folder / f"{one}.gz"):
            if candidate.is_file():
                return candidate
    raise FileNotFoundError(f"{folder / name} (or {name}.gz) is missing")


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with _opened(path) as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
