"""The real corpora and collections, and what others measured on them."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(
    os.environ.get("EXCHANGE_REFERENCE_DATA") or ROOT.parent / "shared" / "data"
).absolute()

AWARDS = FOLDER / "corpora" / "sbir-awards" / "awards.jsonl.gz"
AWARDS_COUNT = 58_430
NEEDS = FOLDER / "benchmarks" / "sbir-need2result"
JUDGED = ROOT / "marketplace" / "demo" / "data" / "judged"


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged collection; `bm25` is the column of that name in the README of the reference data
    (k1 1.2, b 0.75; Vietnamese as syllables and pairs of them, English stemmed)."""

    name: str
    bm25: float | None
    recall: float | None = None
    is_vietnamese: bool = False

    @property
    def folder(self) -> Path:
        return JUDGED if self.name == "judged" else FOLDER / "benchmarks" / self.name

    @property
    def present(self) -> bool:
        return self.folder.is_dir()


#: nDCG@10 as the reference README has it; the demo's own set is not in it.
COLLECTIONS = (
    Collection("judged", None, is_vietnamese=True),
    Collection("vire-vimedaqa", 0.837, is_vietnamese=True),
    Collection("vire-virhe4qa", 0.865, is_vietnamese=True),
    Collection("xquad-vi", 0.963, is_vietnamese=True),
    Collection("cranfield", 0.390),
    Collection("vaswani-npl", 0.441),
    Collection("sbir-need2result", 0.614, recall=0.853),
)


def absence() -> str:
    """What is missing, in words; empty where everything is there."""
    if not FOLDER.is_dir():
        return str(FOLDER)
    missing = [path for path in (AWARDS, NEEDS) if not path.exists()]
    missing += [one.folder for one in COLLECTIONS if not one.present and one.folder != NEEDS]
    return ", ".join(map(str, missing))
