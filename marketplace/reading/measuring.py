"""How well needs are read: precision and recall a kind of part, against needs labelled by hand."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.reading.elements import Gazetteer
from marketplace.reading.needs import PART_KINDS, part_key, read_parts

# Where two phrases begin and end is a matter of taste ("máy sấy", "máy sấy xoài lát"): they agree when
# most words of the shorter stand in the longer.
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class LabelledNeed:
    id: str
    text: str
    writing: str  # "vi", "bare" (Vietnamese without diacritics) or "en"
    part: str
    labels: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Tally:
    labelled: int = 0
    found: int = 0
    read: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 1.0


@dataclass(slots=True)
class Measured:
    needs: int = 0
    kinds: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in PART_KINDS})

    @property
    def overall(self) -> Tally:
        total = Tally()
        for tally in self.kinds.values():
            total.labelled += tally.labelled
            total.found += tally.found
            total.read += tally.read
            total.right += tally.right
        return total


def load_labelled(path: Path) -> Iterator[LabelledNeed]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = {kind: tuple(texts) for kind, texts in row["labels"].items()}
        yield LabelledNeed(row["id"], row["text"], row["writing"], row["part"], labels)


def measure_reading(
    needs: Iterable[LabelledNeed],
    *,
    gazetteer: Gazetteer | None = None,
    places: Collection[str] = (),
) -> Measured:
    measured = Measured()
    for need in needs:
        measured.needs += 1
        language = "en" if need.writing == "en" else "vi"
        parts = read_parts(need.text, language, gazetteer=gazetteer, places=places)
        for kind, tally in measured.kinds.items():
            labels = need.labels.get(kind, ())
            read = [part.text for part in parts if part.kind == kind]
            tally.labelled += len(labels)
            tally.found += sum(any(agree(label, text) for text in read) for label in labels)
            tally.read += len(read)
            tally.right += sum(any(agree(label, text) for label in labels) for text in read)
    return measured


def agree(left: str, right: str) -> bool:
    one, other = part_key(left).split(), part_key(right).split()
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return False
    return sum(word in longer for word in shorter) / len(shorter) >= _MOST
