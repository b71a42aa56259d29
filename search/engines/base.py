"""What every engine offers. Callers know this and nothing of the engine behind it."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Protocol

from search.documents import Document
from search.queries import Hit, Narrowing, Query, Results, TermStatistics, TextQuery

#: Of pages behind this place only the total is told. Nobody leafs that far, and what an engine sets
#: aside for the pages before, a program does not survive.
DEEPEST: Final = 100_000


class SearchUnavailable(Exception):
    """The index is missing, broken, of another make, or out of reach.

    Pages stay up and say that search is being restored; the sync rebuilds.
    """


_page_began: ContextVar[float | None] = ContextVar("page_began", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """All that is asked in the block is one page's: a server that answers each question a little
    late is not waited for once a question."""
    token = _page_began.set(time.monotonic())
    try:
        yield
    finally:
        _page_began.reset(token)


def page_began() -> float | None:
    """When the page began that asks now, by ``time.monotonic``."""
    return _page_began.get()


class BuilderBusy(SearchUnavailable):
    """Another process builds a new index at this moment."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The index in use, for the people who keep it. ``generation`` names it: another rebuild,
    another name."""

    engine: str
    version: str
    generation: str
    documents: int
    size_bytes: int


class Writer(Protocol):
    """Changes become visible with ``commit``; what is not committed is lost, never half done."""

    def add(self, document: Document) -> None:
        """Add the document, or replace the one with its id."""

    def delete(self, document_id: str) -> None: ...

    def commit(self) -> None: ...


class Builder(Protocol):
    """A new index beside the one in use; what ``keep`` has committed survives a kill.

    ``name`` is the generation that is built, ``position`` the last primary key that was kept, by
    kind of source. Leaving the block without ``swap`` keeps what was kept, for a later resume.
    """

    name: str
    position: Mapping[str, int]

    def add(self, document: Document) -> None:
        """Add a document that the new index does not hold yet; ``delete`` it first otherwise."""

    def delete(self, document_id: str) -> None: ...

    def keep(self, position: Mapping[str, int]) -> None:
        """Commit what was added, and how far the build is: both or neither survive a kill."""

    def swap(self) -> int:
        """Commit, let readers and writers go over to it, and return the number of documents.

        Waits for a writer that is at work on the old index, so that no writer works on both.
        """


class Engine(Protocol):
    def search(self, query: Query) -> Results: ...

    def candidates(self, query: TextQuery) -> list[Hit]: ...

    def suggest(
        self,
        prefix: str,
        kinds: tuple[str, ...] = (),
        limit: int = 8,
        narrowed: tuple[Narrowing, ...] = (),
    ) -> list[Hit]:
        """Documents whose title holds the words typed so far, the last one begun.

        Titles that begin with them come first. Hits carry no text: they are shown as titles only.
        """

    def term_statistics(self, terms: Iterable[str]) -> TermStatistics: ...

    def near_terms(self, terms: Sequence[str]) -> dict[str, int]:
        """Folded terms of documents at most two letters away from one of these (one swapped with its
        neighbour is one letter), with how many hold them. The first letter is the same for all.
        """

    def writer(self) -> AbstractContextManager[Writer]:
        """The one writer over all processes; waits until another one is done.

        Leaving the block commits, unless it is left by an exception.
        """

    def rebuild(self, documents: Iterable[Document], *, unless_healthy: bool = False) -> int:
        """Build a new index beside the old one and swap; readers never see it half full.

        Returns the number of documents. With ``unless_healthy`` a process that waited while
        another one rebuilt leaves that index alone and returns 0, without reading any document.
        """

    def builder(self, *, resume: bool = True) -> AbstractContextManager[Builder]:
        """The one builder over all processes; goes on with a build that was killed, if it fits.

        Raises:
            BuilderBusy: another process is building.
        """

    def versions(self, ids: Sequence[str]) -> dict[str, int]:
        """``Document.version`` of those of the documents that the index holds, by id."""

    def walk(self) -> Iterator[list[tuple[str, int]]]:
        """Id and version of every document, in batches, in any order."""

    def generation(self) -> str:
        """Name of the index in use; empty where there is none."""

    def standing(self) -> Standing: ...

    def count(self) -> int: ...

    def healthy(self) -> bool: ...

    def needs_building(self) -> bool:
        """Is the index missing, broken or of another make, so that building it anew is the cure?

        Raises:
            SearchUnavailable: that cannot be told; of a server that is busy or starting the index
                is as good as it was, and a rebuild would only add to its work.
        """
