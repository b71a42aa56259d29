"""Reading and writing an index on a server."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

from elasticsearch.dsl import Search
from elasticsearch.dsl import aggs as dsl_aggs

from search.documents import Document
from search.engines import fields
from search.engines.base import DEEPEST, SearchUnavailable, Standing
from search.engines.elastic.address import read_address
from search.engines.elastic.asking import ServerStatistics, to_begun_query, to_query
from search.engines.elastic.connection import Connection, Patience
from search.engines.elastic.indexes import Indexes
from search.engines.elastic.locking import BUILDER, locked
from search.engines.elastic.writing import ElasticBuilder, ElasticWriter
from search.engines.plan import Combined, Everything, Node, OneOf, silent
from search.engines.planning import Asked, Planner
from search.engines.suggestions import MOST_EDITS, MOST_NEAR, Begun, is_one_term, suggested
from search.queries import Hit, Narrowing, Query, Results, TermStatistics, TextQuery

#: A server gives no more hits at once (its default ``max_result_window``).
_WINDOW: Final = 10_000
#: Documents that one step of going through all of them asks for.
_WALKED: Final = 1_000
#: All that is kept of a document: to choose among it costs a server more than to send it.
_STORED: Final = True
_TIES: Final[list[Any]] = [{"_seq_no": "asc"}, {fields.ID: "asc"}]
_ORDERS: Final[dict[str, list[Any]]] = {
    "relevance": [{"_score": "desc"}, *_TIES],
    "newest": [{"published": {"order": "desc", "missing": "_last"}}, *_TIES],
    "deadline": [{"deadline": {"order": "asc", "missing": "_last"}}, *_TIES],
}


class ElasticEngine:
    def __init__(self, url: str) -> None:
        self.address = read_address(url)
        self.connection = Connection(self.address)
        self.indexes = Indexes(self.address)

    # Reading

    def search(self, query: Query) -> Results:
        started = time.perf_counter()
        with self.connection.reading() as patience:
            asked = Planner(self._statistics(patience)).words(query)
            answer = self._found(patience, asked, query)
        try:
            with self.connection.reading() as patience:
                while wider := asked.wider(_total(answer)):
                    asked, answer = wider, self._found(patience, wider, query)
        except SearchUnavailable:
            # What was found is an answer, though what lies wider is not known.
            if not _total(answer):
                raise
        hits = answer["hits"]["hits"]
        if query.offset and query.offset + query.limit > _WINDOW:
            with self.connection.reading() as patience:
                hits = self._deep(patience, asked, query)
        took = (time.perf_counter() - started) * 1000
        return Results(
            [
                _hit(hit, *asked.parted(float(hit["_score"])))
                if query.sort == "relevance"
                else _hit(hit)
                for hit in hits
            ],
            _total(answer),
            {name: _counts(answer, name) for name in query.facets},
            took,
            asked.is_relaxed and _total(answer) > 0,
            asked.understood,
            _whole(answer) if asked.held is None else asked.held,
            asked.is_translated,
        )

    def candidates(self, query: TextQuery) -> list[Hit]:
        with self.connection.reading(self.address.patience) as patience:
            plan = Planner(self._statistics(patience)).text(query)
            search = self._search(patience, plan).extra(
                size=query.limit, sort=_ORDERS["relevance"], track_total_hits=False
            )
            return [_hit(hit, float(hit["_score"])) for hit in _asked(search)["hits"]["hits"]]

    def suggest(
        self,
        prefix: str,
        kinds: tuple[str, ...] = (),
        limit: int = 8,
        narrowed: tuple[Narrowing, ...] = (),
    ) -> list[Hit]:
        with self.connection.reading() as patience:

            def answer(wish: Begun, most: int) -> Iterator[Hit]:
                search = (
                    Search(using=patience.client, index=self.indexes.alias)
                    .query(to_begun_query(wish, kinds, narrowed))
                    .params(allow_partial_search_results=False)
                    .source([fields.TITLE_TEXT])
                    .extra(size=most, sort=_ORDERS["relevance"], track_total_hits=False)
                )
                for hit in _asked(search)["hits"]["hits"]:
                    yield _hit(hit, float(hit["_score"]))

            return suggested(prefix, limit, answer)

    def term_statistics(self, terms: Iterable[str]) -> TermStatistics:
        with self.connection.reading() as patience:
            statistics = self._statistics(patience)
            wanted = {term: fields.stream_of(term) for term in terms}
            statistics.prefetch((stream, term) for term, stream in wanted.items())
            return TermStatistics(
                statistics.documents,
                statistics.average_length,
                {term: statistics.frequency(stream, term) for term, stream in wanted.items()},
            )

    def near_terms(self, terms: Sequence[str]) -> dict[str, int]:
        wanted = {
            "field": fields.FOLDED,
            "suggest_mode": "always",
            "max_edits": MOST_EDITS,
            "prefix_length": 1,
            "min_word_length": 1,
            "accuracy": 0.1,
            "sort": "frequency",
            "size": MOST_NEAR,
        }
        asked = [term for term in terms if is_one_term(term)]
        if not asked:
            return {}
        with self.connection.reading() as patience:
            search = Search(using=patience.client, index=self.indexes.alias).extra(size=0)
            for term in asked:
                search = search.suggest(term, term, term=wanted)
            near = {
                str(one["text"]): int(one["freq"])
                for answers in _asked(search)["suggest"].values()
                for found in answers
                for one in found["options"]
            }
            # A term that is there itself is none of its own suggestions.
            statistics = self._statistics(patience)
            statistics.prefetch((fields.FOLDED, term) for term in asked)
            held = {term: statistics.frequency(fields.FOLDED, term) for term in asked}
            return near | {term: count for term, count in held.items() if count}

    def count(self) -> int:
        with self.connection.reading() as patience:
            return int(patience.client.count(index=self.indexes.alias)["count"])

    def healthy(self) -> bool:
        try:
            self.count()
        except SearchUnavailable:
            return False
        return True

    def needs_building(self) -> bool:
        with self.connection.reading(self.address.patience) as patience:
            return not self.indexes.current(patience.client)

    def _statistics(self, patience: Patience) -> ServerStatistics:
        return ServerStatistics(patience, self.indexes.alias, self.address.shards)

    def _search(self, patience: Patience, plan: Node) -> Search[Any]:
        search = Search(using=patience.client, index=self.indexes.alias).query(to_query(plan))
        # Half an answer would count and rank wrongly without saying so.
        options: dict[str, Any] = {"allow_partial_search_results": False}
        if self.address.shards > 1:
            # Rarity is counted over all shards, not in each.
            options["search_type"] = "dfs_query_then_fetch"
        return search.params(**options).source(_STORED)

    def _found(self, patience: Patience, asked: Asked, query: Query) -> dict[str, Any]:
        """A page of hits, the exact total, and the facets, each without its own filter."""
        own = {name: node for name, node in asked.filters.items() if name in query.facets}
        shared = tuple(silent(node) for name, node in asked.filters.items() if name not in own)
        lifted = asked.lifted() if query.sort == "relevance" else ()
        whole = Combined((asked.node, *shared), lifted, asked.refused)
        search = self._search(patience, whole)
        if own:
            search = search.post_filter(to_query(_all(own.values())))
        for name in query.facets:
            others = [node for other, node in own.items() if other != name]
            counted = dsl_aggs.Terms(field=fields.facet_field(name), size=fields.MOST_FACET_VALUES)
            part = dsl_aggs.Filter(to_query(_all(others)))
            part.bucket("values", counted)
            search.aggs[f"{_FACET}{name}"] = part
        if asked.tiers and asked.held is None:
            # The filters of facets are laid on after everything is counted.
            search.aggs[_WHOLE] = dsl_aggs.Filter(to_query(_all([asked.tiers[0], *own.values()])))
        deep = query.offset + query.limit > _WINDOW
        search = search.extra(
            track_total_hits=True,
            sort=_ORDERS[query.sort],
            from_=0 if deep else query.offset,
            size=0 if deep and query.offset else min(query.limit, _WINDOW),
        )
        return _asked(search)

    def _deep(self, patience: Patience, asked: Asked, query: Query) -> list[dict[str, Any]]:
        """Hits behind the server's window, walking there from one window to the next."""
        if query.offset + query.limit > DEEPEST:
            return []
        search = self._search(patience, asked.ranked()).extra(
            track_total_hits=False, sort=_ORDERS[query.sort]
        )
        place, after = 0, None
        while True:
            left = query.offset - place
            step = search.extra(size=min(left or query.limit, _WINDOW))
            if left:
                step = step.source(False)
            if after is not None:
                step = step.extra(search_after=after)
            hits: list[dict[str, Any]] = _asked(step)["hits"]["hits"]
            if not left or not hits:
                return hits
            place, after = place + len(hits), hits[-1]["sort"]

    # Writing

    @contextmanager
    def writer(self) -> Iterator[ElasticWriter]:
        with locked(self.connection, self.indexes.lock) as held:
            with self.connection.writing() as client:
                if not self.indexes.current(client):
                    raise SearchUnavailable("the index is missing")
            writer = ElasticWriter(self.connection, self.indexes, held)
            yield writer
            writer.commit()

    @contextmanager
    def builder(self, *, resume: bool = True) -> Iterator[ElasticBuilder]:
        with locked(self.connection, self.indexes.lock, BUILDER) as held:
            with self.connection.writing() as client:
                found = self.indexes.unfinished(client) if resume else None
                if found is None:
                    self.indexes.sweep(client, builds=True)
                    found = self.indexes.create(client, to_resume=True), {}
            with closing(ElasticBuilder(self.connection, self.indexes, held, *found)) as builder:
                yield builder

    def rebuild(self, documents: Iterable[Document], *, unless_healthy: bool = False) -> int:
        with locked(self.connection, self.indexes.lock) as held:
            if unless_healthy and self.healthy():
                return 0
            with self.connection.writing() as client:
                name = self.indexes.create(client, to_resume=False)
            try:
                with closing(
                    ElasticBuilder(self.connection, self.indexes, held, name, {})
                ) as builder:
                    for document in documents:
                        builder.add(document)
                    return builder.swap_under(held)
            except BaseException:
                self._discard(name)
                raise

    def _discard(self, name: str) -> None:
        """Best effort: what is left behind goes with the next swap."""
        with suppress(SearchUnavailable), self.connection.writing() as client:
            if name not in self.indexes.current(client):
                self.indexes.discard(client, name)

    # Comparing with the rows

    def versions(self, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(ids), _WALKED):
            wanted = OneOf(fields.ID, tuple(ids[start : start + _WALKED]))
            found |= dict(_versions(self._walking(wanted)))
        return found

    def walk(self) -> Iterator[list[tuple[str, int]]]:
        """In the order of ids, each batch from the newest state of the index."""
        after: list[Any] | None = None
        while hits := self._walking(Everything(), after):
            yield list(_versions(hits))
            after = hits[-1]["sort"]

    def _walking(self, wanted: Node, after: list[Any] | None = None) -> list[dict[str, Any]]:
        with self.connection.reading(self.address.patience) as patience:
            search = (
                self._search(patience, Combined(every=(silent(wanted),)))
                .source(False)
                .extra(size=_WALKED, sort=[{fields.ID: "asc"}], docvalue_fields=[fields.VERSION])
            )
            if after is not None:
                search = search.extra(search_after=after)
            hits: list[dict[str, Any]] = _asked(search)["hits"]["hits"]
            return hits

    def generation(self) -> str:
        with self.connection.reading(self.address.patience) as patience:
            return max(self.indexes.current(patience.client), default="")

    def standing(self) -> Standing:
        with self.connection.reading(self.address.patience) as patience:
            alias = self.indexes.alias
            version = patience.client.info()["version"]
            stats = patience.client.indices.stats(index=alias, metric=["store"])
            return Standing(
                engine=str(version.get("distribution", "elasticsearch")),
                version=str(version["number"]),
                generation=max(self.indexes.current(patience.client), default=""),
                documents=int(patience.client.count(index=alias)["count"]),
                size_bytes=int(stats["_all"]["primaries"]["store"]["size_in_bytes"]),
            )


#: Facets are asked for under a name of ours, whatever theirs is.
_FACET: Final = "facet-"
_WHOLE: Final = "whole"


def _all(nodes: Iterable[Node]) -> Node:
    return Combined(every=tuple(silent(node) for node in nodes))


def _asked(search: Search[Any]) -> dict[str, Any]:
    """The plain answer: wrapped hits would cost more than the question."""
    answer: dict[str, Any] = search.execute().to_dict()
    return answer


def _versions(hits: Iterable[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for hit in hits:
        yield str(hit["_id"]), int(hit["fields"][fields.VERSION][0])


def _total(answer: dict[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])


def _whole(answer: dict[str, Any]) -> int:
    counted = answer.get("aggregations", {}).get(_WHOLE)
    return _total(answer) if counted is None else int(counted["doc_count"])


def _counts(answer: dict[str, Any], name: str) -> dict[str, int]:
    buckets = answer["aggregations"][f"{_FACET}{name}"]["values"]["buckets"]
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


def _hit(hit: dict[str, Any], score: float = 0.0, tier: int = 0) -> Hit:
    document_id = str(hit["_id"])
    kind, _, key = document_id.partition(":")
    source = hit["_source"]
    body = source.get(fields.BODY_TEXT, "")  # begun titles come without
    return Hit(document_id, kind, key, score, source[fields.TITLE_TEXT], body, tier)
