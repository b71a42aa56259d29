"""How well search and matching rank, by `manage.py evaluate` on every judged collection."""

import sys
from pathlib import Path

from tests.benchmarks import bm25, processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.references import COLLECTIONS, Collection
from tests.benchmarks.runs import Run

TITLE = "Ranking: nDCG@10 of search and of matching on judged collections"
PATHS = ("search", "match")
#: What may be lost against BM25, and by queries typed without diacritics.
TOLERATED, UNACCENTED = 0.01, 0.98


def run(run: Run) -> Section:
    section = Section("quality", TITLE)
    for collection in COLLECTIONS:
        if run.sets and collection.name not in run.sets:
            continue
        if not collection.present:
            section.notes.append(f"not there: {collection.folder}")
            continue
        run.say(f"evaluating {collection.name} …")
        with processes.throwaway("quality") as folder:
            data = _built(collection, folder / "set")
            for path in PATHS:
                section.figures += _figures(collection, data, folder / "data", path)
    return section


def _built(collection: Collection, out: Path) -> Path:
    """The folder in the BEIR layout; one collection makes it with a script of its own."""
    script = collection.folder / "build"
    if not script.exists():
        return collection.folder
    processes.run([sys.executable, str(script), str(out)], out.parent)
    return out


def _figures(collection: Collection, data: Path, folder: Path, path: str) -> list[Figure]:
    plain = _evaluate(data, folder, path)
    floor, name = collection.bm25, "BM25"
    if floor is None:
        floor, name = bm25.ndcg(data), "BM25 here"
    times = f"recall@100 {plain['recall@100']:.3f}, MRR@10 {plain['mrr@10']:.3f}, p95 {plain['ms_p95']:.0f} ms"
    figures = [
        Figure(
            f"{collection.name}, {path}",
            plain["ndcg@10"],
            "",
            floor - TOLERATED,
            "more",
            floor,
            name,
            3,
            times,
        )
    ]
    if collection.recall:
        target = collection.recall - TOLERATED
        figures.append(
            Figure(
                f"{collection.name}, {path}: recall@100",
                plain["recall@100"], "", target, "more", collection.recall, name, 3,
            )
        )  # fmt: skip
    if collection.is_vietnamese:
        bare = _evaluate(data, folder, path, "--strip-diacritics")
        figures.append(
            Figure(
                f"{collection.name}, {path}: unaccented ÷ accented",
                bare["ndcg@10"] / plain["ndcg@10"],
                "", UNACCENTED, "more", None, "", 3, f"unaccented {bare['ndcg@10']:.3f}",
            )
        )  # fmt: skip
    return figures


def _evaluate(data: Path, folder: Path, path: str, *more: str) -> dict[str, float]:
    command = processes.manage("evaluate", str(data), "--json", "--path", path, *more)
    done = processes.run(command, folder, settings=processes.EMBEDDED, timeout=2400)
    found: dict[str, float] = done.data()
    return found
