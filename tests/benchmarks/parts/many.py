"""One need against very many results, its explanation included; needs as they come; memory."""

from collections.abc import Mapping
from typing import Any

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

RESULTS, NEEDS = 200_000, 100
LEXICAL, SEMANTIC, MEBIBYTES = 150, 300, 600
#: Whatever is typed is answered within this.
BOUNDED = 1_000
RAW = "candidates of the engine alone"


def run(run: Run) -> Section:
    """`--imported FOLDER` keeps the rows and their index there, or uses them."""
    count = run.documents or RESULTS
    section = Section("many", f"Match: one need against {count:,} results, the first ten explained")
    if references.absence():
        section.absent = f"not there: {references.absence()}"
        return section
    folder = run.imported or run.work / "many"
    if not (folder / "prepared").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run.say(f"making {count:,} results …")
        _prepare(folder, count)
        (folder / "prepared").touch()
    run.say(f"matching {NEEDS} needs …")
    file = run.work / "needs.json"
    asked = ("needs", str(references.FOLDER), str(file), str(run.seed), str(NEEDS))
    processes.run(
        processes.probe("many_matches", *asked), folder, settings=processes.EMBEDDED, timeout=600
    )
    command = processes.probe("many_matches", "ask", str(file))
    data = processes.run(command, folder, settings=processes.EMBEDDED, timeout=3600).data()
    section.figures = [
        *_of_one_need("lexical", data["lexical"], LEXICAL),
        Figure("peak memory, lexical", data["peak"], "MiB", MEBIBYTES, digits=0),
    ]
    if "semantic" in data:
        section.figures += [
            *_of_one_need("with meaning", data["semantic"], SEMANTIC),
            Figure("peak memory, with meaning", data["peak semantic"], "MiB", MEBIBYTES, digits=0),
        ]
    else:
        section.notes.append("the semantic part is not installed here: EXTRA=semantic")
    section.figures += [_of_a_bad_need(name, one) for name, one in data["bad"].items()]
    return section


def _prepare(folder: Any, count: int) -> None:
    prepare = ("prepare", str(references.FOLDER), str(count))
    for command in (
        processes.manage("migrate", "-v0"),
        processes.manage("set_up_exchange", "-v0"),
        processes.probe("many_matches", *prepare),
    ):
        processes.run(command, folder, settings=processes.EMBEDDED, timeout=7200)


def _of_one_need(name: str, times: Mapping[str, Any], most: float) -> list[Figure]:
    found = [
        Figure(
            f"one need, {name}, p{share * 100:.0f}",
            percentile(times["matched"], share),
            "ms",
            most if share == 0.95 else None,
            "less",
            percentile(times["candidates"], share),
            RAW,
        )
        for share in (0.5, 0.95)
    ]
    note = f"{times['explained']:.1f} explained, mean"
    worked = percentile(times["worked"], 0.95)
    return [*found, Figure(f"processor time of it, {name}, p95", worked, "ms", note=note)]


def _of_a_bad_need(name: str, one: Mapping[str, Any]) -> Figure:
    said = "abstains" if one["abstained"] else f"first: {one['first']}"
    return Figure(
        f"a need, {name}: processor time",
        one["ms"],
        "ms",
        BOUNDED,
        digits=0,
        note=f"{said}; {one['listed']} listed",
    )
