"""The same texts in SQLite FTS5: `build FOLDER COUNT`, then `ask FOLDER QUERIES`."""

import json
import sqlite3
import time
from pathlib import Path

from tests.benchmarks.probes import combined
from tests.benchmarks.references import FOLDER

WARMING = 2


def main(what: str, folder: str, count: str) -> None:
    data = build(Path(folder), int(count)) if what == "build" else ask(Path(folder), int(count))
    print(json.dumps(data))


def _database(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "fts.sqlite3")


def build(folder: Path, count: int) -> dict[str, float]:
    folder.mkdir(parents=True)
    started = time.perf_counter()
    with _database(folder) as database:
        database.execute("CREATE VIRTUAL TABLE docs USING fts5(title, body)")
        database.executemany(
            "INSERT INTO docs VALUES (?, ?)",
            ((one.title, one.text) for one in combined.documents(FOLDER, count)),
        )
    return {
        "seconds": time.perf_counter() - started,
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    }


def ask(folder: Path, count: int) -> dict[str, list[float]]:
    database, long = _database(folder), []
    for number, text in enumerate(combined.long_queries(FOLDER, count + WARMING)):
        words = {word.lower() for word in text.split() if word.isalnum()}
        wanted = " OR ".join(f'"{word}"' for word in sorted(words))
        started = time.perf_counter()
        database.execute(
            "SELECT title, body FROM docs WHERE docs MATCH ? ORDER BY bm25(docs) LIMIT 200",
            [wanted],
        ).fetchall()
        if number >= WARMING:
            long.append((time.perf_counter() - started) * 1000)
    return {"long": long}
