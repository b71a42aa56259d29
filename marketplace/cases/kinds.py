"""What a case can be about. Needs are registered here; interests and deals register from above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Facts:
    """What a case shows of its row, and is assigned and narrowed by."""

    title: str
    organization_id: int | None
    province_code: str
    field_codes: list[str]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the row, for the timeline of its case."""

    at: datetime
    title: str
    text: str = ""
    who: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """
    Attributes:
        code, label: the name of the kind.
        rows: every row, with `public_id`, `content_version` and what `facts_of` reads.
        running: those of them that want somebody to look after them.
        facts_of: what a case shows of a row.
        events_of: its decisions, matches and notices.
        people_of: accounts that may have been spoken with.
    """

    code: str
    label: str | Promise
    rows: Callable[[], QuerySet[Any]]
    running: Callable[[], QuerySet[Any]]
    facts_of: Callable[[Any], Facts]
    events_of: Callable[[Any], Sequence[Event]]
    people_of: Callable[[Any], QuerySet[Any]]


_kinds: dict[str, CaseKind] = {}


def register_case_kind(kind: CaseKind) -> None:
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"case kind {kind.code} is registered twice")
    _kinds[kind.code] = kind


def case_kind(code: str) -> CaseKind:
    return _kinds[code]


def case_kinds() -> list[CaseKind]:
    return list(_kinds.values())
