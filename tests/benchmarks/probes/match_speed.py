"""Milliseconds of matching real needs on the real index, by the product's own path."""

import gzip
import json
import random
import time
from pathlib import Path

from marketplace.matching.finding import find_matches
from marketplace.matching.scoring import NeedText, render_reason
from marketplace.matching.scoring.data import MatchList
from marketplace.matching.texts import complete
from search.engines import get_engine
from search.queries import TextQuery

WARMING = 5


def main(folder: str, seed: str, count: str) -> None:
    with gzip.open(Path(folder) / "queries.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        needs = [json.loads(line)["text"] for line in lines]
    chosen = random.Random(seed).sample(needs, int(count) + WARMING)
    started = time.perf_counter()
    _match(chosen[0])
    cold = (time.perf_counter() - started) * 1000
    for text in chosen[1:WARMING]:
        _match(text)
    matched, worked, candidates, explained = [], [], [], 0
    for text in chosen[WARMING:]:
        started, busy = time.perf_counter(), time.process_time()
        found = _match(text)
        matched.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        explained += sum(bool(item.reasons) for item in found.scored)
        started = time.perf_counter()
        get_engine().candidates(TextQuery(text))
        candidates.append((time.perf_counter() - started) * 1000)
    print(
        json.dumps(
            {
                "cold": cold,
                "matched": matched,
                "worked": worked,
                "candidates": candidates,
                "explained": explained / len(matched),
            }
        )
    )


def _match(text: str) -> MatchList:
    """As the command does it: candidates, facts of the rows, scores, and reasons in words."""
    found = find_matches(NeedText(text=text), complete=complete)
    for scored in found.scored:
        for reason in scored.reasons:
            render_reason(reason, "vi")
    return found
