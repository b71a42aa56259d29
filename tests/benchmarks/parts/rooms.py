"""Two hundred people in rooms of deals at once: what a click waits, on the larger size."""

import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import processes, servers, visiting
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

#: Rooms of four.
ROOMS, SECONDS = 50, 60
SEATS = "seats.json"


def run(run: Run) -> Section:
    section = Section(
        "rooms", f"Deal rooms: {4 * ROOMS} people, {visiting.BETWEEN:.0f} s from click to click, {SECONDS} s"
    )  # fmt: skip
    if not servers.address():
        section.absent = servers.ABSENT
        return section
    with servers.database("rooms") as address, processes.throwaway("rooms") as folder:
        made = prepared(run, folder, address)
        seen = visited(run, folder, address)
    return described(section, made, seen)


def prepared(run: Run, folder: Path, address: str) -> Any:
    run.say(f"{ROOMS} rooms …")
    servers.collected(folder, address)
    command = processes.probe("deal_rooms", str(folder / SEATS), str(ROOMS))
    own = servers.production(folder, address)
    return processes.run(command, folder, settings=servers.PRODUCTION, timeout=900, **own).data()


def visited(run: Run, folder: Path, address: str) -> Any:
    with servers.web(folder, address) as port:
        run.say(f"people for {SECONDS} s …")
        command = [sys.executable, "-m", "tests.benchmarks.visiting", str(port)]
        asked = [*command, str(folder / SEATS), str(SECONDS), str(run.seed)]
        return processes.run(asked, folder, timeout=300).data()


def described(section: Section, made: Any, seen: Any) -> Section:
    kinds = ", ".join(
        f"{name} {count} ({p95 * 1000:.0f} ms)" for name, (count, p95) in seen["by"].items()
    )
    section.figures = [
        Figure("an answer, p95", seen["p95"] * 1000, "ms", 400, digits=0, note=f"p50 {seen['p50'] * 1000:.0f} ms, longest {seen['longest'] * 1000:.0f} ms"),
        Figure("errors", sum(seen["errors"].values()), "", 0, digits=0, note=", ".join(f"{what} × {n}" for what, n in seen["errors"].items())),
        Figure("requests", seen["requests"] / seen["seconds"], "/s", note=f"{seen['requests']:,} of {seen['clicks']:,} clicks"),
        Figure("SQL queries of a room, filled twice as full", made["many"], "", made["few"], "less", made["few"], "as it was", 0),
    ]  # fmt: skip
    section.notes = [
        f"requests, with their p95: {kinds}",
        "gunicorn as in production (2 workers, 4 threads) and PostgreSQL on the same two cores as the people, whose"
        f" processor time is {seen['worked']:.1f} s of {seen['seconds']:.0f}; each has a session and an address of"
        " their own and a connection for each request; forms carry their token and key, and lead on to a page",
    ]
    return section
