"""Lists that a query is read with: kept by an application, compiled once, followed by their version."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Generic, TypeVar

import structlog

logger = structlog.get_logger(__name__)

#: So long a process goes on with the list it has before it asks for the list's version.
FRESH_SECONDS: Final = 1.0

Entry = TypeVar("Entry")
Table = TypeVar("Table")

#: A cheap question whose answer changes with the list.
Version = Callable[[], object]


class ListInUse(Generic[Entry, Table]):
    """The list in use; one of its own in every process.

    Args:
        name: what the log calls it.
        compiled: makes of the entries what queries are read with.
        shipped: the entries that serve until an application hands in its own, and where those
            cannot be read. They are compiled when first needed, and once.
    """

    def __init__(
        self,
        name: str,
        compiled: Callable[[Iterable[Entry]], Table],
        shipped: Callable[[], Iterable[Entry]],
    ) -> None:
        self.name = name
        self.compiled = compiled
        self.shipped = shipped
        self.entries: Callable[[], Iterable[Entry]] | None = None
        self.version: Version | None = None
        self._shipped_from: object = None
        self._shipped_table: Table | None = None
        self._tried: ContextVar[Table | None] = ContextVar(f"{name} tried", default=None)
        self._table: Table | None = None
        self._known: object = None
        self._asked_at = float("-inf")
        self._is_unread = False

    def current(self) -> Table:
        tried = self._tried.get()
        if tried is not None:
            return tried
        is_fresh = time.monotonic() - self._asked_at < FRESH_SECONDS
        if self._table is not None and (self.entries is None or is_fresh):
            return self._table
        if self.entries is not None and not is_fresh:
            self._follow(self.entries)
        if self._table is None:
            self._table = self._of(self.shipped())
        return self._table

    def _follow(self, entries: Callable[[], Iterable[Entry]]) -> None:
        try:
            version = self.version() if self.version else object()
            if version != self._known:
                self._table, self._known = self._of(entries()), version
            self._is_unread = False
        except Exception as error:  # noqa: BLE001 - a list that cannot be read must stop no search
            # Once an outage: it is asked for every second.
            if not self._is_unread:
                logger.warning("list not read", list=self.name, error=type(error).__name__)
            self._is_unread = True
        self._asked_at = time.monotonic()

    def _of(self, entries: Iterable[Entry]) -> Table:
        """The table of these entries; that of the shipped ones is kept for good."""
        if self._shipped_table is not None and entries is self._shipped_from:
            return self._shipped_table
        table = self.compiled(entries)
        if entries is self.shipped():
            self._shipped_from, self._shipped_table = entries, table
        return table

    def forget(self) -> None:
        """What a process knows of the list; the next query asks for it."""
        self._table, self._known = None, None
        self._asked_at, self._is_unread = float("-inf"), False

    def set_provider(
        self,
        entries: Callable[[], Iterable[Entry]] | None,
        *,
        version: Version | None = None,
        shipped: Callable[[], Iterable[Entry]] | None = None,
    ) -> None:
        self.entries, self.version = entries, version
        if shipped is not None:
            self.shipped = shipped
        self.forget()

    @contextmanager
    def trying(self, entries: Iterable[Entry]) -> Iterator[None]:
        """Queries inside the block, in this thread alone, are read with these entries."""
        token = self._tried.set(self.compiled(entries))
        try:
            yield
        finally:
            self._tried.reset(token)
