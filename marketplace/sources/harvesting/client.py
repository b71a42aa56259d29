"""Asking an OAI-PMH server: politely, again where that may help, never for ever."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from marketplace.core.fetching import Fetcher, FetchProblem
from marketplace.sources.formats.oai import Answer, Repository
from marketplace.sources.formats.raw import InputProblem

TRIES: Final = 4
_IN_MEMORY: Final = 4 * 1024 * 1024
#: Longer than this nobody waits: the harvest is left and goes on at a later tick.
PATIENCE: Final = 60.0


class TryLater(InputProblem):
    """The server asks for patience, or does not answer: what is left goes on after `seconds`."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(slots=True)
class Client:
    address: str
    fetcher: Fetcher
    #: Seconds between two requests.
    interval: float = 1.0
    wait: Callable[[float], None] = time.sleep
    _asked_at: float = field(default=float("-inf"))

    def identify(self) -> Repository:
        with self.ask({"verb": "Identify"}) as answer:
            answer.read_all()
        if answer.repository is None:
            raise InputProblem(_("Máy chủ không trả lời yêu cầu Identify của OAI-PMH."))
        return answer.repository

    @contextmanager
    def ask(self, arguments: Mapping[str, str]) -> Iterator[Answer]:
        """The answer, to be read inside the block; it is here whole before the first record is given,
        so that a slow database never keeps a server waiting."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as page:
            self._fetch(self._url(arguments), page)
            page.seek(0)
            yield Answer(page)

    def _url(self, arguments: Mapping[str, str]) -> str:
        parts = urlsplit(self.address)
        query = "&".join(filter(None, (parts.query, urlencode(arguments))))
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))

    def _fetch(self, url: str, page: IO[bytes]) -> None:
        for turn in range(1, TRIES + 1):
            self.wait_until(self._asked_at + self.interval)
            self._asked_at = time.monotonic()
            try:
                page.seek(0)
                page.truncate()
                with self.fetcher.get(url) as fetched:
                    fetched.stream.copy_to(page)
            except FetchProblem as problem:
                if not problem.is_temporary:
                    raise InputProblem(problem.message) from problem
                seconds = problem.retry_after if problem.retry_after is not None else 2.0**turn
                if turn == TRIES or seconds > PATIENCE:
                    raise TryLater(str(problem.message), seconds=max(seconds, 60)) from problem
                self.wait(seconds)
            else:
                return

    def wait_until(self, moment: float) -> None:
        if (seconds := moment - time.monotonic()) > 0:
            self.wait(seconds)
