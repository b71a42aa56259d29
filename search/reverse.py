"""Reverse search: which of the stored queries do new documents answer?

The queries are run over a scratch index of the new documents alone, with the embedded engine and
the product's own analysis, whichever engine the product itself uses. That needs no percolator, and
a stored query is read exactly as the search page reads it.
"""

import shutil
import tempfile
import time
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from search.documents import Document
from search.engines import Engine
from search.queries import Query
from search.searching import find

Name = TypeVar("Name", bound=Hashable)

_PREFIX: Final = "exchange-scratch-"
#: A folder left by a killed process is removed when it is this old.
_LEFT_SECONDS: Final = 6 * 3600
_LOCK_SECONDS: Final = 60.0
#: Hits asked for at once: of most queries that is all.
_PAGE: Final = 500


def matching_queries(
    documents: Iterable[Document], queries: Iterable[tuple[Name, Query]]
) -> Iterator[tuple[Name, list[str]]]:
    """Each query that some of the documents answer, with the ids of these documents."""
    with scratch_index(documents) as engine:
        for name, query in queries:
            if found := answering(query, engine=engine).ids:
                yield name, found


@contextmanager
def scratch_index(documents: Iterable[Document]) -> Iterator[Engine]:
    """An index of these documents alone, gone at the end of the block."""
    # An engine is imported only where it is used.
    from search.engines.embedded import EmbeddedEngine  # noqa: PLC0415

    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        engine = EmbeddedEngine(folder, lock_seconds=_LOCK_SECONDS)
        engine.rebuild(documents)
        yield engine


@dataclass(frozen=True, slots=True)
class Answers:
    """Ids of documents that answer a query, the newest first; ``total`` counts those left out too."""

    ids: list[str]
    total: int


def answering(query: Query, *, engine: Engine, most: int | None = None) -> Answers:
    """The documents that the search page would list for this query by itself, at most ``most``.

    Where nothing holds enough of the words the page shows what holds any of them; among a few new
    documents that would be nearly always, and it is no answer. So here it counts as nothing.
    """
    # By date, since an order by relevance costs a second stage that changes no set of hits.
    asked = replace(query, sort="newest", offset=0, limit=most or _PAGE, facets=())
    results = find(asked, engine=engine)
    if results.relaxed:
        return Answers([], 0)
    found = [hit.id for hit in results.hits]
    if most is None and results.total > len(found):
        rest = replace(asked, offset=len(found), limit=results.total - len(found))
        found += [hit.id for hit in find(rest, engine=engine).hits]
    return Answers(found, results.total)


def _sweep() -> None:
    oldest = time.time() - _LEFT_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
