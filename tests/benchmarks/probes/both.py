"""Seconds in which new results are matched with open needs that others answered before, by the product's
own stage; `prepare` makes the records, `run` measures what the stage does until nothing waits, with a second
worker beside it, as production has two: `hand` is that one."""

import gzip
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models import F

from marketplace.accounts.models import Exchange, Organization
from marketplace.core import clock
from marketplace.core.ticks import run_stage
from marketplace.listings.models import Need
from marketplace.matching import considering, pipeline
from marketplace.matching.models import Match, MatchRun
from marketplace.research.models import Result
from search.sync import sync_all

#: Awards whose own text is asked as a need where topics are too few: sentences from the middle of it.
_SENTENCES = slice(1, 4)


def main(verb: str, *arguments: str) -> None:
    match verb:
        case "prepare":
            reference, before, new, needs, seed = arguments
            _prepare(Path(reference), int(before), int(new), int(needs), seed)
        case "hand":
            _lend_a_hand()
        case _:
            _run()


def _prepare(reference: Path, before: int, new: int, needs: int, seed: str) -> None:
    chance = random.Random(seed)
    awards = list(_lines(reference / "corpora/sbir-awards/awards.jsonl.gz"))
    chance.shuffle(awards)
    rows = [
        Result(
            source="bench",
            source_id=row["id"],
            content_hash=row["id"],
            title=row["title"][:500],
            abstract=row["abstract"] or "",
            language="en",
            year=row["year"],
        )
        for row in awards[: before + new]
    ]
    Result.objects.bulk_create(rows, batch_size=500)
    _needs(reference, needs, awards[before + new :])
    sync_all()
    known = Result.objects.order_by("pk").values_list("pk", flat=True)[before]
    Result.objects.filter(pk__lt=known).update(matched_version=F("content_version"))
    Need.objects.update(matched_version=F("content_version"))


def _needs(reference: Path, count: int, awards: list[dict[str, Any]]) -> None:
    """The agencies' topics, the open European calls, then parts of awards that are not in the register."""
    topics = _lines(reference / "benchmarks/sbir-need2result/queries.dev.jsonl.gz")
    texts = [("", row["text"]) for row in topics]
    calls = (reference / "corpora/eu-calls-2026/calls.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, calls.splitlines()):
        texts.append((row["title"], row["description"][:1500]))
    for award in awards:
        sentences = (award["abstract"] or "").split(". ")
        if len(sentences) > _SENTENCES.stop:
            texts.append(("", ". ".join(sentences[_SENTENCES])))
    organization = Organization.objects.create(name="Bench")
    now, exchange = clock.now(), Exchange.default()
    Need.objects.bulk_create(
        [
            Need(
                exchange=exchange,
                organization=organization,
                title=title[:250] or text[:120],
                summary=text[:400],
                problem=text,
                language="en",
                live=True,
                first_published_at=now,
                last_published_at=now,
            )
            for title, text in texts[:count]
        ],
        batch_size=500,
    )


def _run() -> None:
    counts = {
        "needs": Need.objects.public().count(),
        "results": Result.objects.count(),
        "new": Result.objects.stale("matched_version").count(),
        "matched before": MatchRun.objects.count(),
    }
    side = considering.cheaper_side(texts=counts["new"], needs=counts["needs"])
    with _second_worker() as helped:
        started, busy = time.perf_counter(), time.process_time()
        phases: list[float] = []

        def batch() -> int:
            done = pipeline.run_batch()
            phases.append(time.perf_counter() - started)
            return done

        run_stage(pipeline.STAGE, batch, seconds=120, longest=900, batches=10**6)
        seconds, worked = time.perf_counter() - started, time.process_time() - busy
    again = MatchRun.objects.count() - counts["matched before"]
    print(
        json.dumps(
            counts
            | {
                "side": side,
                "looked": phases[0],
                "again": again,
                "lent": sum(helped),
                "seconds": seconds,
                "worked": worked,
                "left": Result.objects.stale("matched_version").count()
                + Need.objects.stale("matched_version").count(),
                "matches": Match.objects.count(),
                "one_need": sum(MatchRun.objects.values_list("duration_ms", flat=True))
                / max(MatchRun.objects.count(), 1)
                / 1000,
            }
        )
    )


@contextmanager
def _second_worker() -> Iterator[list[int]]:
    """Ready before the clock starts; at the end it says how many needs it matched."""
    command = [sys.executable, "-m", "tests.benchmarks.probes", "both", "hand"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdin
    assert worker.stdout
    helped: list[int] = []
    try:
        worker.stdout.readline()
        yield helped
        said, _ = worker.communicate("\n", timeout=60)
        helped.append(int(said))
    finally:
        worker.kill()


def _lend_a_hand() -> None:
    """What the clock asks every two seconds, until somebody writes a line."""
    asked = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), asked.set()), daemon=True).start()
    print("ready", flush=True)
    done = 0
    while not asked.wait(2):
        done += run_stage("matching.hand", pipeline.lend_a_hand, seconds=120)
    print(done)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
