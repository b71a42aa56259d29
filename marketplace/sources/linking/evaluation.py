"""How well linking does on the labelled sets, and the fit of its weights on the development half."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from marketplace.reading.records import (
    Decision,
    Prepared,
    blocking_keys,
    compare_records,
    judge,
    prepare,
)
from marketplace.reading.records.scoring import (
    EITHER_WAY,
    SPEAK_AGAINST,
    WEIGHTS,
    features,
)
from marketplace.sources.linking.facts import facts_of_record
from marketplace.sources.linking.labelled import Labelled, Member
from marketplace.taxonomy.places import place_names

#: A key of more records than this says nothing; as in the tick.
BLOCK_LIMIT: Final = 60


@dataclass(slots=True)
class Figures:
    true_pairs: int = 0
    #: True pairs that share a key at all: what blocking lets through.
    blocked: int = 0
    compared: int = 0
    merged: int = 0
    merged_right: int = 0
    reviewed: int = 0
    reviewed_right: int = 0
    #: What was merged and must not have been, by kind.
    wrong: Counter[str] = field(default_factory=Counter)
    #: What a person is asked about in vain, by kind.
    asked: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    #: Tenths of probability → [pairs, true pairs], where no rule decided.
    calibration: dict[int, list[int]] = field(default_factory=dict)

    def add(self, other: "Figures") -> None:
        for name in (
            "true_pairs", "blocked", "compared", "merged", "merged_right", "reviewed", "reviewed_right",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong
        self.asked += other.asked
        self.examples += other.examples
        self.missed += other.missed
        for tenth, (pairs, right) in other.calibration.items():
            held = self.calibration.setdefault(tenth, [0, 0])
            held[0] += pairs
            held[1] += right

    def as_data(self) -> dict[str, Any]:
        return {
            "true_pairs": self.true_pairs,
            "pairs_compared": self.compared,
            "recall_of_blocking": _share(self.blocked, self.true_pairs),
            "automatic": {
                "merged": self.merged,
                "precision": _share(self.merged_right, self.merged),
                "recall": _share(self.merged_right, self.true_pairs),
                "wrong_by_kind": dict(self.wrong),
            },
            "review": {
                "asked": self.reviewed,
                "right": self.reviewed_right,
                "recall": _share(self.reviewed_right, self.true_pairs),
                "in_vain_by_kind": dict(self.asked),
            },
            "recall": _share(self.merged_right + self.reviewed_right, self.true_pairs),
            "calibration": {
                f"{tenth / 10:.1f}": {"pairs": pairs, "true": _share(right, pairs)}
                for tenth, (pairs, right) in sorted(self.calibration.items())
            },
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


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


def measure(labelled: Labelled, *, weights: Mapping[str, float] = WEIGHTS) -> Figures:
    members = labelled.members
    prepared = [prepared_member(member) for member in members]
    figures = Figures()
    figures.true_pairs = sum(
        size * (size - 1) // 2 for size in Counter(m.entity for m in members).values()
    )
    for left, right in candidate_pairs(prepared):
        one, other = members[left], members[right]
        if one.source == other.source:
            continue
        _count(figures, one, other, prepared[left], prepared[right], weights)
    return figures


def _count(
    figures: Figures,
    one: Member,
    other: Member,
    left: Prepared,
    right: Prepared,
    weights: Mapping[str, float],
) -> None:
    is_same = one.entity == other.entity
    figures.compared += 1
    figures.blocked += is_same
    verdict = judge(compare_records(left, right), weights=weights)
    if not verdict.vetoes:
        held = figures.calibration.setdefault(min(9, int(verdict.probability * 10)), [0, 0])
        held[0] += 1
        held[1] += is_same
    kind = next((m.kind for m in (other, one) if m.kind not in ("original", "copy")), "other")
    if verdict.decision is Decision.MERGE:
        figures.merged += 1
        figures.merged_right += is_same
        if not is_same:
            figures.wrong[kind] += 1
            figures.examples.append(_example(one, other, verdict.probability))
    elif verdict.decision is Decision.REVIEW:
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


# --- the fit ------------------------------------------------------------------------------------


def training_pairs(sets: Iterable[Labelled]) -> list[tuple[dict[str, float], bool]]:
    """Features and truth of every pair that no rule decides."""
    found: list[tuple[dict[str, float], bool]] = []
    for labelled in sets:
        if labelled.half != "development":
            raise ValueError("weights are fitted on the development half alone")
        members = labelled.members
        prepared = [prepared_member(member) for member in members]
        for left, right in candidate_pairs(prepared):
            if members[left].source == members[right].source:
                continue
            compared = compare_records(prepared[left], prepared[right])
            if not judge(compared).vetoes:
                same = members[left].entity == members[right].entity
                found.append((features(compared), same))
    return found


def fit(pairs: Sequence[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Logistic regression in which agreement never speaks against a pair, nor difference for it: a
    measure whose weight comes out with the wrong sign is left out, and the others fitted again."""
    left_out: set[str] = set()
    while True:
        weights = _regression(
            [({n: v for n, v in found.items() if n not in left_out}, same) for found, same in pairs]
        )
        wrong = {
            name
            for name, weight in weights.items()
            if name not in EITHER_WAY and (weight > 0) == (name in SPEAK_AGAINST) and weight
        }
        if not wrong:
            return {name: weights.get(name, 0.0) for name in WEIGHTS}
        left_out |= wrong


#: What is known before any pair is looked at. The sets are made by a program: they change money less
#: often than life does, and a title never for no reason. So the fit only moves these values as far as
#: the pairs insist.
BEFOREHAND: Final[Mapping[str, float]] = {
    "bias": -6.0, "title_same": 3.0, "title_letters": 1.0, "title_exchanged": -3.0,
    "title_besides": -1.5, "title_marks": -1.0, "title_cut": -0.5, "title_translated": -0.5,
    "numbers_differ": -2.0, "numbers_missing": -0.5, "abstract_same": 1.5, "abstract_whole": 2.0,
    "abstract_other": -1.5, "keywords_same": 0.5, "lead_same": 1.0, "lead_other": -1.5,
    "people_same": 1.0, "people_other": -1.5, "organization_same": 1.0, "organization_other": -0.5,
    "agency_same": 0.5, "year_same": 0.5, "year_near": -0.2, "year_other": -2.0, "dates_same": 0.5,
    "dates_other": -1.5, "funding_same": 1.5, "funding_other": -1.5, "identifier_same": 4.5,
}  # fmt: skip


def _regression(
    pairs: Sequence[tuple[dict[str, float], bool]], *, penalty: float = 8.0, rounds: int = 25
) -> dict[str, float]:
    """By Newton's steps, held to what is known beforehand as by `penalty` pairs (ridge)."""
    names = sorted({name for found, _same in pairs for name in found})
    place = {name: at for at, name in enumerate(names)}
    rows = [([(place[n], v) for n, v in found.items() if v], same) for found, same in pairs]
    weights = [0.0] * len(names)
    for _round in range(rounds):
        gradient = [
            penalty * (BEFOREHAND.get(name, 0.0) - weight)
            for name, weight in zip(names, weights, strict=True)
        ]
        curvature = [[0.0] * len(names) for _name in names]
        for at in range(len(names)):
            curvature[at][at] = penalty
        for row, same in rows:
            total = sum(weights[at] * value for at, value in row)
            chance = 1 / (1 + math.exp(-max(-35.0, min(35.0, total))))
            spread = chance * (1 - chance)
            for at, value in row:
                gradient[at] += (same - chance) * value
                if spread > 1e-9:
                    for other, beside in row:
                        curvature[at][other] += spread * value * beside
        step = _solved(curvature, gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return {name: round(weights[place[name]], 2) for name in names}


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination with the largest pivot; some thirty unknowns."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            share = rows[below][at] / rows[at][at]
            if share:
                rows[below] = [
                    one - share * other for one, other in zip(rows[below], rows[at], strict=True)
                ]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = (rows[at][size] - known) / rows[at][at]
    return found


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
