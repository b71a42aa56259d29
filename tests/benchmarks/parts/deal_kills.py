"""Deals killed (−9) at random moments of their way from an interest to a paid milestone, on PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.benchmarks import processes, servers
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

#: Campaigns beside each other, each on a database of its own.
LANES = 2


def run(run: Run) -> Section:
    points = run.deal_points
    section = Section(
        "deal-kills", f"Deals: {points:,} kills (−9) between an interest and its payment"
    )
    if not servers.address():
        section.absent = servers.ABSENT
        return section
    run.say(f"killing {points:,} deals …")
    servers.migrated()
    with ThreadPoolExecutor(LANES) as lanes:
        asked = [lanes.submit(_campaign, run, lane) for lane in range(LANES)]
        found = _together([each.result() for each in asked])
    reached = ", ".join(f"{name} {count}" for name, count in found["reached"].items())
    section.figures = [
        Figure("held", found["held"], "", points, "more", points, "points", 0),
        Figure("killed at work", found["killed"], "", digits=0, note=f"by what was there then: {reached}"),
        Figure("asked for, but not received", found["asked"] - found["received"], "đ", 0, digits=0),
        Figure(
            "received, but not in the books", abs(found["received"] - found["posted"]), "đ", 0, digits=0,
            note=f"{found['payments']:,} payments, {found['posted']:,} đ in the books",
        ),
        Figure("faults", len(found["faults"]), "", 0, digits=0),
    ]  # fmt: skip
    section.notes += found["faults"][:10]
    section.notes += [
        f"seed {run.seed}; a walk is {found['statements']} statements long; each was killed from outside within 20 ms"
        " after one of them that the seed chose, and gone on with by another process 15 minutes later by its clock",
        "held after each: the same rows as without a kill (interest, deal, terms, acceptances, contract, confirmations,"
        " milestones, payment, receipts, postings, audit, notices), and a further walk changes nothing; the books are"
        " added up after every 50th and at the end",
    ]
    return section


def _campaign(run: Run, lane: int) -> dict[str, Any]:
    name, points = f"deal_kills_{lane}", run.deal_points // LANES
    points += lane < run.deal_points % LANES
    with servers.database(name) as address, processes.throwaway("deal-kills") as folder:
        done = processes.run(
            processes.probe("deal_kills", str(points), f"{run.seed}{lane}", str(run.seconds)),
            folder,
            settings=processes.EMBEDDED,
            timeout=run.seconds + 900,
            DATABASE_URL=address,
        )
    return dict(done.data())


def _together(lanes: list[dict[str, Any]]) -> dict[str, Any]:
    sums = ("killed", "held", "payments", "asked", "received", "posted")
    reached: Counter[str] = Counter()
    for lane in lanes:
        reached.update(lane["reached"])
    return {name: sum(lane[name] for lane in lanes) for name in sums} | {
        "reached": reached,
        "faults": [fault for lane in lanes for fault in lane["faults"]],
        "statements": lanes[0]["statements"],
    }
