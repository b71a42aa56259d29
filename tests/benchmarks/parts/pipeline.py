"""From the last approval to a page, a hit, matches and notices, with the demo's own processes."""

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.runs import Run

NEEDS = 20
SECONDS, OWN_SECONDS = 5.0, 1.0
SIGNS = {
    "public": "public page answers",
    "findable": "search finds it",
    "matched": "matches are there",
    "told": "the enterprise's notice is queued",
}


def run(run: Run) -> Section:
    section = Section("pipeline", "Main path: approval to public, findable, matched and told")
    with processes.copied(run.demo_template(), "pipeline") as folder:
        with processes.demo(folder) as served:
            run.say(f"approving {NEEDS} needs of a running demo …")
            watched = processes.run(
                processes.probe(
                    "pipeline", "watch", str(served.port), f"{run.seed}:watch", str(NEEDS)
                ),
                folder,
                timeout=900,
                PUBLIC_URL=served.address,
            ).data()
        stages = processes.run(
            processes.probe("pipeline", "stages", f"{run.seed}:stages", str(NEEDS)), folder
        ).data()
    ends = [max(row[sign] for sign in SIGNS) for row in watched]
    own = [row["together"] for row in stages]
    middle = percentile(own, 0.5)
    section.figures = [
        Figure("all of it, p50", percentile(ends, 0.5), "s", None, "less", middle, "own work p50", 2),
        Figure(
            "all of it, p95", percentile(ends, 0.95), "s", SECONDS, "less", percentile(own, 0.95),
            "own work p95", 2,
        ),
        *(
            Figure(
                f"… {words}", percentile([row[sign] for row in watched], 0.5), "s", digits=2,
                note=f"p95 {percentile([row[sign] for row in watched], 0.95):.2f} s",
            )
            for sign, words in SIGNS.items()
        ),
        Figure("our own work, p95", percentile(own, 0.95), "s", OWN_SECONDS, "less", digits=3),
        Figure("… processor time of it, p95", percentile([row["processor"] for row in stages], 0.95), "s", digits=3),
        *(
            Figure(
                f"… {name}", percentile([row[name] for row in stages], 0.5), "s", digits=3,
                note=f"p95 {percentile([row[name] for row in stages], 0.95):.3f} s",
            )
            for name in stages[0]
            if name not in ("together", "processor")
        ),
    ]  # fmt: skip
    section.notes = [
        f"{NEEDS} needs, one after the other; the rest of the time is the wait for the clock's ticks."
    ]
    return section
