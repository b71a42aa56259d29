"""How fast other systems can read everything."""

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.parts.corpus import imported_folder
from tests.benchmarks.runs import Run

#: Records a second by the protocol, in its plainest format, 200 a page.
RECORDS_A_SECOND = 2_000


def run(run: Run) -> Section:
    section = Section("giving-out", "Giving out: records a second to other systems")
    if not references.AWARDS.exists():
        section.absent = f"{references.AWARDS} is not there"
        return section
    template, _figures = imported_folder(run)
    run.say("giving everything out …")
    with processes.copied(template, "giving-out") as folder:
        done = processes.run(
            processes.probe("giving_out"), folder, settings=processes.EMBEDDED, timeout=1200
        )
    data, name = done.data(), "bare rows of the same pages"
    rows = data["rows"]
    section.figures = [
        Figure("OAI-PMH, oai_dc", data["oai_dc"], "/s", RECORDS_A_SECOND, "more", rows, name, 0),
        Figure("OAI-PMH, marcxml", data["marcxml"], "/s", None, "more", rows, name, 0),
        Figure("OAI-PMH, CERIF", data["oai_cerif_openaire"], "/s", None, "more", rows, name, 0),
        Figure("three daily files", data["files"], "/s", None, "more", rows, name, 0),
        Figure("changed records listed", data["listing"], "/s", None, "more", digits=0),
        Figure("peak memory", done.peak_mib, "MiB", digits=0),
    ]
    return section
