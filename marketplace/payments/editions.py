"""Shipped lists of this app: banks, fees; each file is an edition with its source and standing."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from marketplace.core.bilingual import Words

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    words: Words
    amount: int
    currency: str
    tax: str


@dataclass(frozen=True, slots=True)
class Standing:
    edition: str
    valid_from: date
    status: str
    source: str


@cache
def banks() -> dict[str, str]:
    """Names by BIN."""
    return dict(_read("banks")["banks"])


@cache
def fees() -> dict[str, Fee]:
    return {
        code: Fee(code, Words(row["vi"], row["en"]), row["amount"], row["currency"], row["tax"])
        for code, row in _read("fees")["fees"].items()
    }


def standing(name: str) -> Standing:
    """What a list rests on, to be shown beside it."""
    row = _read(name)
    return Standing(row["edition"], row["valid_from"], row["status"], row["source"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
