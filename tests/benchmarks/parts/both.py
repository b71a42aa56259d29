"""New results against open needs, by the stage that matches them."""

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

NEEDS, NEW, SECONDS = 2_000, 10_000, 60


def run(run: Run) -> Section:
    """Half of the results of the register are new: what was there before is as many."""
    new = run.documents or NEW
    needs = NEEDS * new // NEW
    section = Section("both", f"Both directions: {new:,} new results against {needs:,} open needs")
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    with processes.throwaway("both") as folder:
        for command in (("migrate", "-v0"), ("set_up_exchange", "-v0")):
            processes.run(processes.manage(*command), folder, settings=processes.EMBEDDED)
        run.say("making records …")
        made = [str(references.FOLDER), str(new), str(new), str(needs), str(run.seed)]
        processes.run(
            processes.probe("both", "prepare", *made),
            folder,
            settings=processes.EMBEDDED,
            timeout=1800,
        )
        run.say("matching what is new …")
        done = processes.run(
            processes.probe("both", "run"), folder, settings=processes.EMBEDDED, timeout=1800
        )
    data = done.data()
    name = "every need again"
    section.figures = [
        Figure(
            "until nothing waits", data["seconds"], "s", SECONDS, "less",
            data["one_need"] * data["needs"], name,
        ),
        Figure("processor time of it", data["worked"], "s"),
        Figure("every need looked at with the new results alone", data["looked"], "s"),
        Figure("needs matched again", data["again"], "", None, "less", data["needs"], "open needs", 0),
        Figure("rows left over", data["left"], "", 0, digits=0),
        Figure("peak memory", done.peak_mib, "MiB", digits=0),
    ]  # fmt: skip
    return section
