"""Keeping the index true to the rows: the stage ``indexed_version``.

The rows say what is to do, so this may be killed anywhere and run again: first the documents are
committed, then the rows are marked, and doing a row twice changes nothing. The marks are written
while the writer's lock is held, so that of two processes the second finds nothing left to do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.db.models import F, Q, QuerySet

from search.documents import document_id
from search.engines import get_engine
from search.engines.base import BuilderBusy, Writer
from search.models import Tombstone, note_problem
from search.rebuilding import (
    CHUNK,
    MARK,
    Row,
    advance_rebuild,
    built,
    rebuild_index,
    settle_swapped,
)
from search.registry import Source, sources

__all__ = ["rebuild_index", "stale_count", "sync_all", "sync_batch"]

logger = structlog.get_logger(__name__)

BATCH: Final = 500
#: So long a missing index is worked at before the tick shows that it lives.
_SLICE_SECONDS: Final = 20.0

Progress = Callable[[int], None]


@dataclass
class _Done:
    """Versions that the index holds, by source; written as marks once they are committed."""

    versions: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, source: Source, pk: int, version: int) -> None:
        self.versions.setdefault(source.kind, []).append((pk, version))

    def mark(self) -> int:
        for source in sources():
            if self.versions.get(source.kind):
                source.model.mark_done(MARK, self.versions[source.kind])
        return sum(map(len, self.versions.values()))


def sync_batch(limit: int = BATCH) -> int:
    """Bring up to ``limit`` stale rows into, or out of, the index; 0 means that all is done.

    What must leave the index goes first: a page that hides what it found is no page to be proud
    of. An index that is missing, broken or of an older version is built anew from all rows; while
    another process does that, there is nothing to do here.
    """
    engine = get_engine()
    if engine.needs_building():
        try:
            count = advance_rebuild(engine, seconds=_SLICE_SECONDS)
        except BuilderBusy:
            return 0
        if count != 0:
            return count or 1  # rows were read, and there are more
    settle_swapped(engine)
    if not _has_work():
        return 0
    done = _Done()
    with engine.writer() as writer:
        tombstones = list(Tombstone.objects.order_by("pk")[:limit])
        for stone in tombstones:
            writer.delete(document_id(stone.kind, stone.key))
        left = limit - len(tombstones)
        for choose in (_leaving, _stale):
            for source in sources():
                if left > 0:
                    left -= _write(source, choose(source), writer, left, done)
        writer.commit()
        count = done.mark()
        Tombstone.objects.filter(pk__in=[stone.pk for stone in tombstones]).delete()
    return count + len(tombstones)


def sync_all(*, on_progress: Progress | None = None, limit: int = BATCH) -> int:
    """Until nothing is stale; returns the rows it did."""
    total = 0
    while count := sync_batch(limit):
        total += count
        if on_progress is not None:
            on_progress(total)
    return total


def stale_count() -> int:
    """Rows and tombstones that wait for the index."""
    return sum(_stale(source).count() for source in sources()) + Tombstone.objects.count()


def waiting(source: Source) -> int:
    return _stale(source).count()


def _behind() -> Q:
    return Q(**{f"{MARK}__lt": F("content_version")})


def _stale(source: Source) -> QuerySet[Any]:
    return source.model._default_manager.filter(_behind())


def _leaving(source: Source) -> QuerySet[Any]:
    """Stale rows that were in the index and may not be there any more."""
    was_in = _stale(source).filter(**{f"{MARK}__gt": 0})
    return was_in.exclude(pk__in=source.indexable(was_in).values("pk"))


def _has_work() -> bool:
    return Tombstone.objects.exists() or any(_stale(source).exists() for source in sources())


def _write(source: Source, rows: QuerySet[Any], writer: Writer, limit: int, done: _Done) -> int:
    """The versions are read before the content: a change in between is done again, never lost."""
    written = {pk for pk, _version in done.versions.get(source.kind, ())}
    stale: list[Row] = [
        row
        for row in rows.order_by("pk").values_list("pk", "public_id", "content_version")[
            : limit + len(written)
        ]
        if row[0] not in written
    ][:limit]
    for start in range(0, len(stale), CHUNK):
        chunk = stale[start : start + CHUNK]
        documents = built(source, chunk)
        for pk, public_id, version in chunk:
            document = documents.get(pk)
            if document is None:
                writer.delete(document_id(source.kind, public_id))
                if pk in documents:
                    note_problem("build", "unbuildable", subject=f"{source.kind}:{public_id}")
            else:
                writer.add(document)
            done.add(source, pk, version)
    return len(stale)
