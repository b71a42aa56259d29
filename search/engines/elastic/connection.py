"""Reaching the server: the client, its nodes, limits of time, and what its errors mean to us."""

import base64
import dataclasses
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from elastic_transport import HttpHeaders, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import (
    ApiError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
)

from search.engines.base import SearchUnavailable, page_began
from search.engines.elastic.address import Address
from search.engines.elastic.breaker import Breaker

_LEAST_SECONDS: Final = 0.05
#: All questions of a page together, as a share of what one may take.
_PAGE: Final = 1.2
_OVERLOADED: Final = frozenset((429, 502, 503, 504))
_REFUSED: Final = frozenset((401, 403))


class _Node(Urllib3HttpNode):
    """A server that speaks the same API under other media types than the client's."""

    def media_type(self, given: str) -> str:
        raise NotImplementedError

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = DEFAULT,
    ) -> Any:
        sent = HttpHeaders(headers or {})
        for name in ("accept", "content-type"):
            if given := sent.get(name):
                sent[name] = ",".join(map(self.media_type, given.split(",")))
        return super().perform_request(
            method, target, body=body, headers=sent, request_timeout=request_timeout
        )


class OpenSearchNode(_Node):
    """Plain JSON, and the product header that the client looks for."""

    def media_type(self, given: str) -> str:
        return given.split(";")[0].strip().replace("vnd.elasticsearch+", "")

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = DEFAULT,
    ) -> Any:
        answer = super().perform_request(
            method, target, body=body, headers=headers, request_timeout=request_timeout
        )
        seen = HttpHeaders(answer.meta.headers)  # the given ones are frozen
        seen["x-elastic-product"] = "Elasticsearch"
        return answer._replace(meta=dataclasses.replace(answer.meta, headers=seen))


class Elasticsearch8Node(_Node):
    """An older server refuses the newer client's version of the API; its own will do."""

    def media_type(self, given: str) -> str:
        return given.replace("compatible-with=9", "compatible-with=8")


class Connection:
    """Made at the first use in each process: a forked worker must not share sockets."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.breaker = Breaker()
        self._guard = threading.Lock()
        self._client: Elasticsearch | None = None
        self._process = 0

    @property
    def client(self) -> Elasticsearch:
        with self._guard:
            if self._client is None or self._process != os.getpid():
                self._client, self._process = _connect(self.address), os.getpid()
            return self._client

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator["Patience"]:
        """Questions that must all be answered within the time; by default that of a page, or what
        the page's earlier questions have left of it."""
        whole = seconds or self.address.timeout
        began = page_began() if seconds is None else None
        left = whole if began is None else began + _PAGE * whole - time.monotonic()
        if left < _LEAST_SECONDS:
            raise SearchUnavailable("the search server is too slow for a page")
        self.breaker.enter()
        patience = Patience(self.client, min(whole, left))
        # Who had little time left says nothing of the server.
        with _understanding(self.breaker, is_hurried=left < whole / 2):
            yield patience

    @contextmanager
    def writing(self) -> Iterator[Elasticsearch]:
        """Work that no page waits for. Repeating any part of it changes nothing."""
        self.breaker.enter()
        client = self.client.options(
            request_timeout=self.address.patience, max_retries=3, retry_on_timeout=True
        )
        with _understanding(self.breaker):
            yield client


class Patience:
    """Hands out the client with the time that is left."""

    def __init__(self, client: Elasticsearch, seconds: float) -> None:
        self._client = client
        self._until = time.monotonic() + seconds

    @property
    def client(self) -> Elasticsearch:
        left = max(_LEAST_SECONDS, self._until - time.monotonic())
        return self._client.options(request_timeout=left)


@contextmanager
def _understanding(breaker: Breaker, *, is_hurried: bool = False) -> Iterator[None]:
    """What the client raises, in our words; a mistake in what we sent stays the client's error."""
    try:
        yield
    except SearchUnavailable:
        raise
    except ConnectionTimeout as error:
        if not is_hurried:
            breaker.failed()
        raise SearchUnavailable("the search server is out of reach") from error
    except TransportError as error:
        breaker.failed()
        raise SearchUnavailable("the search server is out of reach") from error
    except NotFoundError as error:
        breaker.succeeded()
        raise SearchUnavailable("the index is missing") from error
    except ApiError as error:
        if error.status_code in _REFUSED:
            breaker.failed()
            raise SearchUnavailable("the search server refuses the login") from error
        if error.status_code >= 500 or error.status_code in _OVERLOADED:
            breaker.failed()
            raise SearchUnavailable("the search server cannot answer") from error
        if error.status_code < 300:
            raise SearchUnavailable("the address is not that of a search server") from error
        raise
    else:
        breaker.succeeded()


def _connect(address: Address) -> Elasticsearch:
    options: dict[str, Any] = {}
    if address.opensearch:
        options["node_class"] = OpenSearchNode
    elif address.compatible == 8:
        options["node_class"] = Elasticsearch8Node
    if address.api_key:
        options["api_key"] = address.api_key
    elif address.user:
        # Made here, since the client takes plain letters only.
        login = f"{address.user}:{address.password}".encode()
        options["basic_auth"] = base64.b64encode(login).decode("ascii")
    if address.hosts[0].startswith("https:"):
        options["verify_certs"] = address.verify
        options["ssl_show_warn"] = False
        if address.ca:
            options["ca_certs"] = address.ca
    return Elasticsearch(
        list(address.hosts),
        # A kept connection may have been closed meanwhile; what hangs is not asked twice.
        max_retries=max(1, len(address.hosts) - 1),
        retry_on_timeout=False,
        retry_on_status=(),
        **options,
    )
