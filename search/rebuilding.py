"""A new index from all rows without downtime: build beside, catch up, swap, settle the marks.

The sync goes on meanwhile, on the old index, and marks what it did there. So the marks say nothing
about the new one; what it holds is told by the chunks (`BuiltChunk`). Each step may be killed and run
again:

build    chunks are written, then the documents and the position are kept together; chunks ahead of
         the kept position are dropped when the build goes on
catch up rows whose version is no longer that of their chunk are built again: kept first, then noted,
         so that a chunk can only be behind
swap     the run says that it swaps and readers go over; whether they did is asked of the engine
settle   each mark becomes the version that the new index holds, higher or lower; whatever changed in
         between is thereby behind, and synced next

A mark set too low costs one more sync of the row, and no step sets one too high.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Sum

from marketplace.core import clock
from search.documents import Document, document_id
from search.engines import Engine, get_engine
from search.engines.base import Builder
from search.models import BuiltChunk, IndexRun, leave_tombstones
from search.registry import Source, source, sources

logger = structlog.get_logger(__name__)

MARK: Final = "indexed_version"
#: Rows read at once: databases limit how long one query may be.
CHUNK: Final = 500
#: What a kill costs at most: so many documents, or so many seconds of work.
_KEEP_DOCUMENTS: Final = 20_000
_KEEP_SECONDS: Final = 20.0
_MOST_PASSES: Final = 5
_FEW_CHANGES: Final = 100

#: Called with rows done and rows in all.
Progress = Callable[[int, int], None]
#: Primary key, public id and version of a row as it was before its content was read.
Row = tuple[int, str, int]
State = IndexRun.State


def rebuild_index(
    engine: Engine | None = None, *, resume: bool = True, on_progress: Progress | None = None
) -> int:
    """A new index from all rows; readers keep the old one until it is whole. Goes on where a
    killed rebuild stood. Returns the number of documents.

    Raises:
        BuilderBusy: another process is at it.
        SearchUnavailable: the engine is out of reach.
    """
    count = advance_rebuild(engine or get_engine(), resume=resume, on_progress=on_progress)
    return count or 0


def advance_rebuild(
    engine: Engine,
    *,
    resume: bool = True,
    seconds: float | None = None,
    on_progress: Progress | None = None,
) -> int | None:
    """As `rebuild_index`, but reads rows for about so many seconds only: a tick is short.

    Returns the number of documents, or None where there is more to do.
    """
    if resume and settle_swapped(engine):
        return engine.count()
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    with _building(engine, resume=resume) as (builder, run):
        try:
            build = _Build(builder, run, on_progress, until)
            build.everything()
            if not build.is_whole:
                return None
            build.catch_up()
            IndexRun.objects.filter(pk=run.pk).update(
                state=State.SWAPPING, position=dict(builder.position)
            )
            count = builder.swap()
        except (Exception, KeyboardInterrupt) as error:
            # A killed one stays "running" and is taken up by the tick; one that was stopped is not.
            IndexRun.objects.filter(pk=run.pk).update(
                state=State.FAILED, error=f"{type(error).__name__}: {error}"[:2000]
            )
            raise
        run.refresh_from_db()
        _settle(run, documents=count)
    logger.info("index rebuilt", documents=count)
    return count


def settle_swapped(engine: Engine) -> bool:
    """Sets the marks for a rebuild that was killed after its swap; says whether there was one."""
    run = IndexRun.objects.filter(kind=IndexRun.Kind.REBUILD, state=State.SWAPPING).first()
    if run is None or engine.generation() != run.builder:
        return False
    _settle(run, documents=engine.count())
    return True


@contextmanager
def _building(engine: Engine, *, resume: bool) -> Iterator[tuple[Builder, IndexRun]]:
    """The builder and the run that it belongs to, both new where they do not fit each other."""
    with engine.builder(resume=resume) as builder:
        # The run is looked at with the builder in hand, that is by one process at a time.
        settle_swapped(engine)
        run = _open_run()
        if run.builder == builder.name or not builder.position:
            _begin(run, builder)
            yield builder, run
            return
    with engine.builder(resume=False) as builder:
        run = _open_run()
        _begin(run, builder)
        yield builder, run


def _open_run() -> IndexRun:
    return IndexRun.objects.get_or_create(kind=IndexRun.Kind.REBUILD, finished_at=None)[0]


def _begin(run: IndexRun, builder: Builder) -> None:
    """What the chunks say beyond the kept position was never kept."""
    if run.builder != builder.name:
        run.chunks.all().delete()
    for kind in set(run.chunks.values_list("kind", flat=True)):
        run.chunks.filter(kind=kind, last__gt=builder.position.get(kind, 0)).delete()
    run.builder, run.state, run.error = builder.name, State.RUNNING, ""
    run.started_at = run.started_at or clock.now()
    run.total = sum(entry.model._default_manager.count() for entry in sources())
    run.done = run.chunks.aggregate(done=Sum("count"))["done"] or 0
    run.save()


@dataclass
class _Build:
    builder: Builder
    run: IndexRun
    on_progress: Progress | None
    until: float = float("inf")
    is_whole: bool = False

    def everything(self) -> int:
        """All rows after the kept position, in chunks by key, so that no query stays open."""
        position = dict(self.builder.position)
        chunks: list[BuiltChunk] = []
        waiting, kept_at, read = 0, time.monotonic(), 0
        for entry in sources():
            after = position.get(entry.kind, 0)
            while rows := _rows(entry, after=after):
                for document in built(entry, rows).values():
                    if document is not None:
                        self.builder.add(document)
                chunks.append(
                    BuiltChunk(
                        run=self.run,
                        kind=entry.kind,
                        after=after,
                        last=rows[-1][0],
                        count=len(rows),
                        rows=rows,
                    )
                )
                after = position[entry.kind] = rows[-1][0]
                waiting += len(rows)
                read += len(rows)
                self._tell(len(rows))
                if waiting >= _KEEP_DOCUMENTS or time.monotonic() - kept_at > _KEEP_SECONDS:
                    self._keep(chunks, position)
                    waiting, kept_at = 0, time.monotonic()
                if time.monotonic() > self.until:
                    self._keep(chunks, position)
                    return read
        if chunks:
            self._keep(chunks, position)
        self.is_whole, self.until = True, float("inf")
        return read

    def _keep(self, chunks: list[BuiltChunk], position: dict[str, int]) -> None:
        BuiltChunk.objects.bulk_create(chunks)
        self.builder.keep(position)
        chunks.clear()
        IndexRun.objects.filter(pk=self.run.pk).update(done=self.run.done)

    def _tell(self, rows: int) -> None:
        self.run.done += rows
        if self.on_progress is not None:
            self.on_progress(self.run.done, max(self.run.total, self.run.done))

    def catch_up(self) -> None:
        """Until little changes any more; the rest is behind its mark once that is settled."""
        for _pass in range(_MOST_PASSES):
            if self._changed() + self.everything() <= _FEW_CHANGES:
                return

    def _changed(self) -> int:
        """Builds again what changed since its chunk was read; returns the rows."""
        total = 0
        for chunk in _chunks(self.run):
            entry = source(chunk.kind)
            if entry is None:
                continue
            noted = _noted(chunk)
            now = _rows(entry, after=chunk.after, last=chunk.last)
            changed = [row for row in now if noted.get(row[0]) != row]
            gone = noted.keys() - {pk for pk, _, _ in now}
            if not changed and not gone:
                continue
            documents = built(entry, changed)
            for pk, public_id, _version in (*changed, *(noted[pk] for pk in gone)):
                self.builder.delete(document_id(entry.kind, public_id))
                if document := documents.get(pk):
                    self.builder.add(document)
            self.builder.keep(self.builder.position)
            BuiltChunk.objects.filter(pk=chunk.pk).update(rows=now)
            total += len(changed) + len(gone)
        return total


def built(entry: Source, rows: Iterable[Row]) -> dict[int, Document | None]:
    """Documents by key of those rows that belong in the index; None for one that cannot be built."""
    versions = {pk: version for pk, _public_id, version in rows}
    found = entry.indexable(entry.rows().filter(pk__in=list(versions)))
    documents = {row.pk: entry.document(row) for row in found}
    return {
        pk: document and replace(document, version=versions[pk])
        for pk, document in documents.items()
    }


def _rows(entry: Source, *, after: int, last: int | None = None) -> list[Row]:
    """Their versions are read before their content: what changes in between is done again."""
    chosen = entry.model._default_manager.filter(pk__gt=after).order_by("pk")
    if last is not None:
        chosen = chosen.filter(pk__lte=last)
    found = chosen.values_list("pk", "public_id", "content_version")
    return list(found[:CHUNK] if last is None else found)


def _chunks(run: IndexRun) -> Iterator[BuiltChunk]:
    """One at a time; one that another process has done with meanwhile is passed over."""
    for pk in list(run.chunks.values_list("pk", flat=True)):
        chunk = BuiltChunk.objects.filter(pk=pk).first()
        if chunk is not None:
            yield chunk


def _noted(chunk: BuiltChunk) -> dict[int, Row]:
    return {pk: (pk, public_id, version) for pk, public_id, version in chunk.rows}


def _settle(run: IndexRun, *, documents: int) -> None:
    """The marks say what the new index holds. Idempotent, and harmless beside a running sync."""
    for chunk in _chunks(run):
        entry = source(chunk.kind)
        if entry is not None:
            _settle_chunk(entry, chunk)
    for entry in sources():
        last = run.position.get(entry.kind, 0)
        later = entry.model._default_manager.filter(pk__gt=last, **{f"{MARK}__gt": 0})
        later.update(**{MARK: 0})
    with transaction.atomic():
        run.chunks.all().delete()
        IndexRun.objects.filter(pk=run.pk).update(
            state=State.DONE, finished_at=clock.now(), outcome={"documents": documents}
        )


def _settle_chunk(entry: Source, chunk: BuiltChunk) -> None:
    noted = _noted(chunk)
    rows = entry.model._default_manager.filter(pk__gt=chunk.after, pk__lte=chunk.last)
    marks = dict(rows.values_list("pk", MARK))
    by_version: dict[int, list[int]] = {}
    for pk, mark in marks.items():
        version = noted[pk][2] if pk in noted else 0
        if mark != version:
            by_version.setdefault(version, []).append(pk)
    for version, pks in sorted(by_version.items()):
        entry.model._default_manager.filter(pk__in=pks).update(**{MARK: version})
    if gone := [noted[pk][1] for pk in noted.keys() - marks.keys()]:
        leave_tombstones(entry.kind, gone)
