"""What is asked of whom, what staff check and what a level rests on, as shipped in editions."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from marketplace.core import clock
from marketplace.core.bilingual import Words

DATA: Final = Path(__file__).parent / "data" / "verification"
#: Stated by everybody.
ALWAYS: Final = ("name", "kind", "country_code", "province_code", "address")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one kind of organisation states, and the papers of which it sends at least one."""

    facts: tuple[str, ...]
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    words: Words
    is_required: bool


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    words: Words
    rests_on: Words
    checks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    words: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Edition:
    code: str
    valid_from: date
    status: str
    source: str
    keep_days: int
    keep_draft_days: int
    remind_days: int
    kinds: dict[str, Asked]
    foreign: Asked
    papers: dict[str, Words]
    checks: dict[str, Check]
    levels: tuple[Level, ...]
    reasons: dict[str, Reason]
    claim_reasons: tuple[str, ...]

    def asked_of(self, facts: dict[str, Any]) -> Asked:
        """By kind, and by whether the organisation is registered in Vietnam."""
        if facts.get("country_code", "VN") not in ("", "VN"):
            return Asked((*ALWAYS[:3], "address", *self.foreign.facts), self.foreign.papers)
        asked = self.kinds[facts.get("kind") or "enterprise"]
        return Asked((*ALWAYS, *asked.facts), asked.papers)

    def level_for(self, checks: Iterable[str]) -> str:
        """The highest level that rests on nothing that was not checked; "" for none."""
        ticked = set(checks)
        reached = [level.code for level in self.levels if level.checks <= ticked]
        return reached[-1] if reached else ""

    def required_checks(self) -> set[str]:
        return {check.code for check in self.checks.values() if check.is_required}

    def level(self, code: str) -> Level | None:
        return next((level for level in self.levels if level.code == code), None)


def edition_on(day: date | None = None) -> Edition:
    """The edition in force; before the first, the first."""
    wanted = day or clock.today()
    known = sorted(_editions().values(), key=lambda one: one.valid_from)
    return next((one for one in reversed(known) if one.valid_from <= wanted), known[0])


def edition(code: str) -> Edition:
    """The one a submission was judged by; that of today where it has left the files."""
    return _editions().get(code) or edition_on()


@cache
def _editions() -> dict[str, Edition]:
    read = (tomllib.loads(path.read_text(encoding="utf-8")) for path in DATA.glob("*.toml"))
    return {row["edition"]: _edition(row) for row in read}


def _edition(row: dict[str, Any]) -> Edition:
    def words(entry: dict[str, str], prefix: str = "") -> Words:
        return Words(entry[f"{prefix}vi"], entry[f"{prefix}en"])

    def asked(entry: dict[str, list[str]]) -> Asked:
        return Asked(tuple(entry["facts"]), tuple(entry["papers"]))

    return Edition(
        code=row["edition"],
        valid_from=row["valid_from"],
        status=row["status"],
        source=row["source"],
        keep_days=row["keep_days"],
        keep_draft_days=row["keep_draft_days"],
        remind_days=row["remind_days"],
        kinds={code: asked(entry) for code, entry in row["kinds"].items()},
        foreign=asked(row["foreign"]),
        papers={code: words(entry) for code, entry in row["papers"].items()},
        checks={
            code: Check(code, words(entry), entry["required"])
            for code, entry in row["checks"].items()
        },
        levels=tuple(
            Level(code, words(entry), words(entry, "rests_"), frozenset(entry["checks"]))
            for code, entry in row["levels"].items()
        ),
        reasons={
            code: Reason(code, words(entry), words(entry, "text_"))
            for code, entry in row["reasons"].items()
        },
        claim_reasons=tuple(row["claim_reasons"]),
    )
