"""The search engine beside raw tantivy, SQLite FTS5 and PostgreSQL, on the same documents."""

import os
from pathlib import Path

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

DOCUMENTS = 200_000
QUERIES, SLOW_QUERIES = 100, 10
SHORT, LONG, BUILD, SIZE = 3.0, 1.3, 8.0, 5.0
FASTER = 20.0
RAW = "raw tantivy"


def run(run: Run) -> Section:
    count = run.documents or DOCUMENTS
    section = Section("engine", f"Engine: {count:,} documents made of the real corpora")
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    ours, ours_built = built(run, "engine_speed", count)
    raw, raw_built = built(run, "raw_tantivy", count)
    times = asked(run, "engine_speed", ours)
    raw_asked = asked(run, "raw_tantivy", raw)
    stored = _stored_bytes(count)
    section.figures = [
        _ratio("built", ours_built["seconds"], raw_built["seconds"], "s", BUILD),
        _ratio("built, processor time", ours_built["worked"], raw_built["worked"], "s"),
        _ratio(
            "size, stored text apart",
            (ours_built["bytes"] - stored) / 2**20,
            (raw_built["bytes"] - stored) / 2**20,
            "MiB",
            SIZE,
        ),
        Figure("peak memory of the build", ours_built["peak"], "MiB", digits=0),
    ]
    for share in (0.5, 0.95):
        target = share == 0.5
        section.figures += [
            _ratio(
                f"3 words with facets and passages, p{share * 100:.0f}",
                percentile(times["short"], share),
                percentile(raw_asked["short"], share),
                "ms",
                SHORT if target else None,
            ),
            _ratio(
                f"80 words, the best 200, p{share * 100:.0f}",
                percentile(times["long"], share),
                percentile(raw_asked["long"], share),
                "ms",
                LONG if target else None,
            ),
        ]
    section.figures += _databases(run, count, percentile(times["long"], 0.5))
    return section


def _ratio(name: str, ours: float, theirs: float, unit: str, most: float | None = None) -> Figure:
    """The target is a multiple of the baseline in the same run."""
    target = most * theirs if most else None
    note = f"≤ {most:g} × the baseline" if most else ""
    return Figure(name, ours, unit, target, "less", theirs, RAW, note=note)


def built(run: Run, probe: str, count: int, *, name: str = "") -> tuple[Path, dict[str, float]]:
    """The probe's index of so many documents, and what making it took."""
    folder = run.work / (name or probe)
    run.say(f"{probe}: building with {count:,} documents …")
    done = processes.run(
        processes.probe(probe, "build", str(folder), str(count)),
        run.work,
        settings=processes.EMBEDDED,
        timeout=3600,
    )
    return folder, done.data() | {"peak": done.peak_mib}


def asked(run: Run, probe: str, folder: Path, queries: int = QUERIES) -> dict[str, list[float]]:
    """Milliseconds of the probe's queries, by their kind."""
    run.say(f"{probe}: asking …")
    command = processes.probe(probe, "ask", str(folder), str(queries))
    answer: dict[str, list[float]] = processes.run(
        command, run.work, settings=processes.EMBEDDED, timeout=1800
    ).data()
    return answer


def _stored_bytes(count: int) -> float:
    """Both keep the text, compressed alike (LZ4 in blocks): about half of it."""
    from tests.benchmarks.probes import combined

    sample = list(combined.documents(references.FOLDER, 1000))
    mean = sum(len((one.title + one.text).encode()) for one in sample) / len(sample)
    return 0.5 * mean * count


def _databases(run: Run, count: int, ours: float) -> list[Figure]:
    folder, _ = built(run, "sqlite_fts", count)
    times = {"SQLite FTS5": asked(run, "sqlite_fts", folder, SLOW_QUERIES)["long"]}
    if address := os.environ.get("BENCH_POSTGRES_URL"):
        run.say("postgres_fts: building and asking …")
        command = processes.probe("postgres_fts", address, str(count), str(SLOW_QUERIES))
        times["PostgreSQL text search"] = processes.run(
            command, run.work, settings=processes.EMBEDDED, timeout=3600
        ).data()["long"]
    figures = []
    for name, found in times.items():
        theirs = percentile(found, 0.5)
        figures.append(
            Figure(
                f"80 words, as many times faster than {name}, p50",
                theirs / ours,
                "×",
                FASTER,
                "more",
                note=f"{theirs:,.0f} ms there, {ours:.1f} ms here",
            )
        )
    return figures
