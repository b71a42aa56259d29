"""Records that a source sends itself, one or a batch at a time, and what it is told of each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core.ticks import kick
from marketplace.sources.imports.columns import kind_of
from marketplace.sources.imports.incoming import Arrival, Deleted, Incoming, Unreadable
from marketplace.sources.imports.records import ID_LIMIT
from marketplace.sources.imports.report import Line, Report
from marketplace.sources.models import RawRecord, Source, SourceKind
from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.runs import begin_run

FORMAT: Final = "json"
CREATED, UPDATED, UNCHANGED, DELETED, REFUSED = (
    "created", "updated", "unchanged", "deleted", "refused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """One record to take (`data` with the bytes it came as) or to delete (`data` is None)."""

    identifier: str
    data: Mapping[str, Any] | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class NoOperation:
    """A place of a batch where there is none; `reason` never repeats what stands there."""

    reason: str


@dataclass(slots=True)
class Outcome:
    """What came of one operation."""

    identifier: str
    outcome: str
    lines: list[Line] = field(default_factory=list)


class _Kept(Report):
    """A report that is answered with, and makes no file."""

    def __init__(self) -> None:
        Report.__init__(self, Path(), "push")
        self.lines: list[Line] = []

    def _write(self, line: Line) -> None:
        self.lines.append(line)
        self.waiting.append(line)


def push(source: Source, operations: Iterable[Operation | NoOperation]) -> list[Outcome]:
    """Takes the operations in their order, as one run that can be undone; one outcome each.

    Sending the same again changes nothing. What is refused does not stop the others.
    """
    asked = list(operations)
    report = _Kept()
    run = begin_run(source, kind=SourceKind.PUSH)
    arrivals = [_arrival(number, one) for number, one in enumerate(asked, 1)]
    bring_in(arrivals, source=source, run=run, report=report)
    kick("search.sync")
    # An id may be deleted and sent again in one batch: each finds what came of itself.
    # A task and a result may have one id: a record finds its own register's version.
    versions = {
        (raw.identifier, "" if raw.is_tombstone else raw.record_type): raw
        for raw in RawRecord.objects.filter(run=run).order_by("pk").defer("compressed")
    }
    outcomes = []
    for number, one in enumerate(asked, 1):
        lines = [line for line in report.lines if line.line == number]
        identifier = one.identifier if isinstance(one, Operation) else ""
        kind = "" if _is_deletion(one) else _kind(one, source)
        version = versions.get((" ".join(identifier.split()), kind))
        outcomes.append(Outcome(identifier, _outcome(one, lines, version), lines))
    return outcomes


def _arrival(number: int, one: Operation | NoOperation) -> Arrival:
    if isinstance(one, NoOperation):
        return Unreadable(number, one.reason)
    identifier = " ".join(one.identifier.split())
    if not identifier or len(identifier) > ID_LIMIT:
        return Unreadable(
            number,
            _("Mã bản ghi phải có từ 1 đến %(limit)s ký tự.") % {"limit": ID_LIMIT},
        )
    if one.data is None:
        return Deleted(number, identifier)
    raw = one.raw or json.dumps(one.data, ensure_ascii=False).encode("utf-8", "replace")
    return Incoming(number, raw, FORMAT, data=one.data, source_id=identifier)


def _outcome(one: Operation | NoOperation, lines: list[Line], version: RawRecord | None) -> str:
    if any(line.is_refusal for line in lines) or isinstance(one, NoOperation):
        return REFUSED
    if version is None:
        return UNCHANGED
    if _is_deletion(one):
        return DELETED
    return CREATED if version.before is None else UPDATED


def _kind(one: Operation | NoOperation, source: Source) -> str:
    """The register that the record goes into, as the reader decides it."""
    if isinstance(one, NoOperation) or one.data is None:
        return ""
    return kind_of(one.data, source.records_are)


def _is_deletion(one: Operation | NoOperation) -> bool:
    return isinstance(one, Operation) and one.data is None
