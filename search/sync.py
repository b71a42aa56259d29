"""Keeping the index true to the rows: the stage ``indexed_version``.

The rows say what is to do, so this may be killed anywhere and run again: first the documents are
committed, then the rows are marked, and doing a row twice changes nothing. The marks are written
while the writer's lock is held, so that of two processes the second finds nothing left to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.db.models import F, Q

from search.documents import Document, document_id
from search.engines import Engine, get_engine
from search.engines.base import Writer
from search.models import Tombstone
from search.registry import Source, sources

logger = structlog.get_logger(__name__)

MARK: Final = "indexed_version"
BATCH: Final = 500
#: Rows read at once: databases limit how long one query may be.
_CHUNK: Final = 500

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

    An index that is missing, broken or of an older version is built anew from all rows.
    """
    engine = get_engine()
    if not engine.healthy() and (count := rebuild_index(engine, unless_healthy=True)):
        return count
    if not _has_work():
        return 0
    done = _Done()
    with engine.writer() as writer:
        tombstones = list(Tombstone.objects.order_by("pk")[:limit])
        for stone in tombstones:
            writer.delete(document_id(stone.kind, stone.key))
        left = limit - len(tombstones)
        for source in sources():
            if left <= 0:
                break
            left -= _write_stale(source, writer, left, done)
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


def rebuild_index(
    engine: Engine | None = None,
    *,
    unless_healthy: bool = False,
    on_progress: Progress | None = None,
) -> int:
    """A new index from all rows; readers keep the old one until it is whole.

    What changes meanwhile has a version ahead of the one marked here and is synced next.
    """
    engine = engine or get_engine()
    done = _Done()
    count = engine.rebuild(_documents(done, on_progress), unless_healthy=unless_healthy)
    done.mark()
    logger.info("index rebuilt", documents=count)
    return count


def stale_count() -> int:
    """Rows and tombstones that wait for the index."""
    waiting = sum(source.model._default_manager.filter(_behind()).count() for source in sources())
    return waiting + Tombstone.objects.count()


def _behind() -> Q:
    return Q(**{f"{MARK}__lt": F("content_version")})


def _has_work() -> bool:
    return Tombstone.objects.exists() or any(
        source.model._default_manager.filter(_behind()).exists() for source in sources()
    )


def _write_stale(source: Source, writer: Writer, limit: int, done: _Done) -> int:
    """The versions are read before the content: a change in between is done again, never lost."""
    stale = list(
        source.model._default_manager.filter(_behind())
        .order_by("pk")
        .values_list("pk", "public_id", "content_version")[:limit]
    )
    for start in range(0, len(stale), _CHUNK):
        chunk = stale[start : start + _CHUNK]
        rows = source.indexable(source.rows().filter(pk__in=[pk for pk, _, _ in chunk]))
        documents = {row.pk: source.document(row) for row in rows}
        for pk, public_id, version in chunk:
            document = documents.get(pk)
            if document is None:
                writer.delete(document_id(source.kind, public_id))
            else:
                writer.add(document)
            done.add(source, pk, version)
    return len(stale)


def _documents(done: _Done, on_progress: Progress | None) -> Iterator[Document]:
    """All documents, in chunks by key, so that no query stays open for the whole of it."""
    total = 0
    for source in sources():
        last = 0
        while True:
            versions = dict(
                source.model._default_manager.filter(pk__gt=last)
                .order_by("pk")
                .values_list("pk", "content_version")[:_CHUNK]
            )
            if not versions:
                break
            last = max(versions)
            for row in source.indexable(source.rows().filter(pk__in=list(versions))):
                document = source.document(row)
                if document is not None:
                    yield document
                    total += 1
            for pk, version in versions.items():
                done.add(source, pk, version)
            if on_progress is not None:
                on_progress(total)
