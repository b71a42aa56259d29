"""The product's search on the combined corpus: `build PLACE COUNT`, then `ask PLACE QUERIES`.

The place is a folder for the embedded engine, or the address of an index on a search server.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from marketplace.matching.finding import find_matches
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import MatchList, NeedText
from marketplace.matching.scoring.weights import shipped_weights
from search.analysis import highlight, words
from search.engines import Engine, get_engine
from search.engines.embedded import EmbeddedEngine
from search.queries import Query, TextQuery
from search.searching import find
from tests.benchmarks.probes import combined
from tests.benchmarks.references import FOLDER

FACETS = ("kind", "field", "province")
WARMING = 5


def main(what: str, place: str, count: str) -> None:
    data = build(place, int(count)) if what == "build" else ask(place, int(count))
    print(json.dumps(data))


def engine_at(place: str) -> Engine:
    return get_engine(place if "://" in place else f"embedded://{place}")


def build(place: str, count: int) -> dict[str, float]:
    documents = list(combined.documents(FOLDER, count)) if count <= 200_000 else None
    started, busy = time.perf_counter(), time.process_time()
    engine = engine_at(place)
    engine.rebuild(documents or combined.documents(FOLDER, count))
    data = {
        "seconds": time.perf_counter() - started,
        "worked": time.process_time() - busy,
        "bytes": engine.standing().size_bytes,
    }
    if "://" in place:
        return data | server_memory(engine)
    files = Path(place).rglob("*")
    return data | {"bytes": sum(file.stat().st_size for file in files if file.is_file())}


def ask(place: str, count: int) -> dict[str, list[float]]:
    """Milliseconds of each question: `short` and `found` are what the search page asks, second
    stage included and no text read before; `words` the engine's first stage alone; `matched` a need
    with its reasons, of the texts as the index has them. Of a server
    also the processor time that a question takes it and us, which tells more on a busy machine."""
    engine = engine_at(place)
    questions: dict[str, Callable[[str], object]] = {
        "short": lambda text: _page(engine, text),
        "found": lambda text: find(Query(text, limit=20), engine=engine),
        "words": lambda text: engine.search(Query(text, limit=20)),
        "long": lambda text: engine.candidates(TextQuery(text, limit=200)),
        "matched": lambda text: _match(engine, text),
        "read": lambda text: find(Query(text, limit=20), engine=engine),
        "begun": lambda text: engine.suggest(text, (), 7),
    }
    short, long = (
        make(FOLDER, count + WARMING) for make in (combined.short_queries, combined.long_queries)
    )
    # At every key of the second word, as a hand types.
    begun = [
        text[:end]
        for text in combined.short_queries(FOLDER, count, seed=4)
        for end in range(text.find(" ") + 2, len(text.rpartition(" ")[0]) + 1)
    ]
    texts = {"long": long, "matched": long, "read": long, "begun": begun}
    is_server = "://" in place
    data: dict[str, list[float]] = {}
    for kind, question in questions.items():
        asked = texts.get(kind, short)
        for text in asked[:WARMING]:
            question(text)
        worked = _worked(engine, is_server=is_server)
        data[kind] = [_timed(engine, question, text) for text in asked[WARMING:]]
        took = _worked(engine, is_server=is_server) - worked
        data[f"{kind} worked"] = [took / len(data[kind])]
    if is_server:
        data |= {name: [value] for name, value in server_memory(engine).items()}
    return data


def _match(engine: Engine, text: str) -> MatchList:
    """As shipped and by words: beside the index there is no database here."""
    with only_meaning(None):
        return find_matches(
            NeedText(text=text), engine=engine, weights=shipped_weights(), under_way=()
        )


def _worked(engine: Engine, *, is_server: bool) -> float:
    """Milliseconds of processor time until now: ours, and those of a server."""
    own = time.process_time() * 1000
    if not is_server:
        return own
    (node,) = engine.connection.client.nodes.stats(metric=["process"])["nodes"].values()  # type: ignore[attr-defined]
    return own + float(node["process"]["cpu"]["total_in_millis"])


def _timed(engine: Engine, question: Callable[[str], object], text: str) -> float:
    _forget(engine)
    started = time.perf_counter()
    question(text)
    return (time.perf_counter() - started) * 1000


def _forget(engine: Engine) -> None:
    """What was read before: of very many documents hardly one is asked for again."""
    words._read.cache_clear()
    if isinstance(engine, EmbeddedEngine):
        with engine._snapshots.reading() as snapshot:
            snapshot.documents._remembered.clear()


def _page(engine: Engine, text: str) -> None:
    for hit in find(Query(text, limit=20, facets=FACETS), engine=engine).hits:
        highlight(hit.title, text)
        highlight(hit.text, text, limit=240)


def server_memory(engine: Engine) -> dict[str, float]:
    """MiB of the server's process at its highest, and of the heap in it; nothing of one elsewhere."""
    nodes = engine.connection.client.nodes  # type: ignore[attr-defined]
    (node,) = nodes.stats(metric=["jvm"])["nodes"].values()
    data = {"heap": node["jvm"]["mem"]["heap_max_in_bytes"] / 2**20}
    ((_, process),) = nodes.info(metric=["process"])["nodes"].items()
    with suppress(OSError):
        for line in Path(f"/proc/{process['process']['id']}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                data["resident"] = int(line.split()[1]) / 1024
    return data


if __name__ == "__main__":
    main(*sys.argv[1:])
