"""Seconds in which new results are matched with open needs that others answered before, by the product's
own stage; `prepare` makes the records, `run` measures what the stage does until nothing waits."""

import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import F

from marketplace.accounts.models import Exchange, Organization
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching import considering, pipeline
from marketplace.matching.models import Match, MatchRun
from marketplace.research.models import Result
from search.sync import sync_all

#: Awards whose own text is asked as a need where topics are too few: sentences from the middle of it.
_SENTENCES = slice(1, 4)


def main(verb: str, *arguments: str) -> None:
    if verb == "prepare":
        reference, before, new, needs, seed = arguments
        _prepare(Path(reference), int(before), int(new), int(needs), seed)
    else:
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
    }
    side = considering.cheaper_side(texts=counts["new"], needs=counts["needs"])
    started, busy = time.perf_counter(), time.process_time()
    pipeline.run_batch()
    looked, worked = time.perf_counter() - started, time.process_time() - busy
    again = Need.objects.stale("matched_version").count()
    while pipeline.run_batch():
        pass
    print(
        json.dumps(
            counts
            | {
                "side": side,
                "looked": looked,
                "looked_worked": worked,
                "again": again,
                "seconds": time.perf_counter() - started,
                "worked": time.process_time() - busy,
                "left": Result.objects.stale("matched_version").count()
                + Need.objects.stale("matched_version").count(),
                "matches": Match.objects.count(),
                "one_need": sum(MatchRun.objects.values_list("duration_ms", flat=True))
                / max(MatchRun.objects.count(), 1)
                / 1000,
            }
        )
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
