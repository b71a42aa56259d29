"""The runner of `make bench`: `.venv/bin/python -m tests.benchmarks [--only NAME…]`."""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.figures import Section
from tests.benchmarks.parts import (
    alerts,
    audit,
    both,
    corpus,
    curation,
    deal_kills,
    engine,
    giving_out,
    kills,
    login_flood,
    many,
    matching,
    outage,
    pages,
    payments,
    pipeline,
    quality,
    rooms,
    scale,
    server,
    sources,
    throughput,
)
from tests.benchmarks.processes import Failed
from tests.benchmarks.runs import Run

PARTS: dict[str, Callable[[Run], Section]] = {
    "import": corpus.run,
    "sources": sources.run,
    "match": matching.run,
    "alerts": alerts.run,
    "both": both.run,
    "quality": quality.run,
    "engine": engine.run,
    "pipeline": pipeline.run,
    "pages": pages.run,
    "throughput": throughput.run,
    "curation": curation.run,
    "giving-out": giving_out.run,
    "kills": kills.run,
    "deal-kills": deal_kills.run,
    "audit": audit.run,
    "payments": payments.run,
    "rooms": rooms.run,
    "login-flood": login_flood.run,
}
#: They take long, or servers of their own: only where they are named.
LONG_PARTS = {"many": many.run, "scale": scale.run, "server": server.run, "outage": outage.run}


def main() -> int:
    options = _options()
    # As Ctrl-C: children are ended and folders removed on the way out.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    work = Path(tempfile.mkdtemp(prefix="exchange-bench-"))
    run = Run(
        work=work,
        seed=options.seed if options.seed is not None else random.randrange(10**6),
        needs=options.needs,
        points=options.points,
        other_points=options.other_points,
        deal_points=options.deal_points,
        seconds=options.seconds,
        say=_say,
        imported=options.imported,
        demo=options.demo,
        stages=options.stages,
        sets=options.sets,
        documents=options.documents,
        server=options.server,
    )
    _say(f"seed {run.seed}; {report.machine()}")
    sections = []
    try:
        for name in options.only or PARTS:
            section = _measured(name, run)
            sections.append(section)
            _say(section.text())
            _say("")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.json:
        print(json.dumps(report.as_data(run, sections), ensure_ascii=False, indent=1))
    if options.write:
        report.write(run, sections)
    missed = [f"{s.name}: {figure.name}" for s in sections for figure in s.missed]
    for line in missed:
        _say(f"missed  {line}")
    _say(report.last_line())
    return 1 if missed or any(section.absent.startswith("failed") for section in sections) else 0


def _measured(name: str, run: Run) -> Section:
    started, load = time.monotonic(), os.getloadavg()[0]
    try:
        section = (PARTS | LONG_PARTS)[name](run)
    except Failed as failure:
        section = Section(name, name, absent=f"failed: {failure}")
    section.seconds = time.monotonic() - started
    section.date = f"{datetime.now(UTC):%Y-%m-%d}"
    busy = load > 1.2 * (os.cpu_count() or 1)
    section.load = f"load {load:.1f} when it began" + (
        ", so other work shared the machine" if busy else ""
    )
    return section


def _say(text: str) -> None:
    """Tables are what `make bench` prints; with --json they leave standard output to it."""
    print(text, file=sys.stderr if "--json" in sys.argv else sys.stdout, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS | LONG_PARTS,
        metavar="NAME",
        help=", ".join(PARTS | LONG_PARTS),
    )
    parser.add_argument("--seed", type=int, help="of samples and kills; printed")
    parser.add_argument("--json", action="store_true", help="print JSON; tables go to stderr")
    parser.add_argument("--write", action="store_true", help=f"update {report.PAGE.name}")
    parser.add_argument("--needs", type=int, default=100, help="needs measured by `match`")
    parser.add_argument(
        "--points", type=int, default=200, help="kills of an import and of a harvest, each"
    )
    parser.add_argument(
        "--other-points", type=int, default=20, help="kills shared by the other stages"
    )
    parser.add_argument(
        "--deal-points", type=int, default=1000, help="kills between an interest and its payment"
    )
    parser.add_argument(
        "--seconds", type=int, default=3600, help="that the kills of deals may take"
    )
    parser.add_argument(
        "--imported", type=Path, metavar="FOLDER", help="keep the imported corpus there, or use it"
    )
    parser.add_argument(
        "--demo", type=Path, metavar="FOLDER", help="keep the prepared demo there, or use it"
    )
    parser.add_argument("--stages", nargs="+", metavar="STAGE", help="kill only these stages")
    parser.add_argument("--sets", nargs="+", metavar="SET", help="judge only these collections")
    parser.add_argument(
        "--documents",
        type=int,
        help="size of the corpus of `many`, `both`, `engine`, `scale`, `server`",
    )
    parser.add_argument(
        "--server",
        default="",
        metavar="URL",
        help="`server` fills and asks this index, e.g. opensearch://host:9200/bench",
    )
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
