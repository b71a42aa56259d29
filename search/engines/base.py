"""What every engine offers. Callers know this and nothing of the engine behind it."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from search.documents import Document
from search.queries import Hit, Query, Results, TermStatistics, TextQuery


class SearchUnavailable(Exception):
    """The index is missing, broken, of another make, or out of reach.

    Pages stay up and say that search is being restored; the sync rebuilds.
    """


class Writer(Protocol):
    """Changes become visible with ``commit``; what is not committed is lost, never half done."""

    def add(self, document: Document) -> None:
        """Add the document, or replace the one with its id."""

    def delete(self, document_id: str) -> None: ...

    def commit(self) -> None: ...


class Engine(Protocol):
    def search(self, query: Query) -> Results: ...

    def candidates(self, query: TextQuery) -> list[Hit]: ...

    def suggest(self, prefix: str, kinds: tuple[str, ...] = (), limit: int = 8) -> list[Hit]:
        """Documents whose title holds the words typed so far, the last one begun.

        Titles that begin with them come first. Hits carry no text: they are shown as titles only.
        """

    def term_statistics(self, terms: Iterable[str]) -> TermStatistics: ...

    def writer(self) -> AbstractContextManager[Writer]:
        """The one writer over all processes; waits until another one is done.

        Leaving the block commits, unless it is left by an exception.
        """

    def rebuild(self, documents: Iterable[Document], *, unless_healthy: bool = False) -> int:
        """Build a new index beside the old one and swap; readers never see it half full.

        Returns the number of documents. With ``unless_healthy`` a process that waited while
        another one rebuilt leaves that index alone and returns 0, without reading any document.
        """

    def count(self) -> int: ...

    def healthy(self) -> bool: ...
