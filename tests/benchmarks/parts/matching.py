"""One need matched against the whole corpus, its explanation included."""

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.parts.corpus import imported_folder
from tests.benchmarks.runs import Run

MILLISECONDS = 100


def run(run: Run) -> Section:
    section = Section("match", "Match: one need against 58,430 results, with reasons")
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    folder, _ = imported_folder(run)
    run.say(f"matching {run.needs} needs …")
    done = processes.run(
        processes.probe("match_speed", str(references.NEEDS), str(run.seed), str(run.needs)),
        folder,
        settings=processes.EMBEDDED,
    )
    times = done.data()
    name = "candidates of the engine alone"
    for share in (0.5, 0.95):
        section.figures.append(
            Figure(
                f"one need, warm, p{share * 100:.0f}",
                percentile(times["matched"], share),
                "ms",
                MILLISECONDS if share == 0.95 else None,
                "less",
                percentile(times["candidates"], share),
                name,
            )
        )
    section.figures += [
        Figure(
            "the slowest", max(times["matched"]), "ms", None, "less", max(times["candidates"]), name
        ),
        Figure("processor time of one need, p95", percentile(times["worked"], 0.95), "ms"),
        Figure("the first, cold", times["cold"], "ms", digits=0),
        Figure("matches with reasons, mean", times["explained"], "", digits=1),
        Figure("peak memory", done.peak_mib, "MiB", digits=0),
    ]
    return section
