"""The list of reasons for a pass: who may give which, and what each tells the ranking.

Codes and names are the vocabulary "pass-reasons", whose editions may change; what a code means for us
is a file with a version of its own.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from marketplace.taxonomy.models import Term

VOCABULARY: Final = "pass-reasons"
_FILE: Final = Path(__file__).parent / "data" / "pass_reasons.json"
_EVERY_SIDE: Final = frozenset({"need", "supply", "staff"})


@dataclass(frozen=True, slots=True)
class ReasonMeaning:
    """
    Attributes:
        sides: who may give it.
        grade: of the pair on the judges' scale; None where the reason says nothing of the pair.
        asks: "requirement" where it must be said which is missed, "note" where words are needed.
    """

    sides: frozenset[str] = _EVERY_SIDE
    grade: int | None = None
    asks: str = ""


@lru_cache(maxsize=1)
def _data() -> tuple[str, dict[str, ReasonMeaning]]:
    raw = json.loads(_FILE.read_text(encoding="utf-8"))
    meanings = {
        code: ReasonMeaning(frozenset(one["sides"]), one["grade"], one.get("asks", ""))
        for code, one in raw["reasons"].items()
    }
    return str(raw["version"]), meanings


def grades_version() -> str:
    return _data()[0]


def meaning_of(code: str) -> ReasonMeaning:
    """Of a code that the file does not know (staff added it to the vocabulary): open to every side,
    and no judgement."""
    return _data()[1].get(code, ReasonMeaning())


def reasons_for(side: str) -> list[tuple[str, str]]:
    """Codes with names of the edition in force that this side may give, in its order."""
    terms = Term.objects.in_vocabulary(VOCABULARY).selectable()
    return [(term.code, term.label) for term in terms if side in meaning_of(term.code).sides]
