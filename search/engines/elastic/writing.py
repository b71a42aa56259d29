"""Changes on the server: in bulk, slower when it asks for it, each refusal looked at."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import structlog
from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.documents import Document
from search.engines.base import SearchUnavailable
from search.engines.elastic.connection import Connection
from search.engines.elastic.indexes import Indexes, to_source
from search.engines.elastic.locking import Held, locked

logger = structlog.get_logger(__name__)

_CHUNK: Final = 500
_CHUNK_BYTES: Final = 8_000_000
#: A server that is asked for too much says so; then we wait 0.2 s, and twice as long each time.
_PATIENT_TRIES: Final = 8
_FIRST_WAIT_SECONDS: Final = 0.2
_LONGEST_WAIT_SECONDS: Final = 10.0
_BUSY: Final = (429, 503)

Action = dict[str, Any]


class ElasticWriter:
    """Gathers changes until ``commit``, of one document the last.

    A commit that is killed in the middle may have made some of its changes; all may be repeated.
    """

    def __init__(self, connection: Connection, indexes: Indexes, held: Held) -> None:
        self._connection = connection
        self._alias = indexes.alias
        self._held = held
        self._actions: dict[str, Action] = {}

    def add(self, document: Document) -> None:
        self._actions[document.id] = _indexing(self._alias, document) | {"require_alias": True}

    def delete(self, document_id: str) -> None:
        self._actions[document_id] = _deleting(self._alias, document_id)

    def commit(self) -> None:
        if not self._actions:
            return
        # Whoever has lost the lock must not write.
        self._held.check()
        send(self._connection, self._actions.values())
        with self._connection.writing() as client:
            client.indices.refresh(index=self._alias)
        self._actions.clear()


class ElasticBuilder:
    """A new index beside the one in use; what ``keep`` has committed survives a kill.

    A kill between documents and position leaves the position behind, never ahead: what is added
    once more replaces itself. While the server takes one bulk, the documents of the next are
    analysed: two halves of the same work, of which neither waits for the other. Bulks go one
    after the other, so that of two changes of a document the later one stays.
    """

    def __init__(
        self,
        connection: Connection,
        indexes: Indexes,
        held: Held,
        name: str,
        position: Mapping[str, int],
    ) -> None:
        self.name = name
        self.position: Mapping[str, int] = dict(position)
        self._connection = connection
        self._indexes = indexes
        self._held = held
        self._actions: dict[str, Action] = {}
        self._sender = ThreadPoolExecutor(max_workers=1)
        self._sending: Future[None] | None = None

    def add(self, document: Document) -> None:
        self._put(document.id, _indexing(self.name, document))

    def delete(self, document_id: str) -> None:
        self._put(document_id, _deleting(self.name, document_id))

    def keep(self, position: Mapping[str, int]) -> None:
        self._send()
        self._arrived()
        with self._connection.writing() as client:
            self._indexes.keep(client, self.name, position)
        self.position = dict(position)

    def swap(self) -> int:
        self._send()
        self._arrived()
        with locked(self._connection, self._indexes.lock) as writing:
            return self.swap_under(writing)

    def swap_under(self, writing: Held) -> int:
        """The swap, with the writer's lock held already."""
        self._send()
        self._arrived()
        self._held.check()
        writing.check()
        with self._connection.writing() as client:
            return self._indexes.swap(client, self.name)

    def close(self) -> None:
        """Nothing is under way any more; what was not kept is of no account."""
        self._sender.shutdown()

    def _put(self, document_id: str, action: Action) -> None:
        self._actions[document_id] = action
        if len(self._actions) >= _CHUNK:
            self._send()

    def _send(self) -> None:
        if self._actions:
            self._arrived()
            self._held.check()
            actions, self._actions = self._actions, {}
            self._sending = self._sender.submit(send, self._connection, actions.values())

    def _arrived(self) -> None:
        """Waits for the bulk that is under way, and raises what became of it."""
        if self._sending is not None:
            sending, self._sending = self._sending, None
            sending.result()


def send(connection: Connection, actions: Iterable[Action]) -> None:
    """All of the actions. A document that the server refuses is logged and is in no index then.

    Raises:
        SearchUnavailable: the server is away, or has been too busy for too long.
    """
    with connection.writing() as client:
        refused = _sent(client, actions)
        if refused:
            _sent(client, [_deleting(index, document_id) for index, document_id in refused])


def _sent(client: Elasticsearch, actions: Iterable[Action]) -> list[tuple[str, str]]:
    refused: list[tuple[str, str]] = []
    answers = streaming_bulk(
        client,
        actions,
        chunk_size=_CHUNK,
        max_chunk_bytes=_CHUNK_BYTES,
        raise_on_error=False,
        max_retries=_PATIENT_TRIES,
        initial_backoff=_FIRST_WAIT_SECONDS,
        max_backoff=_LONGEST_WAIT_SECONDS,
        retry_on_status=_BUSY,
    )
    for ok, answer in answers:
        if not ok:
            ((operation, entry),) = answer.items()
            status = entry.get("status", 500)
            if operation == "delete" and status == 404:
                continue
            if status in _BUSY or status >= 500:
                raise SearchUnavailable("the search server is too busy to take changes")
            if entry.get("error", {}).get("type") == "index_not_found_exception":
                raise SearchUnavailable("the index is missing")
            logger.error("document refused", id=entry["_id"], error=entry.get("error"))
            refused.append((entry["_index"], entry["_id"]))
    return refused


def _indexing(index: str, document: Document) -> Action:
    return {
        "_op_type": "index",
        "_index": index,
        "_id": document.id,
        "_source": to_source(document),
    }


def _deleting(index: str, document_id: str) -> Action:
    return {"_op_type": "delete", "_index": index, "_id": document_id}
