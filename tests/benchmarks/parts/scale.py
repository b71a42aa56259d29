"""From a hundred thousand documents to a million: the engine's cost beside raw tantivy's own."""

from tests.benchmarks import references
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.parts.engine import QUERIES, RAW, asked, built
from tests.benchmarks.runs import Run

DOCUMENTS = 1_000_000
MILLISECONDS, SUGGESTION, MEBIBYTES = 100, 30, 2048
#: As many times as raw tantivy's cost grows over the same step, and a fifth more.
GROWTH = 1.2


def run(run: Run) -> Section:
    count = run.documents or DOCUMENTS
    section = Section("scale", f"Scale: from {count // 10:,} to {count:,} documents")
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    times: dict[str, list[dict[str, list[float]]]] = {"engine_speed": [], "raw_tantivy": []}
    peak = seconds = 0.0
    for probe, found in times.items():
        for size in (count // 10, count):
            folder, data = built(run, probe, size, name=f"{probe}-{size}")
            found.append(asked(run, probe, folder, QUERIES))
            if probe == "engine_speed":
                peak, seconds = data["peak"], data["seconds"]
    small, large = times["engine_speed"]
    section.figures = [
        Figure("built", seconds, "s", digits=0),
        Figure("peak memory of the build", peak, "MiB", MEBIBYTES, digits=0),
        Figure(
            "3 words, count included, p95", percentile(large["words"], 0.95), "ms", MILLISECONDS
        ),
        Figure("an 80-word need, p95", percentile(large["long"], 0.95), "ms", MILLISECONDS),
        Figure("suggestions, p95", percentile(large["begun"], 0.95), "ms", SUGGESTION),
    ]
    raw_small, raw_large = times["raw_tantivy"]
    for name, words in (("words", "3 words"), ("long", "an 80-word need")):
        ours = percentile(large[name], 0.5) / percentile(small[name], 0.5)
        theirs = percentile(raw_large[name], 0.5) / percentile(raw_small[name], 0.5)
        section.figures.append(
            Figure(
                f"{words}: cost grows, p50",
                ours,
                "×",
                GROWTH * theirs,
                "less",
                theirs,
                RAW,
                digits=2,
                note=f"≤ {GROWTH:g} × the baseline",
            )
        )
    return section
