"""The floor for an import: the file parsed, and its records inserted into a bare table."""

import gzip
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

BATCH = 2000
COLUMNS = ("id", "title", "abstract", "agency", "org", "year", "url")


def main(source: str, target: str) -> None:
    started = time.perf_counter()
    database = sqlite3.connect(Path(target))
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(f"CREATE TABLE results ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
    places = ", ".join("?" for _ in COLUMNS)
    batch: list[tuple[object, ...]] = []
    count = 0
    for row in _rows(source):
        batch.append(row)
        count += 1
        if len(batch) == BATCH:
            _insert(database, places, batch)
    _insert(database, places, batch)
    print(json.dumps({"records": count, "seconds": time.perf_counter() - started}))


def _insert(database: sqlite3.Connection, places: str, batch: list[tuple[object, ...]]) -> None:
    with database:
        database.executemany(f"INSERT INTO results VALUES ({places})", batch)  # noqa: S608
    batch.clear()


def _rows(source: str) -> Iterator[tuple[object, ...]]:
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield tuple(record.get(name) for name in COLUMNS)
