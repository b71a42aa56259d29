"""The folder of the index: generations, the pointer to the current one, the writer's lock.

A rebuild fills a new generation and then moves the pointer in one step, so readers see the old
index or the new one and nothing between.

    <root>/current          name of the current generation
    <root>/writer.lock      held (flock) by the one writer of all processes
    <root>/build.lock       held (flock) by the one builder of all processes
    <root>/building         name of the generation that is built step by step, if any
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

from search.engines.base import BuilderBusy, SearchUnavailable
from search.engines.embedded.schema import FINGERPRINT

_POINTER: Final = "current"
_LOCK: Final = "writer.lock"
_BUILD_LOCK: Final = "build.lock"
_BUILDING: Final = "building"
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
        write_durably(self.root / _POINTER, folder.name)
        if self._named(_BUILDING) == folder.name:
            # Built: when another one is current one day, this is nothing to go on with.
            (self.root / _BUILDING).unlink(missing_ok=True)
        self._sweep()

    def building(self) -> Path | None:
        """The generation that a killed builder left behind, if this version can go on with it."""
        folder = self.root / self._named(_BUILDING)
        if folder == self.root or folder.name == self._named(_POINTER):
            return None
        try:
            fitting = (folder / _MARK).read_text(encoding="ascii") == FINGERPRINT
        except (OSError, UnicodeDecodeError):
            return None
        return folder if fitting else None

    def begin_building(self) -> Path:
        """A new generation that sweeping spares. Call with the build lock held."""
        name = f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        write_durably(self.root / _BUILDING, name)
        folder = self.root / name
        folder.mkdir(parents=True)
        (folder / _MARK).write_text(FINGERPRINT, encoding="ascii")
        with self.locked():
            self._sweep()
        return folder

    def size(self, folder: Path) -> int:
        """Bytes of a generation; files may go while they are counted."""
        total = 0
        for entry in folder.iterdir():
            try:
                total += entry.stat().st_size
            except OSError:
                continue
        return total

    def _named(self, pointer: str) -> str:
        try:
            return (self.root / pointer).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def discard(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def declare_broken(self, folder: Path) -> None:
        """Remember damage found while reading, so that the sync rebuilds."""
        try:
            (folder / _BROKEN).touch()
        except OSError:
            return

    def _sweep(self) -> None:
        """Remove all generations but the current and the one being built; open readers keep
        their mapped files."""
        kept = {self._named(_POINTER), self._named(_BUILDING)}
        for entry in self.root.iterdir():
            if entry.name.startswith(_PREFIX) and entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name.startswith(f"{_POINTER}."):
                entry.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock, waiting for it. It goes with its process, even a killed one."""
        deadline = time.monotonic() + self.lock_seconds
        with self._lock_file(_LOCK) as handle:
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

    @contextmanager
    def build_locked(self) -> Iterator[None]:
        """Hold the builder's lock; whoever comes second is told at once."""
        with self._lock_file(_BUILD_LOCK) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BuilderBusy("another process is building the index") from error
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def _lock_file(self, name: str) -> IO[str]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            return (self.root / name).open("w")
        except OSError as error:
            raise SearchUnavailable("the folder of the index cannot be written") from error


def write_durably(path: Path, text: str) -> None:
    """The file holds the old text or the new one, whenever the power goes."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
