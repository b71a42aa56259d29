"""The large engine: as many documents on a search server as the product may have."""

from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.parts.engine import QUERIES
from tests.benchmarks.parts.scale import DOCUMENTS, answers
from tests.benchmarks.runs import Run

#: Under load a server may take longer than a page waits; here that is to be seen, not cut off.
PATIENT = "timeout=30"


def run(run: Run) -> Section:
    count = run.documents or DOCUMENTS
    section = Section("server", f"Large engine: {count:,} documents on a search server")
    if references.absence() or not run.server:
        section.absent = f"not there: {references.absence() or 'a server (--server URL)'}"
        return section
    place = _patient(run.server)
    run.say(f"{place}: building with {count:,} documents …")
    made = _probe(run, "build", place, count, 4 * 3600)
    run.say("asking …")
    times = _probe(run, "ask", place, QUERIES, 1800)
    section.title += f" ({urlsplit(place).scheme.partition('+')[0]})"
    section.figures = [
        Figure("built", made["seconds"], "s", digits=0),
        Figure("built, processor time of our side", made["worked"], "s", digits=0),
        Figure("peak memory of our side", made["peak"], "MiB", digits=0),
        Figure("size, stored text included", made["bytes"] / 2**20, "MiB", digits=0),
    ]
    for name, what in (("heap", "heap of the server"), ("resident", "peak memory of the server")):
        if name in times:
            section.figures.append(Figure(what, times[name][0], "MiB", digits=0))
    section.figures += answers(times)
    return section


def _probe(run: Run, what: str, place: str, number: int, seconds: float) -> dict[str, float]:
    command = processes.probe("engine_speed", what, place, str(number))
    done = processes.run(command, run.work, settings=processes.EMBEDDED, timeout=seconds)
    return done.data() | {"peak": done.peak_mib}


def _patient(address: str) -> str:
    parts = urlsplit(address)
    if "timeout=" in parts.query:
        return address
    return urlunsplit(parts._replace(query=f"{parts.query}&{PATIENT}".lstrip("&")))
