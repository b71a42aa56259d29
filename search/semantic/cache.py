"""Vectors of texts on disk, by what the texts say: a data set is read by the model once.

One file a model, of records that all have one length: digest of the text, vector. It only grows, so
whoever is killed has lost one batch at most; a record cut short at the end is dropped.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from search.semantic.port import Encoder

_DIGEST: Final = 16
_BATCH: Final = 256

Progress = Callable[[int], None]


class VectorCache:
    """Passages of one encoder, remembered in `folder`."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.encoder = encoder
        self._path = folder / f"{re.sub(r'[^a-z0-9]+', '-', encoder.name.lower())}.vectors"
        self._record = _DIGEST + encoder.dimensions
        self._found: dict[bytes, bytes] = {}
        self._read()

    def passages(self, texts: Iterable[str], *, on_progress: Progress | None = None) -> list[bytes]:
        """As the encoder's, asking it only for what is not there yet."""
        wanted = [(_digest(text), text) for text in texts]
        missing = {digest: text for digest, text in wanted if digest not in self._found}
        # By length: a batch of like texts goes through the model fastest.
        waiting = sorted(missing.items(), key=lambda item: len(item[1]))
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            vectors = self.encoder.passages([text for _digest, text in batch])
            self._keep([digest for digest, _text in batch], vectors)
            if on_progress is not None:
                on_progress(len(wanted) - len(waiting) + start + len(batch))
        return [self._found[digest] for digest, _text in wanted]

    def _read(self) -> None:
        if not self._path.exists():
            return
        data = self._path.read_bytes()
        whole = len(data) - len(data) % self._record
        if whole != len(data):
            with self._path.open("r+b") as file:
                file.truncate(whole)
        for start in range(0, whole, self._record):
            self._found[data[start : start + _DIGEST]] = data[
                start + _DIGEST : start + self._record
            ]

    def _keep(self, digests: Sequence[bytes], vectors: Sequence[bytes]) -> None:
        with self._path.open("ab") as file:
            file.write(b"".join(map(bytes.__add__, digests, vectors)))
        self._found.update(zip(digests, vectors, strict=True))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest()
