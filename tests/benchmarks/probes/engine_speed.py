"""The product's engine on the combined corpus: `build FOLDER COUNT`, then `ask FOLDER QUERIES`."""

import json
import sys
import time
from pathlib import Path

from search.analysis import highlight
from search.engines import get_engine
from search.queries import Query, TextQuery
from search.searching import find
from tests.benchmarks.probes import combined
from tests.benchmarks.references import FOLDER

FACETS = ("kind", "field", "province")
WARMING = 5


def main(what: str, folder: str, count: str) -> None:
    data = build(Path(folder), int(count)) if what == "build" else ask(Path(folder), int(count))
    print(json.dumps(data))


def build(folder: Path, count: int) -> dict[str, float]:
    documents = list(combined.documents(FOLDER, count)) if count <= 200_000 else None
    started, busy = time.perf_counter(), time.process_time()
    get_engine(f"embedded://{folder}").rebuild(documents or combined.documents(FOLDER, count))
    return {
        "seconds": time.perf_counter() - started,
        "worked": time.process_time() - busy,
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    }


def ask(folder: Path, count: int) -> dict[str, list[float]]:
    engine = get_engine(f"embedded://{folder}")
    short, words, long = [], [], []
    for number, text in enumerate(combined.short_queries(FOLDER, count + WARMING)):
        started = time.perf_counter()
        found = find(Query(text, limit=20, facets=FACETS), engine=engine)
        for hit in found.hits:
            highlight(hit.title, text)
            highlight(hit.text, text, limit=240)
        if number >= WARMING:
            short.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        engine.search(Query(text, limit=20))
        if number >= WARMING:
            words.append((time.perf_counter() - started) * 1000)
    for number, text in enumerate(combined.long_queries(FOLDER, count + WARMING)):
        started = time.perf_counter()
        engine.candidates(TextQuery(text, limit=200))
        if number >= WARMING:
            long.append((time.perf_counter() - started) * 1000)
    begun = []
    for text in combined.short_queries(FOLDER, count, seed=4):
        # At every key of the second word, as a hand types.
        for end in range(text.find(" ") + 2, len(text.rpartition(" ")[0]) + 1):
            started = time.perf_counter()
            engine.suggest(text[:end], (), 7)
            begun.append((time.perf_counter() - started) * 1000)
    return {"short": short, "words": words, "long": long, "begun": begun}


if __name__ == "__main__":
    main(*sys.argv[1:])
