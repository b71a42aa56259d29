"""The terms of answering, in the edition of the day."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from marketplace.core import clock
from marketplace.research.models import FullTextRule

_DATA: Final = Path(__file__).parent.parent / "data" / "full-text-rules.json"


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], ...]:
    rows = json.loads(_DATA.read_text(encoding="utf-8"))
    for row in rows:
        for name in ("valid_from", "valid_to"):
            row[name] = date.fromisoformat(row[name]) if row[name] else None
    return tuple(rows)


def rule_on(day: date | None = None) -> FullTextRule:
    """The newest edition that is valid on a day; as shipped where none has been loaded."""
    found = FullTextRule.objects.valid_on(day or clock.today()).first()
    return found or FullTextRule(**_shipped()[-1])


def load_rules() -> int:
    """Adds shipped editions that are missing; what is there stays as staff made it."""
    added = 0
    for row in _shipped():
        added += FullTextRule.objects.get_or_create(code=row["code"], defaults=row)[1]
    return added
