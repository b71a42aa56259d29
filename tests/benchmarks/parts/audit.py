"""How long it takes to read the whole log and make every seal again."""

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

LINES = 1_000_000
SECONDS = 60


def run(run: Run) -> Section:
    section = Section("audit", f"Audit log: a chain of {LINES:,} lines")
    run.say(f"a log of {LINES:,} lines …")
    with processes.throwaway("audit") as folder:
        processes.run(processes.manage("migrate", "-v0"), folder, settings=processes.EMBEDDED)
        done = processes.run(
            processes.probe("audit_chain", str(run.documents or LINES)),
            folder,
            settings=processes.EMBEDDED,
            timeout=1200,
        )
    data, bare = done.data(), "bare rows read"
    section.figures = [
        Figure("every seal made again", data["checked"], "s", SECONDS, "less", data["rows"], bare),
        Figure("a changed line found", data["found"], "s"),
        Figure("lines sealed by the tick", data["sealed"], "/s", None, "more", digits=0),
        Figure("a year of lines into a file", data["archived"], "s"),
        Figure("peak memory", done.peak_mib, "MiB", digits=0),
    ]
    return section
