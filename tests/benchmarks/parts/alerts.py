"""New records against all saved searches."""

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

SEARCHES, RECORDS, SECONDS = 2_000, 10_000, 60


def run(run: Run) -> Section:
    section = Section(
        "alerts", f"Alerts: {RECORDS:,} new records against {SEARCHES:,} saved searches"
    )
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    with processes.throwaway("alerts") as folder:
        for command in (("migrate", "-v0"), ("set_up_exchange", "-v0")):
            processes.run(processes.manage(*command), folder, settings=processes.EMBEDDED)
        run.say("running records against searches …")
        done = processes.run(
            processes.probe(
                "alerts", str(references.FOLDER), str(RECORDS), str(SEARCHES), str(run.seed)
            ),
            folder,
            settings=processes.EMBEDDED,
            timeout=1200,
        )
    data = done.data()
    section.figures = [
        Figure(
            "analysed, run against all searches, hits and marks kept", data["matching"], "s", SECONDS,
            "less", data["alone"] * data["records"], "one record at a time (from 3)",
        ),
        Figure("processor time of it", data["worked"], "s"),
        Figure("records left over", data["left"], "", 0, digits=0),
        Figure("searches that found something", data["alerted"], "", digits=0),
        Figure("hits kept", data["hits"], "", digits=0),
        Figure("first notices of 50 of them", data["telling"], "s"),
        Figure("all searches learn what they find (an empty index)", data["learning"], "s"),
        Figure("peak memory", done.peak_mib, "MiB", digits=0),
    ]  # fmt: skip
    return section
