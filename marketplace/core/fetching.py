"""Fetching what others serve, without being led astray: addresses are checked where the connection is
made, redirects are followed by hand, and size and time end.

A name is resolved once and the very address that was checked is connected to, so a name that changes its
mind between check and use gains nothing. Addresses inside (private, loopback, link-local …) are refused
unless the caller names their network.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO, Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from marketplace.core import clock
from marketplace.core.errors import DomainError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REDIRECTS: Final = 5
_PIECE: Final = 64 * 1024
_TEMPORARY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
AGENT: Final = "TechnologyExchange/1.0 (+OAI-PMH)"


class FetchProblem(DomainError):
    """What was asked for did not come. `is_temporary`: asking again later may help; `status`: what the
    server answered, 0 where it did not."""

    def __init__(
        self,
        message: str | Promise,
        *,
        is_temporary: bool = False,
        retry_after: float | None = None,
        status: int = 0,
    ) -> None:
        super().__init__(message)
        self.is_temporary, self.retry_after = is_temporary, retry_after
        self.status = status


@dataclass(frozen=True, slots=True)
class FetchLimits:
    #: Bytes, after unpacking.
    size: int = 64 * 1024 * 1024
    #: Seconds for everything, a redirect and a slow server included.
    total: float = 120
    #: Seconds without a byte.
    silence: float = 30


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """`10.0.0.0/8`, `10.1.2.3` → networks; raises ValueError where one is none."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts if text.strip())


@dataclass(slots=True)
class Fetched:
    status: int
    url: str
    content_type: str
    stream: "_Body"


class Fetcher:
    """Fetches over kept connections; `inside` are the networks that are allowed besides the public
    ones, `headers` go to the first host alone (they hold credentials)."""

    def __init__(
        self,
        *,
        inside: Iterable[Network] = (),
        limits: FetchLimits | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.inside, self.limits = tuple(inside), limits or FetchLimits()
        self.headers = dict(headers or {})
        self.open_sockets: set[socket.socket] = set()
        self.session = requests.Session()
        # No proxy, no .netrc: what the environment says must not decide where a fetch goes.
        self.session.trust_env = False
        adapter = _Adapter(self)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def close(self) -> None:
        self.session.close()

    @contextmanager
    def get(self, url: str) -> Iterator[Fetched]:
        """The answer, whose body is read while the block is open. Raises FetchProblem, also where the
        status says that there is no answer."""
        deadline = time.monotonic() + self.limits.total
        watch = threading.Timer(self.limits.total, self._cut)
        watch.daemon = True
        watch.start()
        try:
            response, final = self._answer(url, deadline)
            try:
                _check_status(response)
                yield Fetched(
                    response.status_code,
                    final,
                    response.headers.get("Content-Type", ""),
                    _Body(response, self.limits.size, deadline),
                )
            finally:
                response.close()
        finally:
            watch.cancel()

    def _cut(self) -> None:
        """Ends whatever still hangs: a server that sends one byte a minute answers no time limit."""
        for one in list(self.open_sockets):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _answer(self, url: str, deadline: float) -> tuple[requests.Response, str]:
        first = _checked(url)
        for _turn in range(_REDIRECTS + 1):
            parts = _checked(url)
            same = (parts.scheme, parts.netloc) == (first.scheme, first.netloc)
            try:
                response = self.session.get(
                    url,
                    headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
                    | (self.headers if same else {}),
                    timeout=(min(10.0, self.limits.total), self.limits.silence),
                    stream=True,
                    allow_redirects=False,
                )
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise _problem_of(error, is_late=time.monotonic() >= deadline) from error
            if response.status_code not in (301, 302, 303, 307, 308):
                return response, url
            target = urljoin(url, response.headers.get("Location", ""))
            response.close()
            if parts.scheme == "https" and urlsplit(target).scheme != "https":
                raise FetchProblem(_("Máy chủ chuyển hướng từ https sang địa chỉ không mã hóa."))
            url = target
        raise FetchProblem(_("Máy chủ chuyển hướng quá nhiều lần."))


class _Body:
    """The body as a stream of bytes, ended by size and time."""

    def __init__(self, response: requests.Response, size: int, deadline: float) -> None:
        self.response, self.left, self.deadline = response, size, deadline
        self.held = b""

    def read(self, size: int = -1) -> bytes:
        wanted = size if size >= 0 else 1 << 62
        while len(self.held) < wanted:
            piece = self._piece()
            if not piece:
                break
            self.held += piece
        given, self.held = self.held[:wanted], self.held[wanted:]
        return given

    def _piece(self) -> bytes:
        is_late = time.monotonic() >= self.deadline
        if is_late:
            raise FetchProblem(_("Máy chủ trả lời quá chậm."), is_temporary=True)
        try:
            piece = bytes(self.response.raw.read1(_PIECE, decode_content=True))
        except (HTTPError, OSError, ValueError, requests.RequestException) as error:
            raise _problem_of(error, is_late=time.monotonic() >= self.deadline) from error
        if not piece and time.monotonic() >= self.deadline:
            # What looks like the end is where the connection was cut.
            raise FetchProblem(_("Máy chủ trả lời quá chậm."), is_temporary=True)
        self.left -= len(piece)
        if self.left < 0:
            raise FetchProblem(_("Máy chủ gửi quá nhiều dữ liệu trong một lần trả lời."))
        return piece

    def copy_to(self, file: IO[bytes]) -> None:
        while piece := self.read(_PIECE):
            file.write(piece)


def _checked(url: str) -> Any:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise FetchProblem(_("Địa chỉ không đúng.")) from error
    if not is_right:
        raise FetchProblem(_("Chỉ nhận địa chỉ http hoặc https."))
    if parts.username or parts.password:
        raise FetchProblem(_("Địa chỉ không được chứa tên đăng nhập hoặc mật khẩu."))
    return parts


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    wait = _retry_after(response.headers.get("Retry-After", ""))
    raise FetchProblem(
        _("Máy chủ trả lời mã lỗi HTTP %(status)s.") % {"status": status},
        is_temporary=status in _TEMPORARY,
        retry_after=wait,
        status=status,
    )


def _retry_after(text: str) -> float | None:
    """Seconds, from a number or a date."""
    if text.strip().isdecimal() and len(text) < 9:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return None


def _problem_of(error: Exception, *, is_late: bool) -> FetchProblem:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Refused):
            return FetchProblem(
                _("Địa chỉ này nằm trong mạng nội bộ và chưa được cho phép ở nguồn này.")
            )
        if isinstance(cause, socket.gaierror):
            return FetchProblem(_("Không tìm thấy tên máy chủ."), is_temporary=True)
        cause = cause.__cause__ or cause.__context__
    if is_late or isinstance(error, requests.Timeout | TimeoutError):
        return FetchProblem(_("Máy chủ trả lời quá chậm."), is_temporary=True)
    if isinstance(error, requests.exceptions.SSLError):
        return FetchProblem(_("Chứng chỉ bảo mật của máy chủ không đúng."))
    return FetchProblem(
        _("Không kết nối được với máy chủ, hoặc kết nối bị ngắt."), is_temporary=True
    )


# --- connections ------------------------------------------------------------------------------


class Refused(OSError):
    """The name leads to an address that may not be fetched from."""


def is_allowed(address: str, inside: Iterable[Network]) -> bool:
    """Public addresses, and those in a network that is named."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip.version == network.version and ip in network for network in inside):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _literal(host: str) -> str:
    """The address that a host is written as, in whatever notation (`127.1`, `0x7f000001`)."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""


def _connect(fetcher: Fetcher, host: str, port: int, timeout: Any) -> socket.socket:
    """A connection to the first address of the host, all of which must be allowed."""
    literal = _literal(host)
    if literal and not is_allowed(literal, fetcher.inside):
        raise Refused(host)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [info[4][0] for info in found]
    if not addresses or not all(is_allowed(str(one), fetcher.inside) for one in addresses):
        raise Refused(host)
    last: OSError | None = None
    for family, kind, protocol, _name, address in found[:4]:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout if isinstance(timeout, int | float) else 10.0)
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
            continue
        fetcher.open_sockets = {one for one in fetcher.open_sockets if one.fileno() >= 0} | {sock}
        return sock
    raise last or OSError(host)


def _pools(fetcher: Fetcher) -> dict[str, type]:
    """Pools whose connections are made by `_connect`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(fetcher, self._dns_host, self.port, self.timeout)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(fetcher, self._dns_host, self.port or 443, self.timeout)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher
        super().__init__(max_retries=0, pool_maxsize=2)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=4, maxsize=2, block=False)
        self.poolmanager.pool_classes_by_scheme = _pools(self.fetcher)
