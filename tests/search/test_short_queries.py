"""Short queries as people type them for a product: a sort of thing, a process, a material.

Judged by hand over the demo's results (`short/`, two for what answers, one for what helps). What counts is
what the page lists by itself, in its order; `evaluate` fills up behind it and would hide a gap.
"""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from marketplace.demo.judged import JUDGED
from search.evaluation import Dataset, load_dataset, ndcg, recall
from search.queries import Query
from search.searching import find

FOLDER = Path(__file__).with_name("short")

LEAST_SHARE = 0.93
LEAST_ORDER = 0.89
#: What the list gains by what is near.
LEAST_GAIN = 0.15

Listed = Callable[[str], Sequence[str]]


def short_queries(folder: Path) -> Dataset:
    """The demo's results with these queries, as a folder that `evaluate` takes too."""
    for source in (JUDGED / "corpus.jsonl", FOLDER / "queries.jsonl", FOLDER / "qrels.tsv"):
        (folder / source.name).symlink_to(source)
    return load_dataset(folder)


def figures(dataset: Dataset, listed: Listed) -> tuple[float, float]:
    """Mean share of what was judged that is listed, and mean nDCG@10."""
    found = [(listed(text), dataset.judgements[name]) for name, text in dataset.queries.items()]
    return (
        statistics.fmean(recall(keys, grades) for keys, grades in found),
        statistics.fmean(ndcg(keys, grades) for keys, grades in found),
    )


@pytest.fixture
def dataset(tmp_path):
    return short_queries(tmp_path)


def test_most_of_what_was_judged_is_listed(engine, dataset):
    engine.rebuild(dataset.documents())

    def listed(text: str) -> list[str]:
        return [hit.key for hit in find(Query(text, limit=100), engine=engine).hits]

    def strictly(text: str) -> list[str]:
        """By date, where nothing is near: those of them, in the order of the list."""
        strict = find(Query(text, limit=100, sort="newest"), engine=engine)
        held = set() if strict.relaxed else {hit.key for hit in strict.hits}
        return [key for key in listed(text) if key in held]

    share, order = figures(dataset, listed)
    strict_share, _ = figures(dataset, strictly)
    assert share > LEAST_SHARE
    assert order > LEAST_ORDER
    assert share > strict_share + LEAST_GAIN
