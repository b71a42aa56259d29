"""Reading and writing the embedded index."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final

import tantivy

from search.documents import Document
from search.engines import fields
from search.engines.base import DEEPEST, SearchUnavailable, Standing
from search.engines.embedded import schema
from search.engines.embedded.asking import to_tantivy_query
from search.engines.embedded.building import EmbeddedBuilder, building
from search.engines.embedded.schema import SCHEMA
from search.engines.embedded.snapshots import Snapshot, Snapshots, opened
from search.engines.embedded.storage import Storage
from search.engines.embedded.suggesting import near_terms, suggest
from search.engines.embedded.writing import EmbeddedWriter, writing
from search.engines.plan import silent
from search.engines.planning import Asked, Planner
from search.queries import Hit, Narrowing, Query, Results, TermStatistics, TextQuery

_LOCK_SECONDS: Final = 900.0
#: Documents that one step of going through all of them asks for.
_WALKED: Final = 1_000
_SLOTS: Final = 2**62


class EmbeddedEngine:
    def __init__(self, root: str | Path, *, lock_seconds: float = _LOCK_SECONDS) -> None:
        self.storage = Storage(Path(root), lock_seconds=lock_seconds)
        self._snapshots = Snapshots(self.storage)

    # Reading

    def search(self, query: Query) -> Results:
        started = time.perf_counter()
        with self._snapshots.reading() as snapshot:
            asked = Planner(snapshot.statistics).words(query)
            found = self._found(snapshot, asked, query)
            while wider := asked.wider(found.count):
                asked = wider
                found = self._found(snapshot, asked, query)
            hits = [
                _hit(snapshot, address, *asked.parted(score))
                if query.sort == "relevance"
                else _hit(snapshot, address, 0.0)
                for score, address in (found.hits[: query.limit] if _reachable(query) else ())
            ]
            facets = {name: self._counted(snapshot, asked, name) for name in query.facets}
            whole = self._whole(snapshot, asked, query, found.count, hits)
        took = (time.perf_counter() - started) * 1000
        relaxed = asked.is_relaxed and found.count > 0
        return Results(
            hits,
            found.count,
            facets,
            took,
            relaxed,
            asked.understood,
            whole,
            asked.is_translated,
        )

    def candidates(self, query: TextQuery) -> list[Hit]:
        with self._snapshots.reading() as snapshot:
            is_plain = not (query.filters or query.narrowed)
            if query.kinds and is_plain and snapshot.are_most(query.kinds):
                found = self._of_all_kinds(snapshot, query)
                if found is not None:
                    return found
            places = self._ranked(snapshot, query, query.limit)
            return [_hit(snapshot, address, score) for score, address in places]

    def _of_all_kinds(self, snapshot: Snapshot, query: TextQuery) -> list[Hit] | None:
        """The candidates without asking for their kinds; None where too many were of others.

        Where nothing but the terms decides, tantivy passes over whole blocks of documents that cannot
        come among the best, and where nearly all are of these kinds that is most of the work.
        """
        limit = query.limit + query.limit // 10 + 1
        places = self._ranked(snapshot, replace(query, kinds=()), limit)
        # Those behind the wanted number are not read.
        every = (_hit(snapshot, address, score) for score, address in places)
        found = list(islice((hit for hit in every if hit.kind in query.kinds), query.limit))
        return found if len(found) == query.limit or len(places) < limit else None

    def _ranked(
        self, snapshot: Snapshot, query: TextQuery, limit: int
    ) -> list[tuple[float, tantivy.DocAddress]]:
        plan = Planner(snapshot.statistics).text(query)
        found: Any = snapshot.searcher.search(to_tantivy_query(plan), limit, count=False)
        return list(found.hits)

    def suggest(
        self,
        prefix: str,
        kinds: tuple[str, ...] = (),
        limit: int = 8,
        narrowed: tuple[Narrowing, ...] = (),
    ) -> list[Hit]:
        with self._snapshots.reading() as snapshot:
            return suggest(snapshot.searcher, prefix, kinds, limit, narrowed)

    def term_statistics(self, terms: Iterable[str]) -> TermStatistics:
        with self._snapshots.reading() as snapshot:
            frequency = {
                term: snapshot.frequencies[fields.stream_of(term), term] for term in set(terms)
            }
            count = snapshot.searcher.num_docs
            return TermStatistics(count, snapshot.average_length, frequency)

    def near_terms(self, terms: Sequence[str]) -> dict[str, int]:
        with self._snapshots.reading() as snapshot:
            return near_terms(snapshot.searcher, terms)

    def count(self) -> int:
        with self._snapshots.reading() as snapshot:
            return int(snapshot.searcher.num_docs)

    def healthy(self) -> bool:
        try:
            self.storage.current()
            with self._snapshots.reading() as snapshot:
                snapshot.searcher.search(tantivy.Query.all_query(), 1)
        except SearchUnavailable:
            return False
        return True

    def needs_building(self) -> bool:
        return not self.healthy()

    def _found(self, snapshot: Snapshot, asked: Asked, query: Query) -> Any:
        """A page of hits with the exact total (``count``, which tantivy's stubs do not know)."""
        # tantivy wants at least one hit even where only the count matters.
        limit, offset = (max(1, query.limit), query.offset) if _reachable(query) else (1, 0)
        whole = to_tantivy_query(asked.ranked())
        match query.sort:
            case "newest":
                return snapshot.searcher.search(
                    whole, limit, offset=offset, order_by_field="published"
                )
            case "deadline":
                return snapshot.searcher.search(
                    whole,
                    limit,
                    offset=offset,
                    order_by_field="deadline",
                    order=tantivy.Order.Asc,
                )
            case _:
                return snapshot.searcher.search(whole, limit, offset=offset)

    def _whole(
        self, snapshot: Snapshot, asked: Asked, query: Query, total: int, hits: list[Hit]
    ) -> int:
        """How many of the hits hold all of the words; asked of the index where the page cannot tell."""
        if asked.held is not None:
            return asked.held
        if not asked.tiers:
            return total
        if query.sort == "relevance" and len(hits) == total:
            return sum(hit.tier == len(asked.tiers) for hit in hits)
        found: Any = snapshot.searcher.search(to_tantivy_query(silent(asked.whole())), 1)
        return int(found.count)

    def _counted(self, snapshot: Snapshot, asked: Asked, name: str) -> dict[str, int]:
        """Documents by value of the facet, without the facet's own filter."""
        terms = {"terms": {"field": fields.facet_field(name), "size": fields.MOST_FACET_VALUES}}
        whole = to_tantivy_query(asked.plan(without=name))
        answer = snapshot.searcher.aggregate(whole, {name: terms})
        return {
            _value(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[name]["buckets"]
        }

    # Writing

    @contextmanager
    def writer(self) -> Iterator[EmbeddedWriter]:
        with self.storage.locked():
            folder = self.storage.current()
            with writing(opened(folder)) as inner:
                writer = EmbeddedWriter(inner)
                yield writer
                writer.commit()

    def rebuild(self, documents: Iterable[Document], *, unless_healthy: bool = False) -> int:
        with self.storage.locked():
            if unless_healthy and self.healthy():
                return 0
            folder = self.storage.create()
            try:
                index = tantivy.Index(SCHEMA, path=str(folder))
                schema.register_tokenizers(index)
                count = 0
                with writing(index) as inner:
                    for document in documents:
                        inner.add_document(schema.to_tantivy(document))
                        count += 1
                    inner.commit()
            except BaseException:
                self.storage.discard(folder)
                raise
            self.storage.make_current(folder)
            return count

    def builder(self, *, resume: bool = True) -> AbstractContextManager[EmbeddedBuilder]:
        return building(self.storage, resume=resume)

    # Comparing with the rows

    def versions(self, ids: Sequence[str]) -> dict[str, int]:
        slots = {schema.slot_of(document_id): document_id for document_id in ids}
        with self._snapshots.reading() as snapshot:
            wanted = tantivy.Query.term_set_query(SCHEMA, fields.ID, list(slots.values()))
            found = snapshot.searcher.search(wanted, max(1, len(slots)), count=False)
            places = [address for _, address in found.hits]
            held = zip(
                _numbers(snapshot, schema.SLOT, places),
                _numbers(snapshot, fields.VERSION, places),
                strict=True,
            )
            return {slots[slot]: version for slot, version in held}

    def walk(self) -> Iterator[list[tuple[str, int]]]:
        """By even parts of the slots, each from the snapshot that is the newest then."""
        step = _SLOTS // max(1, self.count() // (_WALKED // 2)) + 1
        for low in range(0, _SLOTS, step):
            yield from self._walked(low, low + step - 1)

    def _walked(self, low: int, high: int) -> Iterator[list[tuple[str, int]]]:
        part = tantivy.Query.range_query(SCHEMA, schema.SLOT, tantivy.FieldType.Integer, low, high)
        with self._snapshots.reading() as snapshot:
            found = snapshot.searcher.search(part, _WALKED, count=False)
            if len(found.hits) < _WALKED:
                # Stored text is kept in blocks: neighbours are read together.
                places = sorted(
                    (address for _, address in found.hits), key=lambda at: (at.segment_ord, at.doc)
                )
                versions = _numbers(snapshot, fields.VERSION, places)
                ids = [str(snapshot.searcher.doc(at).get_first(fields.ID)) for at in places]
                batch = list(zip(ids, versions, strict=True))
            else:
                batch = None
        if batch is None:
            middle = (low + high) // 2
            yield from self._walked(low, middle)
            yield from self._walked(middle + 1, high)
        elif batch:
            yield batch

    def generation(self) -> str:
        try:
            return self.storage.current().name
        except SearchUnavailable:
            return ""

    def standing(self) -> Standing:
        with self._snapshots.reading() as snapshot:
            return Standing(
                engine="tantivy",
                version=version("tantivy"),
                generation=snapshot.folder.name,
                documents=int(snapshot.searcher.num_docs),
                size_bytes=self.storage.size(snapshot.folder),
            )


def _hit(snapshot: Snapshot, address: tantivy.DocAddress, score: float, tier: int = 0) -> Hit:
    document_id, title, text, words = snapshot.documents.read(address)
    kind, _, key = document_id.partition(":")
    return Hit(document_id, kind, key, score, title, text, tier, words)


def _numbers(snapshot: Snapshot, name: str, places: Sequence[tantivy.DocAddress]) -> list[int]:
    """A number of each document, without its stored text."""
    return [int(value or 0) for value in snapshot.searcher.fast_field_values(name, list(places))]


def _reachable(query: Query) -> bool:
    return query.offset + query.limit <= DEEPEST


def _value(key: object) -> str:
    """A facet's value as it was given; numbers come back from tantivy as floats."""
    return str(int(key)) if isinstance(key, float) else str(key)
