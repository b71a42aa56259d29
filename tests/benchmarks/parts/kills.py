"""The kill campaign: each stage killed (−9) at seeded moments, run again, and looked at."""

from pathlib import Path
from typing import Any

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

STAGES = {
    "import": "import_results, index included",
    "undo": "sources.undo, over corrections",
    "sync": "search.sync",
    "matching": "matching.run, with its notices",
    "alerts": "notifications.alerts, with its notices",
    "deliver": "notifications.deliver",
    "publish": "submit, two approvals, publish",
}


def run(run: Run) -> Section:
    section = Section("kills", f"Kills: {run.points} processes ended at a random moment, run again")
    stages = {name: words for name, words in STAGES.items() if name in (run.stages or STAGES)}
    shares = _shares(run.points, len(stages))
    for (name, words), points in zip(stages.items(), shares, strict=True):
        if points:
            section.figures += _campaign(run, section, name, words, points)
    section.notes.append(
        "held after each: nothing lost, nothing doubled, the same rows as without a kill, the index"
        " equal to the rows, a further run changes nothing"
    )
    return section


def _shares(points: int, stages: int) -> list[int]:
    return [points // stages + (place < points % stages) for place in range(stages)]


def _campaign(run: Run, section: Section, name: str, words: str, points: int) -> list[Figure]:
    moments = run.random(f"kills:{name}")
    with processes.copied(run.demo_template(), f"kill-{name}") as prepared:
        processes.run(_stage("prepare", name, str(run.seed)), prepared)
        seconds, wanted = _undisturbed(prepared, name)
        killed, held = 0, 0
        for point in range(points):
            after = moments.uniform(0, seconds)
            faults, was_killed = _point(prepared, name, after, wanted)
            run.say(f"kills: {name} {point + 1}/{points} after {after:.2f} s: {faults or 'held'}")
            killed += was_killed
            held += not faults
            section.notes += [f"{name} killed after {after:.3f} s: {fault}" for fault in faults]
    return [
        Figure(
            words, held, "held", points, "more", points, "points", 0,
            f"{killed} killed at work within {seconds:.1f} s, the rest right after",
        )
    ]  # fmt: skip


def _stage(action: str, name: str, seed: str = "") -> list[str]:
    return processes.probe("stages", action, name, seed)


def _undisturbed(prepared: Path, name: str) -> tuple[float, Any]:
    with processes.copied(prepared, name) as folder:
        done = processes.run(_stage("work", name), folder)
        outcome = processes.run(_stage("again", name), folder).data()
    if outcome["faults"]:
        raise processes.Failed(f"{name} without a kill: {outcome['faults'][:5]}")
    return float(done.data()["seconds"]), outcome["state"]


def _point(prepared: Path, name: str, after: float, wanted: Any) -> tuple[list[str], bool]:
    with processes.copied(prepared, name) as folder:
        was_killed = processes.run_and_kill(_stage("work", name), folder, after=after)
        outcome = processes.run(_stage("again", name), folder, check=False)
        try:
            found = outcome.data()
        except processes.Failed:
            return [f"it could not be run again: {outcome.errors.strip()[-300:]}"], was_killed
    return [*found["faults"], *_differences(wanted, found["state"])], was_killed


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
