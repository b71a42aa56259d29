"""What readers see of the index: one commit of it, until there is a newer one."""

import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tantivy

from search.engines import fields
from search.engines.base import SearchUnavailable
from search.engines.embedded import schema
from search.engines.embedded.asking import Frequencies, SearcherStatistics
from search.engines.embedded.storage import Storage

_DAMAGE: Final = re.compile(r"corrupt|checksum|I/?O ?error|does not exist|open", re.IGNORECASE)
#: From this share of the documents on, kinds are looked at only in what was found.
_MOST: Final = 0.9
#: Documents that are remembered, up to 20 KB each with their words.
_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An index as it was at one commit; it never changes."""

    folder: Path
    searcher: tantivy.Searcher
    average_length: float
    frequencies: Frequencies
    documents: "Documents"

    @property
    def statistics(self) -> SearcherStatistics:
        return SearcherStatistics(self.searcher, self.frequencies)

    def are_most(self, kinds: Sequence[str]) -> bool:
        held = sum(self.frequencies[fields.KIND, kind] for kind in kinds)
        return held >= _MOST * int(self.searcher.num_docs)


class Documents:
    """What is stored of a document: one that answers is mostly asked for by several queries at once."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._remembered: dict[tuple[int, int], schema.Stored] = {}

    def read(self, address: tantivy.DocAddress) -> schema.Stored:
        place = address.segment_ord, address.doc
        found = self._remembered.get(place)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = schema.taken_apart(self._searcher.doc(address))
            self._remembered[place] = found
        return found


class Snapshots:
    """The newest snapshot of the generation in use. Threads may ask at once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._guard = threading.Lock()
        self._index: tantivy.Index | None = None
        self._snapshot: Snapshot | None = None
        self._seen: tuple[tuple[int, int], tuple[int, int]] | None = None

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """The newest snapshot; what tantivy cannot read is declared broken, once, for all."""
        snapshot = self._newest()
        try:
            yield snapshot
        except SearchUnavailable:
            raise
        except BaseException as error:
            if not _is_damage(error):
                raise
            self._storage.declare_broken(snapshot.folder)
            raise SearchUnavailable("the index is broken") from error

    def _newest(self) -> Snapshot:
        with self._guard:
            try:
                return self._refreshed()
            except SearchUnavailable:
                # A rebuild may have swapped between reading the pointer and opening.
                self._forget()
                return self._refreshed()

    def _refreshed(self) -> Snapshot:
        pointer = self._storage.pointer_state()
        if self._snapshot is None or self._seen is None or self._seen[0] != pointer:
            folder = self._storage.current()
            self._index = opened(folder)
        else:
            folder = self._snapshot.folder
        seen = (pointer, _commit_state(folder))
        if self._snapshot is not None and self._seen == seen:
            return self._snapshot
        self._storage.current()
        assert self._index is not None
        try:
            self._index.reload()
            searcher = self._index.searcher()
            average = searcher.aggregate(
                tantivy.Query.all_query(), {"mean": {"avg": {"field": fields.LENGTH}}}
            )["mean"]["value"]
        except BaseException as error:
            if not _is_damage(error):
                raise
            self._forget()
            self._storage.declare_broken(folder)
            raise SearchUnavailable("the index is broken") from error
        self._snapshot = Snapshot(
            folder,
            searcher,
            float(average or 0.0),
            Frequencies(searcher),
            Documents(searcher),
        )
        self._seen = seen
        return self._snapshot

    def _forget(self) -> None:
        self._index = self._snapshot = self._seen = None


def opened(folder: Path) -> tantivy.Index:
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
    except (ValueError, OSError) as error:
        raise SearchUnavailable("the index cannot be opened") from error
    schema.register_tokenizers(index)
    return index


def _commit_state(folder: Path) -> tuple[int, int]:
    try:
        state = (folder / "meta.json").stat()
    except OSError as error:
        raise SearchUnavailable("the index is missing") from error
    return state.st_mtime_ns, state.st_ino


def _is_damage(error: BaseException) -> bool:
    """What tantivy says of files it cannot read; a panic is no Exception and has no public type.

    A plain ValueError is a mistake in a query and says nothing of the index.
    """
    if isinstance(error, ValueError):
        return _DAMAGE.search(str(error)) is not None
    return isinstance(error, OSError | zlib.error) or type(error).__name__ == "PanicException"
