"""Archive numbers, result codes and certificate numbers: read by patterns that are data."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.db.models import Q, QuerySet

from marketplace.core.text import fold
from marketplace.research.models import NumberPattern, OldIdentifier, Result, Task
from search.analysis import compose

LIMIT: Final = 200
#: Records that one old number may lead to.
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Number:
    """One reading of a number: its kind, what was written, and the named parts of the pattern."""

    kind: str
    text: str
    parts: tuple[tuple[str, str], ...]


def parse_number(text: str) -> list[Number]:
    """What the number may be by the patterns in force, in their order; none where it fits nothing."""
    written = compose(text).strip()[:LIMIT]
    found = []
    for kind, pattern in _patterns():
        if match := _compiled(pattern).fullmatch(written):
            parts = tuple((name, value) for name, value in match.groupdict().items() if value)
            found.append(Number(kind, written, parts))
    return found


def _patterns() -> list[tuple[str, str]]:
    return list(NumberPattern.objects.valid_on().values_list("kind", "pattern"))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def number_key(text: str) -> str:
    """What two writings of one number have in common: no case, no spaces, no marks."""
    return re.sub(r"\s+", "", fold(compose(text)))[:LIMIT]


def results_numbered(text: str) -> QuerySet[Result]:
    """Results that have or had the number, whichever of the three it is, or `source:id`."""
    written = compose(text).strip()[:LIMIT]
    spellings = {
        written,
        written.upper(),
        written.replace(" ", ""),
        written.upper().replace(" ", ""),
    }
    condition = (
        Q(archive_number__in=spellings)
        | Q(result_code__in=spellings)
        | Q(certificate_number__in=spellings)
        | Q(pk__in=_old(written, "result"))
    )
    source, colon, source_id = written.partition(":")
    if colon:
        condition |= Q(source=source, source_id=source_id)
    return Result.objects.filter(condition)


def tasks_numbered(text: str) -> QuerySet[Task]:
    written = compose(text).strip()[:LIMIT]
    condition = Q(code__in={written, written.upper()}) | Q(pk__in=_old(written, "task"))
    source, colon, source_id = written.partition(":")
    if colon:
        condition |= Q(source=source, source_id=source_id)
    return Task.objects.filter(condition)


def _old(text: str, register: str) -> list[int]:
    """Keys, not a query of them: beside a query in an OR the indexes of the numbers are of no use."""
    held = OldIdentifier.objects.filter(key=number_key(text), **{f"{register}__isnull": False})
    return list(held.values_list(register, flat=True)[:_MOST])


def keep_old_identifiers(record: Result | Task, identifiers: list[str]) -> None:
    """From now on these lead to the record too: numbers it had, `source:id` of what joined it."""
    register = "result" if isinstance(record, Result) else "task"
    OldIdentifier.objects.bulk_create(
        (
            OldIdentifier(key=number_key(text), value=text[:LIMIT], **{register: record})
            for text in identifiers
            if number_key(text)
        ),
        ignore_conflicts=True,
    )
