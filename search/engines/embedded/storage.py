"""The folder of the index: generations, the pointer to the current one, the writer's lock.

A rebuild fills a new generation and then moves the pointer in one step, so readers see the old
index or the new one and nothing between.

    <root>/current          name of the current generation
    <root>/writer.lock      held (flock) by the one writer of all processes
    <root>/g-…/             a tantivy index, with a file ``fingerprint``
"""

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from search.engines.base import SearchUnavailable
from search.engines.embedded.schema import FINGERPRINT

_POINTER: Final = "current"
_LOCK: Final = "writer.lock"
_PREFIX: Final = "g-"
_MARK: Final = "fingerprint"
_BROKEN: Final = "broken"
_POLL_SECONDS: Final = 0.02


class Storage:
    def __init__(self, root: Path, *, lock_seconds: float) -> None:
        self.root = root
        self.lock_seconds = lock_seconds

    def current(self) -> Path:
        """Folder of the current generation, if it was made by this version of the program."""
        try:
            folder = self.root / (self.root / _POINTER).read_text(encoding="ascii").strip()
            fitting = (folder / _MARK).read_text(encoding="ascii") == FINGERPRINT
        except (OSError, UnicodeDecodeError) as error:
            raise SearchUnavailable("the index is missing") from error
        if not fitting:
            raise SearchUnavailable("the index was built by another version")
        if (folder / _BROKEN).exists():
            raise SearchUnavailable("the index is broken")
        return folder

    def pointer_state(self) -> tuple[int, int]:
        """Changes whenever another generation becomes current; cheap enough for every query."""
        try:
            state = (self.root / _POINTER).stat()
        except OSError as error:
            raise SearchUnavailable("the index is missing") from error
        return state.st_mtime_ns, state.st_ino

    def create(self) -> Path:
        """A new, empty generation. Call with the lock held: leftovers of killed ones go."""
        self._sweep()
        folder = self.root / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        folder.mkdir(parents=True)
        (folder / _MARK).write_text(FINGERPRINT, encoding="ascii")
        return folder

    def make_current(self, folder: Path) -> None:
        fresh = self.root / f"{_POINTER}.{folder.name}"
        with fresh.open("w", encoding="ascii") as pointer:
            pointer.write(folder.name)
            pointer.flush()
            os.fsync(pointer.fileno())
        os.replace(fresh, self.root / _POINTER)
        self._sweep()

    def discard(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def declare_broken(self, folder: Path) -> None:
        """Remember damage found while reading, so that the sync rebuilds."""
        try:
            (folder / _BROKEN).touch()
        except OSError:
            return

    def _sweep(self) -> None:
        """Remove all generations but the current; open readers keep their mapped files."""
        try:
            name = (self.root / _POINTER).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            name = ""
        for entry in self.root.iterdir():
            if entry.name.startswith(_PREFIX) and entry.name != name:
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name.startswith(f"{_POINTER}."):
                entry.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock, waiting for it. It goes with its process, even a killed one."""
        deadline = time.monotonic() + self.lock_seconds
        with self._lock_file() as handle:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() > deadline:
                        raise SearchUnavailable("another process holds the index") from error
                    time.sleep(_POLL_SECONDS)
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def _lock_file(self) -> IO[str]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            return (self.root / _LOCK).open("w")
        except OSError as error:
            raise SearchUnavailable("the folder of the index cannot be written") from error
