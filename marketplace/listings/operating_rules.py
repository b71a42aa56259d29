"""The exchange's public operating regulation by the law in force, and why a listing may be reported."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

from marketplace.core import clock

_FILE: Final = Path(__file__).parent / "data" / "operating_rules.toml"


@dataclass(frozen=True, slots=True)
class OperatingRules:
    valid_from: date
    #: The day before the next edition; None where none is known.
    valid_to: date | None
    status: str
    source_vi: str
    source_en: str
    takedown_hours: int
    report_working_days: int
    duties: tuple[dict[str, str], ...]

    @property
    def source(self) -> str:
        return self.source_en if _is_english() else self.source_vi

    @property
    def duty_texts(self) -> list[str]:
        return [duty["en" if _is_english() else "vi"] for duty in self.duties]


def _is_english() -> bool:
    return (get_language() or "vi").startswith("en")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def editions() -> tuple[OperatingRules, ...]:
    """Every edition, the oldest first."""
    rows = sorted(_data()["editions"], key=lambda row: row["valid_from"])
    ends = [date.fromordinal(row["valid_from"].toordinal() - 1) for row in rows[1:]]
    return tuple(
        OperatingRules(valid_to=end, **row | {"duties": tuple(row["duties"])})
        for row, end in zip(rows, [*ends, None], strict=True)
    )


def operating_rules(day: date | None = None) -> OperatingRules:
    """The edition in force on a day; before the first, the first."""
    on = day or clock.today()
    return next((one for one in reversed(editions()) if one.valid_from <= on), editions()[0])


def report_reasons() -> list[tuple[str, str]]:
    """Code and words of each reason, in the reader's language."""
    language = "en" if _is_english() else "vi"
    return [(row["code"], row[language]) for row in _data()["reasons"]]


def reason_label(code: str) -> str:
    return dict(report_reasons()).get(code, code)
