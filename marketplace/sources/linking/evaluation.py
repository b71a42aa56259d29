"""How well linking does on the labelled sets."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from marketplace.reading.records import (
    Comparison,
    Decision,
    Prepared,
    Verdict,
    blocking_keys,
    compare_records,
    contested,
    is_apart,
    judge,
    prepare,
)
from marketplace.reading.records.scoring import WEIGHTS
from marketplace.sources.linking.facts import facts_of_record
from marketplace.sources.linking.keys import BLOCK_LIMIT
from marketplace.sources.linking.labelled import Labelled, Member
from marketplace.taxonomy.places import place_names

Pair = tuple[int, int]


@dataclass(slots=True)
class Figures:
    #: True pairs that share a key at all: what blocking lets through.
    blocked: int = 0
    compared: int = 0
    merged: int = 0
    #: Pairs that the merges bring together in the end, through a third record too.
    together: int = 0
    #: Pairs that a rival keeps from being merged.
    contested: int = 0
    reviewed: int = 0
    reviewed_right: int = 0
    #: Record that the set was made from → its true pairs, those merged, those together in the end.
    #: What is made from one record shares its fate, so the intervals draw whole records.
    by_record: dict[str, Counter[str]] = field(default_factory=dict)
    #: What was merged and must not have been, by kind.
    wrong: Counter[str] = field(default_factory=Counter)
    #: What a person is asked about in vain, by kind.
    asked: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    #: Tenths of probability → [pairs, true pairs], where no rule decided.
    calibration: dict[int, list[int]] = field(default_factory=dict)

    def count(self, entity: str, **numbers: int) -> None:
        self.by_record.setdefault(entity.partition("/")[0], Counter()).update(numbers)

    def total(self, name: str) -> int:
        return sum(counts[name] for counts in self.by_record.values())

    def add(self, other: "Figures") -> None:
        for name in (
            "blocked", "compared", "merged", "together", "contested", "reviewed", "reviewed_right",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for record, counts in other.by_record.items():
            self.by_record.setdefault(record, Counter()).update(counts)
        self.wrong += other.wrong
        self.asked += other.asked
        self.examples += other.examples
        self.missed += other.missed
        for tenth, (pairs, right) in other.calibration.items():
            held = self.calibration.setdefault(tenth, [0, 0])
            held[0] += pairs
            held[1] += right

    def as_data(self) -> dict[str, Any]:
        true, merged, together = map(self.total, ("true", "merged", "together"))
        return {
            "true_pairs": true,
            "pairs_compared": self.compared,
            "recall_of_blocking": _share(self.blocked, true),
            "automatic": {
                "merged": self.merged,
                "precision": _share(merged, self.merged),
                "precision_95": proportion_interval(merged, self.merged),
                "recall": _share(merged, true),
                "recall_95": self._interval("merged"),
                "wrong_by_kind": dict(self.wrong),
                "contested": self.contested,
            },
            "together": {
                "pairs": self.together,
                "precision": _share(together, self.together),
                "precision_95": proportion_interval(together, self.together),
                "recall": _share(together, true),
                "recall_95": self._interval("together"),
            },
            "review": {
                "asked": self.reviewed,
                "right": self.reviewed_right,
                "recall": _share(self.reviewed_right, true),
                "in_vain_by_kind": dict(self.asked),
            },
            "recall": _share(merged + self.reviewed_right, true),
            "calibration": {
                f"{tenth / 10:.1f}": {"pairs": pairs, "true": _share(right, pairs)}
                for tenth, (pairs, right) in sorted(self.calibration.items())
            },
        }

    def _interval(self, name: str, *, draws: int = 1000) -> tuple[float, float] | None:
        """Between which shares the recall lies in 95 of 100 sets of so many records, drawn again."""
        counts = [(one[name], one["true"]) for one in self.by_record.values() if one["true"]]
        if not counts:
            return None
        random = Random(7)  # noqa: S311 - a repeatable figure, no secret
        shares = []
        for _draw in range(draws):
            drawn = random.choices(counts, k=len(counts))
            shares.append(sum(part for part, _all in drawn) / sum(whole for _part, whole in drawn))
        shares.sort()
        return round(shares[draws * 25 // 1000], 4), round(shares[draws * 975 // 1000 - 1], 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def proportion_interval(part: int, whole: int) -> tuple[float, float] | None:
    """Wilson's interval at 95 %: it says something where no error was seen, too."""
    if not whole:
        return None
    z, share = 1.96, part / whole
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (
        round((middle - spread) / (1 + z * z / whole), 4),
        round(min(1.0, (middle + spread) / (1 + z * z / whole)), 4),
    )


def prepared_member(member: Member) -> Prepared:
    record = dict(member.record)
    former: tuple[str, ...] = ()
    if record.pop("former_name_known", False):
        former = (str(record.get("present_name") or ""),)
    facts = facts_of_record(record, source=member.source, former_names=former)
    return prepare(facts, places=place_names())


def candidate_pairs(
    prepared: Sequence[Prepared], *, limit: int = BLOCK_LIMIT
) -> Iterator[tuple[int, int]]:
    """Pairs that share a key of no more than `limit` records, as the tick finds them."""
    yield from pairs_of_keys([blocking_keys(one) for one in prepared], limit=limit)


def pairs_of_keys(
    keys: Sequence[Iterable[int]], *, limit: int = BLOCK_LIMIT
) -> Iterator[tuple[int, int]]:
    blocks: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(keys):
        for key in own:
            blocks[key].append(number)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) <= limit:
            seen.update(combinations(block, 2))
    yield from sorted(seen)


@dataclass(frozen=True, slots=True)
class Found:
    comparison: Comparison
    verdict: Verdict


def compare_all(labelled: Labelled, *, weights: Mapping[str, float] = WEIGHTS) -> dict[Pair, Found]:
    """Every pair of two sources that shares a key, as the stage compares them."""
    members = labelled.members
    prepared = [prepared_member(member) for member in members]
    found: dict[Pair, Found] = {}
    for left, right in candidate_pairs(prepared):
        if members[left].source != members[right].source:
            comparison = compare_records(prepared[left], prepared[right])
            found[left, right] = Found(comparison, judge(comparison, weights=weights))
    return found


def contested_pairs(labelled: Labelled, verdicts: Mapping[Pair, Verdict]) -> dict[Pair, int]:
    """As in the stage; two records of one source are two, and two that share no key as well."""

    def are_apart(one: int, other: int) -> bool:
        verdict = verdicts.get((min(one, other), max(one, other)))
        return verdict is None or is_apart(verdict)

    return contested(verdicts, are_apart=are_apart)


def measure(labelled: Labelled, *, weights: Mapping[str, float] = WEIGHTS) -> Figures:
    members = labelled.members
    figures = Figures()
    sizes = Counter(member.entity for member in members)
    for entity, size in sizes.items():
        figures.count(entity, true=size * (size - 1) // 2)
    verdicts = {
        pair: found.verdict for pair, found in compare_all(labelled, weights=weights).items()
    }
    rivals = contested_pairs(labelled, verdicts)
    for (left, right), verdict in verdicts.items():
        decision = verdict.decision
        if (left, right) in rivals:
            decision = Decision.REVIEW
            figures.contested += 1
        _count(figures, members[left], members[right], verdict, decision)
    merged = {
        pair: verdict
        for pair, verdict in verdicts.items()
        if verdict.decision is Decision.MERGE and pair not in rivals
    }
    _count_groups(figures, members, groups_of(merged, verdicts))
    return figures


def groups_of(merged: Mapping[Pair, Verdict], verdicts: Mapping[Pair, Verdict]) -> list[set[int]]:
    """What the merges bring together, the likeliest first; none that joins two that cannot be one."""
    groups: dict[int, set[int]] = {}
    for left, right in sorted(merged, key=lambda pair: -merged[pair].probability):
        ours, theirs = groups.get(left, {left}), groups.get(right, {right})
        if ours is theirs:
            continue
        pairs = ((min(one, other), max(one, other)) for one in ours for other in theirs)
        if any(pair in verdicts and verdicts[pair].vetoes for pair in pairs):
            continue
        joined = ours | theirs
        groups |= dict.fromkeys(joined, joined)
    return list({id(group): group for group in groups.values()}.values())


def _count_groups(figures: Figures, members: Sequence[Member], groups: list[set[int]]) -> None:
    for group in groups:
        sizes = Counter(members[number].entity for number in group)
        figures.together += len(group) * (len(group) - 1) // 2
        for entity, size in sizes.items():
            figures.count(entity, together=size * (size - 1) // 2)


def _count(
    figures: Figures, one: Member, other: Member, verdict: Verdict, decision: Decision
) -> None:
    is_same = one.entity == other.entity
    figures.compared += 1
    figures.blocked += is_same
    if not verdict.vetoes and not verdict.cautions:
        held = figures.calibration.setdefault(min(9, int(verdict.probability * 10)), [0, 0])
        held[0] += 1
        held[1] += is_same
    kind = next((m.kind for m in (other, one) if m.kind not in ("original", "copy")), "other")
    if decision is Decision.MERGE:
        figures.merged += 1
        figures.count(one.entity, merged=is_same)
        if not is_same:
            figures.wrong[kind] += 1
            figures.examples.append(_example(one, other, verdict.probability))
    elif decision is Decision.REVIEW:
        figures.reviewed += 1
        figures.reviewed_right += is_same
        if not is_same:
            figures.asked[kind] += 1
    elif is_same:
        figures.missed.append(
            _example(one, other, verdict.probability)
            | {"vetoes": [sign.code for sign in verdict.vetoes]}
        )


def _example(one: Member, other: Member, probability: float) -> dict[str, Any]:
    return {
        "probability": round(probability, 4),
        "entities": [one.entity, other.entity],
        "left": one.record,
        "right": other.record,
    }


# --- the records the sets are made from ---------------------------------------------------------


def demo_records(folder: Path) -> list[dict[str, Any]]:
    """The demo's results with the names of their organisations."""
    organizations: dict[str, str] = {}
    for path in sorted(folder.glob("*/organizations.jsonl")):
        for row in _lines(path):
            organizations[row["key"]] = row["name"]
    records = []
    for path in sorted(folder.glob("*/results.jsonl")):
        for row in _lines(path):
            name = organizations.get(row.get("org", ""), "")
            records.append(row | {"organization": name, "present_name": name})
    return records


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as source:
        for line in source:
            if line.strip():
                yield json.loads(line)
