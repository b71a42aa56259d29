"""A new generation, filled step by step beside the one in use, that a killed process can go on with.

How far it is stands in a file beside tantivy's, written before each commit with the position before
and the position after it, and the stamp that tells which of the two the index is at. So it is never
ahead of the commit, nor behind it.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tantivy

from search.documents import Document
from search.engines import fields
from search.engines.base import SearchUnavailable
from search.engines.embedded import schema
from search.engines.embedded.storage import Storage, write_durably

_POSITION: Final = "position.json"
_HEAP_BYTES: Final = 64_000_000


class EmbeddedBuilder:
    def __init__(self, storage: Storage, folder: Path, inner: tantivy.IndexWriter) -> None:
        self._storage, self._folder, self._inner = storage, folder, inner
        self.name = folder.name
        # What the writer says of its last commit is true for one it did not make itself.
        self._stamp = int(inner.commit_opstamp)
        self.position: Mapping[str, int] = _kept(folder, self._stamp)
        self.is_swapped = False

    def add(self, document: Document) -> None:
        self._inner.add_document(schema.to_tantivy(document))

    def delete(self, document_id: str) -> None:
        self._inner.delete_documents_by_term(fields.ID, document_id)

    def keep(self, position: Mapping[str, int]) -> None:
        state = {
            "stamp": self._stamp,
            "before": dict(self.position),
            "after": dict(position),
        }
        write_durably(self._folder / _POSITION, json.dumps(state))
        self._stamp = int(self._inner.commit())
        self.position = dict(position)

    def swap(self) -> int:
        self.keep(self.position)
        # Without waiting, merges are thrown away and small segments pile up.
        self._inner.wait_merging_threads()
        with self._storage.locked():
            self._storage.make_current(self._folder)
        self.is_swapped = True
        index = tantivy.Index.open(str(self._folder))
        return int(index.searcher().num_docs)

    def close(self) -> None:
        """The folder's lock goes with tantivy's writer, so nothing may hold on to that."""
        if not self.is_swapped:
            self._inner.rollback()
        del self._inner


@contextmanager
def building(storage: Storage, *, resume: bool) -> Iterator[EmbeddedBuilder]:
    with storage.build_locked():
        left = storage.building() if resume else None
        opened = _reopened(left) if left is not None else None
        if left is None or opened is None:
            left = storage.begin_building()
            opened = tantivy.Index(schema.SCHEMA, path=str(left))
        schema.register_tokenizers(opened)
        builder = EmbeddedBuilder(storage, left, _writing(opened))
        try:
            yield builder
        finally:
            builder.close()


def _writing(index: tantivy.Index) -> tantivy.IndexWriter:
    try:
        return index.writer(_HEAP_BYTES, 1)
    except ValueError as error:
        raise SearchUnavailable("the new index cannot be written") from error


def _reopened(folder: Path) -> tantivy.Index | None:
    """What a killed process left, or None where it cannot be read: then it is begun anew."""
    try:
        return tantivy.Index.open(str(folder))
    except (ValueError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _kept(folder: Path, stamp: int) -> dict[str, int]:
    try:
        state = json.loads((folder / _POSITION).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    position: dict[str, int] = state["before" if state["stamp"] == stamp else "after"]
    return position
