"""A trial on real awards: the same firm's first and second phase under one title must stay two."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from marketplace.accounts.names import organization_key
from marketplace.reading.records import (
    Decision,
    Prepared,
    RecordFacts,
    blocking_keys,
    compare_records,
    judge,
    prepare,
)
from marketplace.sources.linking.evaluation import pairs_of_keys


def read_awards(path: Path) -> Iterator[RecordFacts]:
    """The awards, the first phase as one source has it and the second as another: within one source
    nothing is merged by itself, so this is the harder case."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _facts(json.loads(line))


def _facts(row: dict[str, Any]) -> RecordFacts:
    firm = organization_key(row.get("org") or "")
    year = str(row.get("year") or "")
    return RecordFacts(
        title=row["title"],
        language="en",
        abstract=row.get("abstract") or "",
        organizations=(firm,) if firm else (),
        agency=row.get("agency") or "",
        year=int(year) if year.isdecimal() else None,
        source=row.get("phase") or "",
        source_id=row["id"],
    )


def try_awards(path: Path) -> dict[str, Any]:
    """What becomes of pairs of one firm and title in two phases, and of all other pairs: where the
    records do not say their phase (it stands in neither title), and where they do."""
    awards = list(read_awards(path))
    # Made ready twice rather than kept: the runs of words of all of them would fill the memory.
    keys = [blocking_keys(prepare(award)) for award in awards]
    pairs = [
        (one, other)
        for one, other in pairs_of_keys(keys)
        if awards[one].source != awards[other].source
    ]

    @lru_cache(maxsize=5000)
    def made(number: int) -> Prepared:
        return prepare(awards[number])

    counts: dict[str, Counter[str]] = {}
    for one, other in pairs:
        left, right = made(one), made(other)
        same = left.title.folded == right.title.folded and bool(
            left.organizations & right.organizations
        )
        kind = "same_firm_and_title" if same else "other"
        silent = judge(compare_records(left, right)).decision
        told = judge(compare_records(_with_phase(left), _with_phase(right))).decision
        counts.setdefault(f"{kind}_phase_not_told", Counter())[silent.value] += 1
        counts.setdefault(f"{kind}_phase_told", Counter())[told.value] += 1
    return {"awards": len(awards)} | {
        name: _counts(found) for name, found in sorted(counts.items())
    }


def _with_phase(award: Prepared) -> Prepared:
    phase = award.facts.source.rpartition(" ")[2]
    return replace(award, phase={"I": "1", "II": "2"}.get(phase, ""))


def _counts(found: Counter[str]) -> dict[str, int]:
    return {
        "pairs": found.total(),
        "automatic": found[Decision.MERGE.value],
        "review": found[Decision.REVIEW.value],
        "apart": found[Decision.APART.value],
    }
