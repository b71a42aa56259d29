"""The rules that records are held to, each with the legal text it rests on where there is one."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

_FILE = Path(__file__).parent / "data" / "rules.tsv"
_STATUSES = frozenset({"official", "under_review", "own"})


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    label_vi: str
    label_en: str
    legal_basis: str
    valid_from: str
    valid_to: str
    source: str
    #: "official", "under_review" (the standing of the text is unconfirmed), or "own".
    status: str

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label_vi


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    with _FILE.open(encoding="utf-8", newline="") as rows:
        found = {
            row["code"]: Rule(**row)
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    unknown = {rule.status for rule in found.values()} - _STATUSES
    if unknown:
        raise ValueError(f"{_FILE.name}: no status of a rule: {sorted(unknown)}")
    return found
