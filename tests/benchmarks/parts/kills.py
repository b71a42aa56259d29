"""The kill campaign: each stage killed (−9) at seeded moments, run again, and looked at."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

#: What brings records of other systems in: each killed at so many points as the run names.
ENTRANCES: Final = {
    "import": "import_results, index included",
    "harvest": "sources.harvest, of a list of 30 pages",
}
STAGES: Final = ENTRANCES | {
    "undo": "sources.undo, over corrections",
    "sync": "search.sync",
    "matching": "matching.run, with its notices",
    "alerts": "notifications.alerts, with its notices",
    "deliver": "notifications.deliver",
    "publish": "submit, two approvals, publish",
}


def run(run: Run) -> Section:
    points = _points(run)
    section = Section(
        "kills", f"Kills: {sum(points.values())} processes ended at a random moment, run again"
    )
    for name, count in points.items():
        if count:
            section.figures += _campaign(run, section, name, count)
    section.notes.append(
        "held after each: nothing lost, nothing doubled, the same rows as without a kill, the index"
        " equal to the rows, a further run changes nothing"
    )
    return section


def _points(run: Run) -> dict[str, int]:
    """Stage → kills: `points` for each entrance, `other_points` shared by the others."""
    wanted = [name for name in STAGES if name in (run.stages or STAGES)]
    others = [name for name in wanted if name not in ENTRANCES]
    points = {name: run.points for name in wanted if name in ENTRANCES}
    for place, name in enumerate(others):
        share = run.other_points // len(others) + (place < run.other_points % len(others))
        points[name] = share
    return points


def _campaign(run: Run, section: Section, name: str, points: int) -> list[Figure]:
    moments = run.random(f"kills:{name}")
    with processes.copied(run.demo_template(), f"kill-{name}") as prepared:
        processes.run(processes.probe("stages", "prepare", name, str(run.seed)), prepared)
        with _forks(prepared, name) as forks:
            seconds, wanted = _undisturbed(forks, name)
            killed, held = 0, 0
            for point in range(points):
                after = moments.uniform(0, seconds)
                faults, was_killed = _point(forks, after, wanted)
                run.say(
                    f"kills: {name} {point + 1}/{points} after {after:.2f} s: {faults or 'held'}"
                )
                killed += was_killed
                held += not faults
                section.notes += [f"{name} killed after {after:.3f} s: {fault}" for fault in faults]
    return [
        Figure(
            STAGES[name], held, "held", points, "more", points, "points", 0,
            f"{killed} killed at work within {seconds:.1f} s, the rest right after",
        )
    ]  # fmt: skip


class _Forks:
    """The process that runs a stage in forks of itself (`probes.stage_forks`), in one folder."""

    def __init__(self, process: "subprocess.Popen[str]", prepared: Path, folder: Path) -> None:
        self.process, self.prepared, self.folder = process, prepared, folder

    def ask(self, **wanted: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.heard()))

    def heard(self) -> str:
        assert self.process.stdout is not None
        if not (line := self.process.stdout.readline()):
            raise processes.Failed(f"the runner of the stage ended with {self.process.wait(20)}")
        return line

    def set_back(self) -> None:
        """The folder as it was prepared."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.prepared, self.folder, dirs_exist_ok=True)


@contextmanager
def _forks(prepared: Path, name: str) -> Iterator[_Forks]:
    with processes.copied(prepared, name) as folder:
        process = subprocess.Popen(
            processes.probe("stage_forks", name),
            cwd=processes.ROOT,
            env=processes.environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            forks = _Forks(process, prepared, folder)
            while forks.heard().strip() != "ready":
                continue
            yield forks
        finally:
            processes.end_group(process)


def _undisturbed(forks: _Forks, name: str) -> tuple[float, Any]:
    forks.set_back()
    done = forks.ask(action="work")
    outcome = forks.ask(action="again")
    faults = [done["fault"], outcome["fault"], *outcome.get("faults", ())]
    if any(faults):
        raise processes.Failed(f"{name} without a kill: {list(filter(None, faults))[:5]}")
    return float(done["seconds"]), outcome["state"]


def _point(forks: _Forks, after: float, wanted: Any) -> tuple[list[str], bool]:
    forks.set_back()
    done = forks.ask(action="work", after=after)
    if done["fault"]:
        return [f"it ended by itself: {done['fault']}"], False
    outcome = forks.ask(action="again")
    if outcome["fault"]:
        return [f"it could not be run again: {outcome['fault']}"], bool(done["killed"])
    return [*outcome["faults"], *_differences(wanted, outcome["state"])], bool(done["killed"])


def _differences(wanted: Any, found: Any) -> list[str]:
    """Where what is there after a kill is not what is there without one."""
    lines = []
    for key in wanted:
        if wanted[key] == found[key]:
            continue
        if isinstance(wanted[key], list):
            lost = [row for row in wanted[key] if row not in found[key]]
            more = [row for row in found[key] if row not in wanted[key]]
            lines.append(
                f"{key}: {len(wanted[key])} wanted, {len(found[key])} found;"
                f" lost {lost[:2]}, more {more[:2]}"
            )
        else:
            lines.append(f"{key}: {wanted[key]} wanted, {found[key]} found")
    return lines
