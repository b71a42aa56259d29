"""Milliseconds of matching real needs on the real index, by the product's own path."""

import gzip
import json
import random
import time
from pathlib import Path

from marketplace.matching.services import find_matches

from marketplace.matching.scoring import NeedText
from search.engines import get_engine
from search.queries import TextQuery

WARMING = 5


def main(folder: str, seed: str, count: str) -> None:
    with gzip.open(Path(folder) / "queries.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        needs = [json.loads(line)["text"] for line in lines]
    chosen = random.Random(seed).sample(needs, int(count) + WARMING)
    started = time.perf_counter()
    find_matches(NeedText(text=chosen[0]))
    cold = (time.perf_counter() - started) * 1000
    for text in chosen[1:WARMING]:
        find_matches(NeedText(text=text))
    matched, candidates, explained = [], [], 0
    for text in chosen[WARMING:]:
        started = time.perf_counter()
        found = find_matches(NeedText(text=text))
        matched.append((time.perf_counter() - started) * 1000)
        explained += sum(bool(item.reasons) for item in found.scored)
        started = time.perf_counter()
        get_engine().candidates(TextQuery(text))
        candidates.append((time.perf_counter() - started) * 1000)
    print(
        json.dumps(
            {
                "cold": cold,
                "matched": matched,
                "candidates": candidates,
                "explained": explained / len(matched),
            }
        )
    )
