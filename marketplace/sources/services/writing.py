"""From clean records to rows, each with the bytes it came of, one transaction a batch."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from marketplace.accounts.names import organization_key
from marketplace.accounts.services import find_or_create_organizations
from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.sources.imports.incoming import Deleted
from marketplace.sources.models import RawRecord, Run, Source
from marketplace.sources.models.records import DELETED as TOMBSTONE
from marketplace.sources.services.conflicts import hold_corrections, note_conflicts
from marketplace.sources.services.reading import Batch, Clean
from marketplace.sources.services.runs import note_progress
from marketplace.sources.services.summary import ImportSummary
from marketplace.sources.services.values import HELD, plain, values_before
from marketplace.sources.visibility import DELETED, ENDED_BY_RETURN, hidden_because

_REMEMBERED_ORGANIZATIONS: Final = 200_000
_TRIES: Final = 5


class Writer:
    """Writes the batches of one run; keeps which organisation a name stands for."""

    def __init__(self, source: Source, summary: ImportSummary, run: Run) -> None:
        self.source, self.summary, self.run = source, summary, run
        self.hidden = hidden_because(source)
        self.organizations: dict[str, int] = {}

    def write(self, batch: Batch) -> None:
        if batch.deleted:
            self._delete(batch.deleted)
            return
        hashed = batch.records
        held = Result.objects.filter(content_hash__in=hashed).values_list("content_hash", "source")
        ours: set[str] = set()
        elsewhere: set[str] = set()
        for content_hash, holder in held:
            (ours if holder == self.source.slug else elsewhere).add(content_hash)
        # Whatever needs no lock is done before there is one; of the same file again, that is all.
        fresh = [clean for content_hash, clean in hashed.items() if content_hash not in ours]
        self.summary.unchanged += batch.unchanged + len(hashed) - len(fresh)
        for attempt in range(1, _TRIES + 1):
            try:
                self._write(fresh, elsewhere)
            except IntegrityError:
                # Another import brought one of these in between our look and our insert.
                if attempt == _TRIES:
                    raise
            else:
                return

    def _write(self, fresh: list[Clean], elsewhere: set[str]) -> None:
        """`elsewhere`: hashes of records, ids included, that another source has brought in."""
        now = clock.now()
        with transaction.atomic():
            # The rows are locked from here on: the version written below is the one after theirs.
            known = self._locked(clean.row.source_id for clean in fresh)
            new = [
                clean
                for clean in fresh
                if clean.row.source_id not in known and clean.row.content_hash not in elsewhere
            ]
            changed = [
                clean
                for clean in fresh
                if (row := known.get(clean.row.source_id))
                and row.content_hash != clean.row.content_hash
            ]
            organizations = self._organizations(one.organization for one in (*new, *changed))
            for clean in (*new, *changed):
                # A try that failed has left its key on the row.
                clean.row.pk = None
                clean.row.organization_id = organizations.get(clean.organization)
            self._insert(new, now)
            self.summary.conflicts += self._update(changed, known, now)
            self.summary.created += len(new)
            self.summary.updated += len(changed)
            self.summary.unchanged += len(fresh) - len(new) - len(changed)
            note_progress(self.run, self.summary)
            self.run.save()
        if len(self.organizations) > _REMEMBERED_ORGANIZATIONS:
            self.organizations.clear()
        self.organizations |= organizations  # only what is committed may be remembered

    def _locked(self, source_ids: Iterable[str]) -> dict[str, Result]:
        rows = Result.objects.select_for_update(of=("self",)).filter(
            source=self.source.slug, source_id__in=list(source_ids)
        )
        return {row.source_id: row for row in rows.order_by("pk")}

    def _organizations(self, names: Iterable[str]) -> dict[str, int]:
        """Name → primary key of its organisation, found or made."""
        keys = {name: organization_key(name) for name in names if name}
        known = {
            name: self.organizations[key] for name, key in keys.items() if key in self.organizations
        }
        missing = [name for name in keys if name not in known]
        made = find_or_create_organizations(missing) if missing else {}
        by_name = known | {name: organization.pk for name, organization in made.items()}
        return by_name | {keys[name]: pk for name, pk in by_name.items()}

    def _insert(self, new: list[Clean], now: datetime) -> None:
        for clean in new:
            clean.row.content_version = 1
            if self.hidden:
                clean.row.withdrawn_at, clean.row.withdrawal_reason = now, self.hidden
        Result.objects.bulk_create([clean.row for clean in new])
        RawRecord.objects.bulk_create(self._raw(clean, None, now) for clean in new)

    def _update(self, changed: list[Clean], known: dict[str, Result], now: datetime) -> int:
        """Rows get what their record says now, but for what staff corrected."""
        if not changed:
            return 0
        pairs = [(known[clean.row.source_id], clean.row) for clean in changed]
        for held, row in pairs:
            row.content_version = held.content_version + 1
            row.withdrawn_at, row.withdrawal_reason = held.withdrawn_at, held.withdrawal_reason
            if held.withdrawal_reason in ENDED_BY_RETURN:
                row.withdrawal_reason = self.hidden
                row.withdrawn_at = now if self.hidden else None
        conflicts = hold_corrections(pairs, source=self.source, now=now)
        raws = RawRecord.objects.bulk_create(
            self._raw(clean, values_before(held, row), now)
            for clean, (held, row) in zip(changed, pairs, strict=True)
        )
        found = note_conflicts(conflicts, raws)
        # One statement for rows and their risen version, whatever each of them changed.
        Result.objects.bulk_create(
            [clean.row for clean in changed],
            update_conflicts=True,
            unique_fields=["source", "source_id"],
            update_fields=[*Result.IMPORTED_FIELDS, *HELD, "content_version"],
        )
        return found

    def _raw(self, clean: Clean, before: dict[str, Any] | None, now: datetime) -> RawRecord:
        return RawRecord(
            source=self.source,
            identifier=clean.row.source_id,
            run=self.run,
            format=clean.format,
            compressed=zlib.compress(clean.raw, 1),
            raw_hash=clean.raw_hash,
            content_hash=clean.row.content_hash,
            has_remarks=clean.has_remarks,
            before=before,
            received_at=now,
        )

    def _delete(self, deleted: list[Deleted]) -> None:
        """Tombstones: the rows leave every page and stay, and so does what they were."""
        now = clock.now()
        with transaction.atomic():
            known = self._locked({one.source_id for one in deleted})
            going = [
                row
                for row in known.values()
                if row.withdrawn_at is None or row.withdrawal_reason == self.hidden
            ]
            raws = []
            for row in going:
                before = {name: plain(row, name) for name in (*HELD, "content_hash")}
                raws.append(
                    RawRecord(
                        source=self.source,
                        identifier=row.source_id,
                        run=self.run,
                        format=TOMBSTONE,
                        compressed=b"",
                        before=before,
                        received_at=now,
                    )
                )
            RawRecord.objects.bulk_create(raws)
            Result.objects.filter(pk__in=[row.pk for row in going]).update_content(
                # The record may come again as it was: then it is news.
                withdrawn_at=now,
                withdrawal_reason=DELETED,
                content_hash="",
            )
            self.summary.deleted += len(going)
            self.summary.unchanged += len(deleted) - len(going)
            note_progress(self.run, self.summary)
            self.run.save()
