"""Records brought in with their provenance, indexing apart, on both sizes."""

import os
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

LEGAL = references.FOLDER / "corpora" / "vn-legal-code" / "corpus.jsonl.gz"
TITLE = "Sources: records brought in with provenance, indexing apart"
EMBEDDED_RATE, SERVER_RATE, TIMES_FASTER, MEBIBYTES = 1500, 2500, 5, 500


def run(run: Run) -> Section:
    section = Section("sources", TITLE)
    files = {"awards": references.AWARDS, "legal texts": LEGAL}
    for name, path in files.items():
        if not path.exists():
            section.absent = f"{path} is not there"
            return section
        section.figures += _measured(run, name, path)
    section.notes.append(
        "the rate is of records parsed, checked and stored, a second of the clock; on a machine that"
        " others use too, the rate a second of processor time says what the work itself costs"
    )
    if not os.environ.get("BENCH_POSTGRES_URL"):
        section.notes.append("PostgreSQL: not measured, BENCH_POSTGRES_URL names no database")
    return section


def _measured(run: Run, name: str, path: Path) -> list[Figure]:
    with processes.throwaway("floor") as folder:
        target = str(folder / "plain.sqlite3")
        floor = processes.run(processes.probe("plain_sqlite", str(path), target), folder).data()
    rate = floor["records"] / floor["seconds"]
    figures: list[Figure] = []
    sizes = {"SQLite": ("", EMBEDDED_RATE)}
    if address := os.environ.get("BENCH_POSTGRES_URL"):
        sizes["PostgreSQL"] = (address, SERVER_RATE)
    for size, (address, target_rate) in sizes.items():
        run.say(f"bringing in {name} on {size} …")
        more = {"DATABASE_URL": _own_database(address)} if address else {}
        with processes.throwaway("sources") as folder:
            found = processes.run(
                processes.probe("import_speed", str(path)),
                folder,
                settings=processes.EMBEDDED,
                timeout=1800,
                **more,
            ).data()
        figures += _figures(f"{name}, {size}", found, target_rate, rate)
    return figures


def _own_database(address: str) -> str:
    """A fresh database beside the one that is named."""
    base, _slash, _name = address.rpartition("/")
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("DROP DATABASE IF EXISTS bench_sources")
        database.execute("CREATE DATABASE bench_sources")
    return f"{base}/bench_sources"


def _figures(name: str, found: dict[str, Any], target: int, floor: float) -> list[Figure]:
    first, again = found["first"], found["again"]
    assert found["results"] == found["raw"] == first["read"] - first["refused"], found
    assert not found["changed_again"], found
    base = "parsed + executemany"
    return [
        Figure(
            f"{name}: records a second", first["read"] / first["seconds"], "", target, "more",
            floor, base, 0,
            f"{first['read'] / first['cpu_seconds']:,.0f} a second of processor time",
        ),
        Figure(
            f"{name}: again, times faster", first["seconds"] / again["seconds"], "×", TIMES_FASTER,
            "more", digits=1, note=f"{again['seconds']:.1f} s, changes nothing",
        ),
        Figure(f"{name}: peak memory", found["peak_mib"], "MiB", MEBIBYTES, digits=0),
    ]  # fmt: skip
