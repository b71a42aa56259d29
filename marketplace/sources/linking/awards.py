"""A trial on real awards: the same firm's first and second phase under one title must stay two."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.accounts.names import organization_key
from marketplace.reading.records import (
    Decision,
    Prepared,
    RecordFacts,
    compare_records,
    judge,
    prepare,
)
from marketplace.sources.linking.evaluation import candidate_pairs


@dataclass(frozen=True, slots=True)
class Award:
    identifier: str
    phase: str
    title_key: str
    firm: str
    prepared: Prepared


def read_awards(path: Path, *, tells_phase: bool) -> list[Award]:
    """The awards, the first phase as one source has it and the second as another: within one source
    nothing is merged by itself, so this is the harder case. `tells_phase`: whether the record says it."""
    awards = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            awards.append(_award(row, tells_phase))
    return awards


def _award(row: dict[str, Any], tells_phase: bool) -> Award:
    phase = row.get("phase") or ""
    firm = organization_key(row.get("org") or "")
    year = str(row.get("year") or "")
    facts = RecordFacts(
        title=row["title"],
        language="en",
        abstract=row.get("abstract") or "",
        organizations=(firm,) if firm else (),
        agency=row.get("agency") or "",
        year=int(year) if year.isdecimal() else None,
        phase=phase if tells_phase else "",
        source=phase,
        source_id=row["id"],
    )
    made = prepare(facts)
    return Award(row["id"], phase, made.title.folded, firm, made)


def try_awards(path: Path, *, tells_phase: bool) -> dict[str, Any]:
    """What becomes of pairs of one firm and title in two phases, and of all other pairs."""
    awards = read_awards(path, tells_phase=tells_phase)
    of_phases: Counter[str] = Counter()
    of_others: Counter[str] = Counter()
    for left, right in _pairs(awards):
        verdict = judge(compare_records(left.prepared, right.prepared))
        same = left.title_key == right.title_key and left.firm == right.firm
        (of_phases if same else of_others)[verdict.decision.value] += 1
    return {
        "awards": len(awards),
        "same_firm_and_title_in_two_phases": _counts(of_phases),
        "other_pairs_compared": _counts(of_others),
    }


def _pairs(awards: list[Award]) -> Iterator[tuple[Award, Award]]:
    for one, other in candidate_pairs([award.prepared for award in awards]):
        left, right = awards[one], awards[other]
        if left.phase != right.phase:
            yield left, right


def _counts(found: Counter[str]) -> dict[str, int]:
    return {
        "pairs": found.total(),
        "automatic": found[Decision.MERGE.value],
        "review": found[Decision.REVIEW.value],
        "apart": found[Decision.APART.value],
    }
