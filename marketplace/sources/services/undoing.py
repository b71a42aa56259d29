"""A run undone as a whole: what it made is withdrawn, what it changed is set back.

What came later is not trampled on. Where a later run has brought the record since, its version stands,
and what *it* would be set back to is now what this run had found; what staff corrected or took down
since stays. Each version says what came of it, so that the rest is found by state: killed at any
point, the next round goes on.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.ticks import kick
from marketplace.research.models import Sourced
from marketplace.sources.models import (
    Conflict,
    Correction,
    RawRecord,
    Run,
    UndoOutcome,
    WaitingCode,
)
from marketplace.sources.registers import REGISTERS, Register
from marketplace.sources.services.values import HELD, put, write_rows
from marketplace.sources.visibility import SET_BY_SOURCES, UNDONE


@transaction.atomic
def ask_undo(run: Run, *, by: Any) -> None:
    """Marks the run as to be undone; the tick `sources.undo` does it.

    Raises InvalidTransition where it is undone, or being undone, already.
    """
    asked = Run.objects.filter(pk=run.pk, undo_asked_at=None).update(
        undo_asked_at=clock.now(), undone_by=by
    )
    if not asked:
        raise InvalidTransition(_("Lần nhập này đã được hoàn tác hoặc đang hoàn tác."))
    run.refresh_from_db()
    audit.record("run.undo_asked", f"run:{run.pk}", by=by)
    kick("sources.undo")


def undo_batch(limit: int = 500) -> int:
    """Undoes the next versions of runs that are to be undone, the newest first; returns how many."""
    waiting = Run.objects.filter(undo_asked_at__isnull=False, undone_at=None)
    run = waiting.order_by("undo_asked_at", "pk").first()
    if run is None:
        return 0
    with transaction.atomic():
        # The run's own row first: an import that still runs under it takes the same lock.
        Run.objects.select_for_update().get(pk=run.pk)
        left = run.raw_records.filter(undo_outcome="").order_by("-pk").defer("compressed")
        raws = list(left.select_related("source")[:limit])
        if not raws:
            _finish(run)
            return 1
        for register in REGISTERS.values():
            if own := [raw for raw in raws if raw.record_type == register.record_type]:
                _Undoing(own, register, clock.now()).undo()
    return len(raws)


def _finish(run: Run) -> None:
    outcomes = dict(
        run.raw_records.order_by().values_list("undo_outcome").annotate(count=Count("pk"))
    )
    left = sum(count for outcome, count in outcomes.items() if outcome != UndoOutcome.UNDONE)
    Run.objects.filter(pk=run.pk).update(undone_at=clock.now(), undo_left=left)
    audit.record("run.undone", f"run:{run.pk}", by="sources.undo", **outcomes)
    kick("sources.uses")
    kick("research.task_states")


class _Undoing:
    """One batch of one run, under the lock of its rows."""

    def __init__(self, raws: list[RawRecord], register: Register, now: datetime) -> None:
        self.raws, self.register, self.now = raws, register, now
        source = raws[0].source
        identifiers = {raw.identifier for raw in raws}
        rows = (
            register.rows(source.slug)
            .select_for_update(of=("self",))
            .filter(source_id__in=identifiers)
        )
        self.rows = {row.source_id: row for row in rows.order_by("pk")}
        self.later = self._later(source.pk, identifiers)
        self.corrections = self._corrections()
        self.changed: dict[str, Sourced] = {}

    def undo(self) -> None:
        spliced: dict[int, RawRecord] = {}
        WaitingCode.objects.open().filter(
            run__in={raw.run_id for raw in self.raws},
            record_type=self.register.record_type,
            identifier__in={raw.identifier for raw in self.raws},
        ).delete()
        for raw in self.raws:
            if later := self._next(raw):
                _splice(raw, later)
                spliced[later.pk] = later
                raw.undo_outcome = UndoOutcome.LATER
            else:
                raw.undo_outcome = self._set_back(raw)
        write_rows(self.changed.values())
        RawRecord.objects.bulk_update(spliced.values(), ["before"], batch_size=200)
        by_outcome: dict[str, list[int]] = {}
        for raw in self.raws:
            by_outcome.setdefault(raw.undo_outcome, []).append(raw.pk)
        for outcome, pks in by_outcome.items():
            RawRecord.objects.filter(pk__in=pks).update(undo_outcome=outcome)

    def _set_back(self, raw: RawRecord) -> str:
        row = self.rows.get(raw.identifier)
        if row is None:
            return UndoOutcome.UNDONE
        is_down_by_staff = (
            row.withdrawn_at is not None and row.withdrawal_reason not in SET_BY_SOURCES
        )
        if raw.before is None:
            if is_down_by_staff:
                return UndoOutcome.WITHDRAWN
            row.withdrawn_at, row.withdrawal_reason = self.now, UNDONE
            # The same record may come again: then it is news.
            row.content_hash = ""
            self.changed[raw.identifier] = row
            return UndoOutcome.UNDONE
        outcome = UndoOutcome.UNDONE
        corrections = {one.field: one for one in self.corrections.get(row.pk, ())}
        for name, value in raw.before.items():
            if name in HELD and is_down_by_staff:
                outcome = UndoOutcome.WITHDRAWN
            elif correction := corrections.get(name):
                # What the correction stands over is again what it was before this run.
                Correction.objects.filter(pk=correction.pk).update(over_value=value)
                outcome = UndoOutcome.PARTLY
            else:
                put(row, name, value)
        self._withdraw_conflicts(raw)
        self.changed[raw.identifier] = row
        return outcome

    def _withdraw_conflicts(self, raw: RawRecord) -> None:
        """What this version differed in is no question any more; a correction it ended stands again."""
        found = Conflict.objects.filter(raw_record=raw)
        ended = found.filter(state=Conflict.State.TAKEN, decided_by=None)
        Correction.objects.filter(conflicts__in=ended).update(ended_at=None)
        found.filter(state=Conflict.State.OPEN).update(
            state=Conflict.State.GONE, decided_at=self.now
        )
        ended.update(state=Conflict.State.GONE, decided_at=self.now)

    def _later(self, source: int, identifiers: Iterable[str]) -> dict[str, list[RawRecord]]:
        """Versions that stand and are newer than the oldest of this batch, the oldest first."""
        found: dict[str, list[RawRecord]] = {}
        own = {raw.pk for raw in self.raws}
        newer = RawRecord.objects.filter(
            source=source,
            identifier__in=identifiers,
            record_type=self.register.record_type,
            pk__gt=min(own),
            undo_outcome="",
        )
        for raw in newer.order_by("pk").defer("compressed"):
            if raw.pk not in own:
                found.setdefault(raw.identifier, []).append(raw)
        return found

    def _next(self, raw: RawRecord) -> RawRecord | None:
        later = self.later.get(raw.identifier, ())
        return next((one for one in later if one.pk > raw.pk), None)

    def _corrections(self) -> dict[int, list[Correction]]:
        found: dict[int, list[Correction]] = {}
        rows = [row.pk for row in self.rows.values()]
        standing = Correction.objects.standing().of(self.register.model, rows)
        for correction in standing.order_by("pk"):
            found.setdefault(correction.record_id, []).append(correction)
        return found


def _splice(raw: RawRecord, later: RawRecord) -> None:
    """The later version is from now on the one that came upon what this one had found."""
    if raw.before is None or later.before is None:
        later.before = None
    else:
        later.before = {**later.before, **raw.before}
