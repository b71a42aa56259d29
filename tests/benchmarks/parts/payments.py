"""Calls of a payment provider, repeated, out of order and forged, and a long statement."""

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

CALLS = 100_000
LINES = 10_000


def run(run: Run) -> Section:
    calls = run.documents or CALLS
    section = Section(
        "payments", f"Payments: {calls:,} calls of a provider, a statement of {LINES:,} lines"
    )
    run.say(f"{calls:,} calls of a provider …")
    with processes.throwaway("payments") as folder:
        processes.run(processes.manage("migrate", "-v0"), folder, settings=processes.EMBEDDED)
        done = processes.run(
            processes.probe("payments", str(calls), str(LINES), str(run.seed)),
            folder,
            settings=processes.EMBEDDED,
            timeout=3600,
        )
    data = done.data()
    section.figures = [
        Figure("calls taken in", data["taken"], "/s", 300, "more", digits=0),
        Figure("payments settled by asking again", data["settled"], "/s", None, "more", digits=0),
        Figure("payments not settled", data["unpaid"], "", 0, digits=0),
        Figure("payments settled twice", data["doubled"], "", 0, digits=0),
        Figure("stored beyond the distinct calls", data["stored"] - data["distinct"], "", 0, digits=0),
        Figure("lines of a statement reconciled", data["reconciled"], "s", 20),
        Figure("payments that the books do not bear out", data["differences"], "", 0, digits=0),
        Figure("owed in both books at the end", abs(data["owed"]), "", 0, digits=0),
    ]  # fmt: skip
    return section
