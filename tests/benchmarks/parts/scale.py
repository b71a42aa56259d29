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
        *answers(large),
    ]
    raw_small, raw_large = times["raw_tantivy"]
    for name, like, words in (
        ("words", "words", "3 words, the first stage"),
        ("long", "long", "an 80-word need"),
        ("matched", "long", "an 80-word need matched, with its reasons"),
    ):
        ours = percentile(large[name], 0.5) / percentile(small[name], 0.5)
        theirs = percentile(raw_large[like], 0.5) / percentile(raw_small[like], 0.5)
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


def answers(times: dict[str, list[float]]) -> list[Figure]:
    """The milliseconds of one size, each with its target."""
    return [
        Figure(
            f"{name}, {label}",
            percentile(times[kind], share),
            "ms",
            aim,
            note="" if aim else f"processor time {times[f'{kind} worked'][0]:.1f} ms, mean",
        )
        for name, kind, most in (
            ("3 words as on the page, both stages and count", "found", MILLISECONDS),
            ("… the first stage alone", "words", MILLISECONDS),
            ("… with facets and passages", "short", None),
            ("an 80-word need, its candidates", "long", MILLISECONDS),
            ("… matched, with its reasons", "matched", None),
            ("… typed into the page, both stages and count", "read", MILLISECONDS),
            ("suggestions", "begun", SUGGESTION),
        )
        for share, label, aim in ((0.5, "p50", None), (0.95, "p95", most))
    ]
