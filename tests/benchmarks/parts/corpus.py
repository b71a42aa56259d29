"""The whole corpus brought in and searchable, in an empty data folder."""

import contextlib
import shutil
from pathlib import Path

from tests.benchmarks import processes, references
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

SECONDS, MEBIBYTES = 180, 800
TITLE = "Import: 58,430 real results, imported and searchable"


def run(run: Run) -> Section:
    section = Section("import", TITLE)
    if not references.AWARDS.exists():
        section.absent = f"{references.AWARDS} is not there"
        return section
    figures = imported_folder(run, again=True)[1]
    section.figures = figures
    return section


def imported_folder(run: Run, *, again: bool = False) -> tuple[Path, list[Figure]]:
    """The folder with the imported corpus; imported now unless that was done before."""
    folder = run.imported or run.work / "imported"
    if (folder / "imported").exists() and not again:
        return folder, []
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    figures = _import(run, folder)
    (folder / "imported").touch()
    return folder, figures


def _import(run: Run, folder: Path) -> list[Figure]:
    baseline = _baseline(run)
    processes.run(processes.manage("migrate", "-v0"), folder, settings=processes.EMBEDDED)
    processes.run(processes.manage("set_up_exchange", "-v0"), folder, settings=processes.EMBEDDED)
    run.say("importing the corpus …")
    kept = processes.run(
        processes.manage("import_results", str(references.AWARDS), "--json"),
        folder,
        settings=processes.EMBEDDED,
        timeout=1200,
    )
    counts = processes.run(processes.probe("counts"), folder, settings=processes.EMBEDDED).data()
    if not counts["found"]:
        raise processes.Failed(f"import_results returned before all was searchable: {counts}")
    again = processes.run(
        processes.manage("import_results", str(references.AWARDS), "--json"),
        folder,
        settings=processes.EMBEDDED,
        timeout=600,
    )
    same = processes.run(processes.probe("counts"), folder, settings=processes.EMBEDDED).data()
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 2**20
    name = "parsed + executemany"
    count = float(references.AWARDS_COUNT)
    return [
        Figure(
            "records kept and found by the index", counts["indexed"], "", count, "more", digits=0
        ),
        Figure(
            "imported and searchable", kept.seconds, "s", SECONDS, "less", baseline.seconds, name
        ),
        Figure(
            "processor time of it", kept.cpu_seconds, "s", None, "less", baseline.cpu_seconds, name
        ),
        Figure("peak memory", kept.peak_mib, "MiB", MEBIBYTES, "less", baseline.peak_mib, name, 0),
        Figure("the same file again", again.seconds, "s", None, "less", kept.seconds, "first time"),
        Figure(
            "records after that", same["results"], "", None, "more", counts["results"], "before", 0
        ),
        Figure("data folder", size, "MiB", digits=0),
    ]


def _baseline(run: Run) -> processes.Done:
    target = run.work / "plain.sqlite3"
    try:
        return processes.run(
            processes.probe("plain_sqlite", str(references.AWARDS), str(target)), run.work
        )
    finally:
        for path in run.work.glob("plain.sqlite3*"):
            with contextlib.suppress(OSError):
                path.unlink()
