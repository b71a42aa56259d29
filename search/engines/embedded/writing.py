"""Writing the embedded index, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import tantivy

from search.documents import Document
from search.engines import fields
from search.engines.base import SearchUnavailable
from search.engines.embedded import schema

_HEAP_BYTES: Final = 64_000_000


class EmbeddedWriter:
    def __init__(self, inner: tantivy.IndexWriter) -> None:
        self._inner = inner
        self._changed = False

    def add(self, document: Document) -> None:
        ready = schema.to_tantivy(document)
        self.delete(document.id)
        self._inner.add_document(ready)

    def delete(self, document_id: str) -> None:
        self._inner.delete_documents_by_term(fields.ID, document_id)
        self._changed = True

    def commit(self) -> None:
        if self._changed:
            self._inner.commit()
            self._changed = False


@contextmanager
def writing(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """One indexing thread: the analysis in Python is what takes the time."""
    try:
        inner = index.writer(_HEAP_BYTES, 1)
    except ValueError as error:
        raise SearchUnavailable("the index cannot be written") from error
    try:
        yield inner
    except BaseException:
        inner.rollback()
        raise
    # Without waiting, merges are thrown away and small segments pile up.
    inner.wait_merging_threads()
