"""The cache of the embedded size: a folder, which is not read through at every write."""

import fcntl
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.cache.backends.filebased import FileBasedCache

#: So many writes, on the average, to one look at how many files there are.
WRITES_A_LOOK: Final = 100


class FolderCache(FileBasedCache):
    """Django's, but for its housekeeping: that lists the whole folder before each write, which makes a
    count of requests the dearer the more is kept, and throws out at random, counts among them.

    The folder may hold about WRITES_A_LOOK more than MAX_ENTRIES. What has run out goes first.
    """

    def add(self, *arguments: Any, **named: Any) -> bool:
        """True for one of those who add at the same moment: locks and counts rest on it."""
        with self._alone():
            return super().add(*arguments, **named)

    def incr(self, *arguments: Any, **named: Any) -> int:
        with self._alone():
            return super().incr(*arguments, **named)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between threads and processes: Django's own reads, and writes a moment later."""
        folder = Path(self._dir)  # type: ignore[attr-defined]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _cull(self) -> None:
        if random.randrange(WRITES_A_LOOK):  # noqa: S311 - housekeeping, no secret
            return
        files = self._list_cache_files()  # type: ignore[attr-defined]
        if len(files) < self._max_entries:
            return
        for name in files:
            self._forget_if_over(name)
        super()._cull()  # type: ignore[misc]

    def _forget_if_over(self, name: Any) -> None:
        # Django's types do not know its own housekeeping; `_is_expired` removes what has run out.
        try:
            with open(name, "rb") as file:
                self._is_expired(file)  # type: ignore[attr-defined]
        except FileNotFoundError:
            pass  # another process was quicker
