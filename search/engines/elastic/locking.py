"""One writer, and one builder, over all processes: a document that only its owner may change.

No clock decides. The owner changes the document again and again, by a thread of its own; a process
that waits watches it, and takes it over when it has stood still for the whole lease. The former
owner, should it only have slept, finds out before it writes.
"""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from elasticsearch import BadRequestError, ConflictError, Elasticsearch

from search.engines.base import BuilderBusy, SearchUnavailable
from search.engines.elastic.connection import Connection

WRITER: Final = "writer"
BUILDER: Final = "builder"

_POLL_SECONDS: Final = 0.1
#: Signs of life in one lease.
_BEATS: Final = 10

Version = tuple[int, int]


class Held:
    """The lock while it is ours. ``check`` before whatever only its owner may do."""

    def __init__(
        self, connection: Connection, index: str, name: str, owner: str, version: Version
    ) -> None:
        self._connection = connection
        self._index, self._name, self._owner = index, name, owner
        self._version = version
        self._guard = threading.Lock()
        self._lost = False
        self._ended = threading.Event()
        self._pulse = threading.Thread(target=self._beating, daemon=True)
        self._pulse.start()

    def check(self) -> None:
        """
        Raises:
            SearchUnavailable: another process has taken the lock over, or the server is away.
        """
        if not self._changed(self._owner):
            raise SearchUnavailable("another process has taken the index over")

    def free(self) -> None:
        self._ended.set()
        self._pulse.join()
        # Out of reach, the lock ends by itself.
        with suppress(SearchUnavailable):
            self._changed("")

    def _beating(self) -> None:
        while not self._ended.wait(self._connection.address.lease / _BEATS):
            with suppress(SearchUnavailable):
                self._changed(self._owner)

    def _changed(self, owner: str) -> bool:
        with self._guard, self._connection.writing() as client:
            if not self._lost:
                try:
                    self._version = _write(client, self._index, self._name, owner, self._version)
                except ConflictError:
                    self._lost = True
            return not self._lost


@contextmanager
def locked(connection: Connection, index: str, name: str = WRITER) -> Iterator[Held]:
    """Waits for the writer's lock; does not wait for a builder that lives.

    Raises:
        BuilderBusy: another process is building.
        SearchUnavailable: another process holds the lock and goes on, or the server is away.
    """
    held = _take(connection, index, name)
    try:
        yield held
    finally:
        held.free()


def _take(connection: Connection, index: str, name: str) -> Held:
    owner = uuid.uuid4().hex
    deadline = time.monotonic() + connection.address.lock
    seen: Version | None = None
    standing_since = 0.0
    while True:
        with connection.writing() as client:
            version, holder = _read(client, index, name)
            if version != seen:
                if holder and seen is not None and name == BUILDER:
                    raise BuilderBusy("another process is building the index")
                seen, standing_since = version, time.monotonic()
            is_left = time.monotonic() - standing_since > connection.address.lease
            if not holder or is_left:
                try:
                    mine = _write(client, index, name, owner, version)
                except ConflictError:
                    continue
                return Held(connection, index, name, owner, mine)
        if time.monotonic() > deadline:
            raise SearchUnavailable("another process holds the index")
        time.sleep(_POLL_SECONDS)


def _read(client: Elasticsearch, index: str, name: str) -> tuple[Version, str]:
    """Version and owner; what is not there yet is made."""
    found = client.options(ignore_status=404).get(index=index, id=name)
    if found.meta.status == 404:
        try:
            client.indices.create(
                index=index,
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                mappings={"dynamic": False},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        client.options(ignore_status=409).create(index=index, id=name, document={"owner": ""})
        found = client.get(index=index, id=name)
    return (found["_seq_no"], found["_primary_term"]), found["_source"]["owner"]


def _write(client: Elasticsearch, index: str, name: str, owner: str, version: Version) -> Version:
    # Not repeated by itself: of a change that was made but not answered the repetition would fail.
    answer: Any = client.options(max_retries=0, retry_on_timeout=False).index(
        index=index,
        id=name,
        document={"owner": owner},
        if_seq_no=version[0],
        if_primary_term=version[1],
    )
    return answer["_seq_no"], answer["_primary_term"]
