"""The same texts in PostgreSQL's text search: `ask URL COUNT QUERIES`, table made on the way."""

import json
import time

import psycopg

from tests.benchmarks.probes import combined
from tests.benchmarks.references import FOLDER

WARMING = 2


def main(address: str, count: str, queries: str) -> None:
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("DROP TABLE IF EXISTS bench_fts")
        database.execute(
            "CREATE UNLOGGED TABLE bench_fts (title text, body text, terms tsvector GENERATED ALWAYS AS"
            " (to_tsvector('simple', title || ' ' || body)) STORED)"
        )
        try:
            print(json.dumps(_measured(database, int(count), int(queries))))
        finally:
            database.execute("DROP TABLE bench_fts")


def _measured(
    database: psycopg.Connection[tuple[str, str]], count: int, queries: int
) -> dict[str, list[float]]:
    with (
        database.cursor() as cursor,
        cursor.copy("COPY bench_fts (title, body) FROM STDIN") as rows,
    ):
        for one in combined.documents(FOLDER, count):
            rows.write_row((one.title.replace("\x00", ""), one.text.replace("\x00", "")))
    database.execute("CREATE INDEX ON bench_fts USING gin (terms)")
    database.execute("ANALYZE bench_fts")
    long = []
    for number, text in enumerate(combined.long_queries(FOLDER, queries + WARMING)):
        wanted = " | ".join(sorted({w.lower() for w in text.split() if w.isalnum()}))
        started = time.perf_counter()
        database.execute(
            "SELECT title, body FROM bench_fts, to_tsquery('simple', %s) asked WHERE terms @@ asked"
            " ORDER BY ts_rank(terms, asked) DESC LIMIT 200",
            [wanted],
        ).fetchall()
        if number >= WARMING:
            long.append((time.perf_counter() - started) * 1000)
    return {"long": long}
