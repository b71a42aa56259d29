"""The passages of the database in the memory of this process, brought up to date at each question."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from search.documents import document_id
from search.models import Passage, PassageState
from search.semantic.port import Encoder
from search.semantic.vectors import Entry, Vectors

#: What is read at once: as rows and entries a vector takes several times its bytes.
_CHUNK: Final = 10_000


class PassageIndex:
    """All vectors of one encoder. Other processes write the table; a number in it tells of changes."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._vectors = Vectors(encoder.dimensions)
        self._change = -1
        self._lock = threading.Lock()

    def vectors(self) -> Vectors:
        """As the table is now: what left it is not found any more."""
        with self._lock:
            change = PassageState.current()
            if change != self._change:
                self._follow()
                self._change = change
        return self._vectors

    def _follow(self) -> None:
        rows = Passage.objects.filter(model=self.encoder.name).exclude(vector=b"")
        new = rows.filter(pk__gt=self._vectors.newest).order_by("pk")
        # More room than that costs nothing before it is used, and copying all to make some does.
        self._vectors.reserve(rows.count() * 5 // 4)
        found = iter(new.values_list("pk", "kind", "key", "language", "vector").iterator(_CHUNK))
        while entries := list(islice(_entries(found), _CHUNK)):
            self._vectors.add(entries)
        if len(self._vectors) != rows.count():
            self._vectors.keep(rows.values_list("pk", flat=True).iterator(_CHUNK))


def _entries(rows: Iterator[tuple[int, str, str, str, Any]]) -> Iterator[Entry]:
    for number, kind, key, language, vector in rows:
        yield Entry(number, document_id(kind, key), language, bytes(vector))
