"""From clean records to rows, each with the bytes it came of, one transaction a batch."""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from marketplace.accounts.names import organization_key
from marketplace.accounts.services import find_or_create_organization_ids, find_organization_ids
from marketplace.core import clock
from marketplace.core.bulk import BulkInsert
from marketplace.core.text import new_public_id
from marketplace.core.ticks import kick
from marketplace.research.finishing import settle_task_states
from marketplace.research.models import Sourced
from marketplace.sources.imports.incoming import Deleted
from marketplace.sources.models import RawRecord, Run, Source
from marketplace.sources.models.records import DELETED as TOMBSTONE
from marketplace.sources.registers import APPLICATIONS, REGISTERS, RESULTS, TASKS, Register
from marketplace.sources.services.applications import settle_numbered
from marketplace.sources.services.conflicts import hold_corrections, note_conflicts
from marketplace.sources.services.reading import Batch, Clean
from marketplace.sources.services.runs import hold_run, note_progress
from marketplace.sources.services.summary import ImportSummary
from marketplace.sources.services.ties import tie_by_numbers, untie_renumbered
from marketplace.sources.services.values import (
    DERIVED,
    HELD,
    plain,
    put,
    values_before,
    write_rows,
)
from marketplace.sources.services.waiting import note_waiting
from marketplace.sources.visibility import (
    DELETED,
    ENDED_BY_RETURN,
    MERGED,
    UNDONE,
    hidden_because,
)

_REMEMBERED_ORGANIZATIONS: Final = 200_000
_TRIES: Final = 5
_RAW: Final = (
    "source", "identifier", "run", "record_type", "format", "compressed", "raw_hash", "content_hash", "has_remarks",
    "received_at",
)  # fmt: skip


#: Where a record says which task is meant.
_TASK_NUMBER: Final = {RESULTS.record_type: "task_number", TASKS.record_type: "code"}
#: Column → the field that it is made of, and how.
_MADE_OF: Final = {column: (name, derive) for name, (column, derive) in DERIVED.items()}
#: By what a report on the use of a result names it, and what a result is named by.
_RESULT_NUMBERS: Final = {
    RESULTS.record_type: ("archive_number", "result_code", "certificate_number", "source_id"),
    APPLICATIONS.record_type: ("result_number",),
}


class Writer:
    """Writes the batches of one run; keeps which organisation a name stands for."""

    def __init__(
        self, source: Source, summary: ImportSummary, run: Run, deleted_because: str = DELETED
    ) -> None:
        self.source, self.summary, self.run = source, summary, run
        self.deleted_because = deleted_because
        self.hidden = hidden_because(source)
        self.organizations: dict[str, int] = {}
        self.inserts: dict[str, BulkInsert] = {}
        self.raws = BulkInsert(RawRecord, _RAW)

    def write(self, batch: Batch) -> None:
        if batch.deleted:
            self._delete(batch.deleted)
            settle_numbered(())
            kick("research.task_states")
            return
        self.summary.unchanged += batch.unchanged
        for record_type, hashed in batch.records.items():
            self._bring(REGISTERS[record_type], hashed)

    def _bring(self, register: Register, hashed: dict[str, Clean]) -> None:
        rows: Any = register.model._default_manager
        held = rows.filter(content_hash__in=hashed).values_list("content_hash", "source")
        ours: set[str] = set()
        elsewhere: set[str] = set()
        for content_hash, holder in held:
            (ours if holder == self.source.slug else elsewhere).add(content_hash)
        # Whatever needs no lock is done before there is one; of the same file again, that is all.
        fresh = [clean for content_hash, clean in hashed.items() if content_hash not in ours]
        self.summary.unchanged += len(hashed) - len(fresh)
        for attempt in range(1, _TRIES + 1):
            try:
                self._write(register, fresh, elsewhere)
            except IntegrityError:
                # Another import brought one of these in between our look and our insert.
                if attempt == _TRIES:
                    raise
            else:
                break
        self._settle_tasks(register, fresh)
        if fresh and (names := _RESULT_NUMBERS.get(register.record_type)):
            # On its own, as the stage does it: the results of reports are locked before the reports.
            settle_numbered(
                number
                for clean in fresh
                for name in names
                if (number := getattr(clean.record, name))
            )

    def _write(self, register: Register, fresh: list[Clean], elsewhere: set[str]) -> None:
        """`elsewhere`: hashes of records, ids included, that another source has brought in."""
        now = clock.now()
        with transaction.atomic():
            hold_run(self.run)
            # The rows are locked from here on: the version written below is the one after theirs.
            known = self._locked(register, [clean.record.source_id for clean in fresh])
            new = [
                clean
                for clean in fresh
                if clean.record.source_id not in known and clean.content_hash not in elsewhere
            ]
            changed = [
                (row, clean)
                for clean in fresh
                if (row := known.get(clean.record.source_id))
                and row.content_hash != clean.content_hash
            ]
            named = [*new, *(clean for _row, clean in changed)]
            organizations = self._organizations(
                (clean.record.organization for clean in named), register.makes_organizations
            )
            self._insert(register, new, organizations, now)
            self.summary.conflicts += self._update(register, changed, organizations, now)
            self._tie(register, new, changed)
            self.summary.created += len(new)
            self.summary.updated += len(changed)
            self.summary.unchanged += len(fresh) - len(new) - len(changed)
            note_progress(self.run, self.summary)
        if len(self.organizations) > _REMEMBERED_ORGANIZATIONS:
            self.organizations.clear()
        self.organizations |= organizations  # only what is committed may be remembered

    def _settle_tasks(self, register: Register, fresh: list[Clean]) -> None:
        """A task is finished once a result of it is registered; on its own, so that nothing waits for
        a task while it holds results."""
        name = _TASK_NUMBER.get(register.record_type)
        named = [one.record.source_id for one in fresh if name and getattr(one.record, name)]
        if named:
            rows = register.rows(self.source.slug).filter(source_id__in=named)
            settle_task_states(
                rows.values_list("pk", flat=True)
                if register is TASKS
                else rows.exclude(task=None).values_list("task", flat=True)
            )

    def _locked(self, register: Register, source_ids: list[str]) -> dict[str, Any]:
        rows = register.rows(self.source.slug).filter(source_id__in=source_ids)
        return {row.source_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}

    def _tie(
        self, register: Register, new: list[Clean], changed: list[tuple[Sourced, Clean]]
    ) -> None:
        """What hangs on the rows beside their own values: values that wait, tasks of results."""
        fresh = [clean for clean in new if clean.waiting]
        if fresh:
            note_waiting(fresh, register=register, source=self.source, run=self.run, changed=False)
        updated = [clean for _row, clean in changed]
        if updated:
            note_waiting(updated, register=register, source=self.source, run=self.run, changed=True)
        if name := _TASK_NUMBER.get(register.record_type):
            tie_by_numbers(
                number for clean in (*new, *updated) if (number := getattr(clean.record, name))
            )

    def _organizations(self, names: Iterable[str], makes: bool) -> dict[str, int]:
        """Name → primary key of its organisation, found or (where it `makes` them) made."""
        keys = {name: organization_key(name) for name in names if name}
        known = {
            name: self.organizations[key] for name, key in keys.items() if key in self.organizations
        }
        missing = [name for name in keys if name not in known]
        found = find_or_create_organization_ids if makes else find_organization_ids
        by_name = known | (found(missing) if missing else {})
        return by_name | {keys[name]: pk for name, pk in by_name.items()}

    def _insert(
        self, register: Register, new: list[Clean], organizations: dict[str, int], now: datetime
    ) -> None:
        hidden = (now if self.hidden else None, self.hidden)
        insert = self.inserts.get(register.record_type)
        if insert is None:
            given = ("source", "public_id", "imported_at", *HELD, "source_id", *register.imported)
            insert = self.inserts[register.record_type] = BulkInsert(register.model, given)
        insert.insert(
            (
                self.source.slug,
                new_public_id(),
                now,
                *hidden,
                *_values(register, clean, organizations).values(),
            )
            for clean in new
        )
        self.raws.insert(
            (
                self.source.pk,
                clean.record.source_id,
                self.run.pk,
                register.record_type,
                clean.format,
                clean.compressed,
                clean.raw_hash,
                clean.content_hash,
                clean.has_remarks,
                now,
            )
            for clean in new
        )

    def _update(
        self,
        register: Register,
        changed: list[tuple[Any, Clean]],
        organizations: dict[str, int],
        now: datetime,
    ) -> int:
        """Rows get what their record says now, but for what staff corrected."""
        if not changed:
            return 0
        pairs = []
        for held, clean in changed:
            row = copy.copy(held)
            for name, value in _values(register, clean, organizations).items():
                put(row, name, value)
            if held.withdrawal_reason in ENDED_BY_RETURN:
                row.withdrawal_reason = self.hidden
                row.withdrawn_at = now if self.hidden else None
            pairs.append((held, row))
        conflicts = hold_corrections(pairs, source=self.source, now=now)
        raws = RawRecord.objects.bulk_create(
            self._raw(register, clean, _before(held, row), now)
            for (_held, clean), (held, row) in zip(changed, pairs, strict=True)
        )
        found = note_conflicts(conflicts, raws)
        write_rows(row for _held, row in pairs)
        if register is RESULTS:
            untie_renumbered(pairs)
        return found

    def _raw(
        self, register: Register, clean: Clean, before: dict[str, Any] | None, now: datetime
    ) -> RawRecord:
        return RawRecord(
            source=self.source,
            record_type=register.record_type,
            identifier=clean.record.source_id,
            run=self.run,
            format=clean.format,
            compressed=clean.compressed,
            raw_hash=clean.raw_hash,
            content_hash=clean.content_hash,
            has_remarks=clean.has_remarks,
            before=before,
            received_at=now,
        )

    def _delete(self, deleted: list[Deleted]) -> None:
        """Tombstones: the rows leave every page and stay, and so does what they were.

        A source names the record, not its register: a task and its result of one id both go.
        """
        now = clock.now()
        with transaction.atomic():
            hold_run(self.run)
            gone: set[str] = set()
            for register in REGISTERS.values():
                gone |= self._bury(register, {one.source_id for one in deleted}, now)
            self.summary.deleted += len(gone)
            self.summary.unchanged += len(deleted) - len(gone)
            note_progress(self.run, self.summary)

    def _bury(self, register: Register, source_ids: set[str], now: datetime) -> set[str]:
        known = self._locked(register, list(source_ids))
        going = [
            row
            for row in known.values()
            if row.withdrawn_at is None or row.withdrawal_reason in (self.hidden, MERGED)
        ]
        RawRecord.objects.bulk_create(
            RawRecord(
                source=self.source,
                record_type=register.record_type,
                identifier=row.source_id,
                run=self.run,
                format=TOMBSTONE,
                compressed=b"",
                before={name: plain(row, name) for name in (*HELD, "content_hash")},
                received_at=now,
            )
            for row in going
        )
        rows: Any = register.model._default_manager
        rows.filter(pk__in=[row.pk for row in going]).update_content(
            # The record may come again as it was: then it is news.
            withdrawn_at=now,
            withdrawal_reason=self.deleted_because,
            content_hash="",
        )
        return {row.source_id for row in going}


def _before(held: Sourced, row: Sourced) -> dict[str, Any]:
    """A row whose making was undone is made again: whatever it says is from here, changed or not."""
    if held.withdrawal_reason == UNDONE:
        return {name: plain(held, name) for name in (*row.IMPORTED_FIELDS, *HELD)}
    return values_before(held, row)


def _values(register: Register, clean: Clean, organizations: dict[str, int]) -> dict[str, Any]:
    """The columns that a record fills, its id first."""
    record = clean.record
    found: dict[str, Any] = {"source_id": record.source_id}
    for name in register.imported:
        if name == "content_hash":
            found[name] = clean.content_hash
        elif name == "language":
            found[name] = clean.language
        elif name in _MADE_OF:
            made_of, derive = _MADE_OF[name]
            found[name] = derive(getattr(record, made_of))
        elif name == "organization":
            found[name] = organizations.get(record.organization)
        else:
            found[name] = getattr(record, name)
    return found
