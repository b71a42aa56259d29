"""The stage `listed_version`: keeping the list of what is given out true to the rows."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from marketplace.api.kinds import KINDS, MARK, RecordKind
from marketplace.api.models import PublishedRecord
from marketplace.core import clock
from marketplace.sources.visibility import NOT_PUBLIC

BATCH: Final = 500


def list_batch(limit: int = BATCH) -> int:
    """Notes up to `limit` changed rows, or that they are gone; 0 means that all is noted.

    Runs under its tick's lease alone, and what it writes is committed with its mark, so it may be
    killed anywhere. The version is read before the content: a change in between is done again.
    """
    for kind in KINDS.values():
        stale = list(
            kind.rows()
            .stale(MARK)
            .order_by("pk")
            .values_list("pk", "public_id", "content_version")[:limit]
        )
        if stale:
            with transaction.atomic():
                _note(kind, {public_id: pk for pk, public_id, _version in stale})
                kind.model.mark_done(MARK, [(pk, version) for pk, _key, version in stale])
            return len(stale)
    return 0


def _note(kind: RecordKind, changed: dict[str, int]) -> None:
    public = {row.pk: row for row in kind.public().filter(pk__in=changed.values())}
    known = {
        record.key: record
        for record in PublishedRecord.objects.filter(kind=kind.name, key__in=changed)
    }
    kept = {
        row.pk: row
        for row in kind.rows().filter(pk__in=changed.values(), withdrawal_reason=NOT_PUBLIC)
    }
    position, datestamp = _next_place()
    records = []
    for key, pk in changed.items():
        row, record = public.get(pk), known.get(key)
        shown = row or kept.get(pk)
        if shown is None and (record is None or (record.is_deleted and not record.shared_by)):
            continue  # nobody was ever told of it, or was told that it is gone
        record = record or PublishedRecord(kind=kind.name, key=key, was_public=False)
        record.position, record.datestamp = position, datestamp
        record.is_deleted = row is None
        record.was_public |= row is not None
        if pk in kept:
            # Kept when it goes: who read it there is told so.
            record.shared_by = kept[pk].source
        if shown is not None:
            record.sets = f"|{'|'.join(dict.fromkeys(kind.sets(shown)))}|"
        records.append(record)
        position += 1
    PublishedRecord.objects.bulk_create(
        [record for record in records if record.pk is None], batch_size=500
    )
    PublishedRecord.objects.bulk_update(
        [record for record in records if record.pk is not None],
        ["position", "datestamp", "is_deleted", "was_public", "shared_by", "sets"],
        batch_size=200,
    )


def _next_place() -> tuple[int, datetime]:
    """The next position, and a datestamp that is not before the last one given."""
    last = PublishedRecord.objects.aggregate(position=Max("position"), at=Max("datestamp"))
    now = clock.now().replace(microsecond=0)
    return (last["position"] or 0) + 1, max(now, last["at"] or now)
