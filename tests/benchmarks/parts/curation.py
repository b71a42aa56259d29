"""The lists of the curation desk with many listings."""

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

LISTINGS = 50_000
ROUNDS = 12
MILLISECONDS = 400


def run(run: Run) -> Section:
    count = run.documents or LISTINGS
    section = Section("curation", f"Curation desk with {count:,} needs, a tenth of them waiting")
    run.say(f"{count:,} needs …")
    with processes.throwaway("curation") as folder:
        processes.run(processes.manage("migrate", "-v0"), folder)
        processes.run(processes.manage("collectstatic", "--noinput", "-v0"), folder)
        done = processes.run(
            processes.probe("curation_list", str(count), str(ROUNDS)), folder, timeout=1200
        )
    for name, seconds in done.data()["pages"].items():
        section.figures.append(
            Figure(
                name, percentile(seconds, 0.95) * 1000, "ms", MILLISECONDS, "less",
                percentile(seconds, 0.5) * 1000, "p50", 0, "p95",
            )
        )  # fmt: skip
    section.notes = [
        f"{ROUNDS} requests a page, in the process of the program, each page once before"
    ]
    return section
