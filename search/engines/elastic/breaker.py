"""A server that does not answer is left alone for a while, so that no page waits for it twice."""

import threading
import time
from collections.abc import Callable
from typing import Final

from search.engines.base import SearchUnavailable

_FIRST_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 15.0


class Breaker:
    """Opens at a failure, for a second at first, twice as long after each further one.

    When that time is over a single question goes through; it decides for those after it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._failures = 0
        self._closed_at = 0.0

    def enter(self) -> None:
        """
        Raises:
            SearchUnavailable: the server is being left alone.
        """
        with self._guard:
            if not self._failures:
                return
            now = self._clock()
            if now < self._closed_at:
                raise SearchUnavailable("the search server is out of reach")
            # Until this one has its answer, the others stay out.
            self._closed_at = now + self._seconds()

    def failed(self) -> None:
        with self._guard:
            self._failures += 1
            self._closed_at = self._clock() + self._seconds()

    def succeeded(self) -> None:
        with self._guard:
            self._failures = 0

    def _seconds(self) -> float:
        return min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(self._failures - 1, 10))
