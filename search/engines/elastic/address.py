"""The one URL of a search server, with all that is to be said about it.

    elasticsearch://host:9200/prefix                     plain http
    elasticsearch+https://user:password@host/prefix      TLS and basic login
    opensearch+https://one:9200,two:9200/prefix?ca=/etc/search-ca.pem&api_key=…

The prefix (default ``exchange``) begins the names of all indexes. Options: ``api_key``, ``ca``
(a file), ``verify=0``, ``compatible=8`` (an Elasticsearch of that version), ``shards`` (1),
``replicas`` (as many nodes as there are), and in seconds ``timeout`` (0.7: a page's question),
``patience`` (20: what no page waits for), ``lease`` (30: a killed writer's lock ends),
``lock`` (900: waiting for the writer's lock).
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES: Final = ("elasticsearch", "elasticsearch+https", "opensearch", "opensearch+https")

_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_]*(?:-[a-z0-9_]+)*")
_PORTS: Final = {"http": 9200, "https": 443}
_OPTIONS: Final = frozenset(
    ("api_key", "ca", "verify", "compatible", "shards", "replicas")
    + ("timeout", "patience", "lease", "lock")
)


@dataclass(frozen=True, slots=True)
class Address:
    opensearch: bool
    hosts: tuple[str, ...]
    prefix: str
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca: str = ""
    verify: bool = True
    compatible: int | None = None
    shards: int = 1
    replicas: int | None = None
    timeout: float = 0.7
    patience: float = 20.0
    lease: float = 30.0
    lock: float = 900.0


def read_address(url: str) -> Address:
    """
    Raises:
        ValueError: what is wrong with it; the message holds no password.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"no search server for {parts.scheme}://")
    kind, _, secure = parts.scheme.partition("+")
    login, _, places = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    if not places:
        raise ValueError("the search address names no host")
    prefix = unquote(parts.path).strip("/") or "exchange"
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot begin the name of an index")
    options = dict(parse_qsl(parts.query))
    if unknown := options.keys() - _OPTIONS:
        raise ValueError(f"unknown in the search address: {', '.join(sorted(unknown))}")
    numbers = {
        name: float(options[name])
        for name in ("timeout", "patience", "lease", "lock")
        if name in options
    }
    whole = {
        name: int(options[name]) for name in ("compatible", "shards", "replicas") if name in options
    }
    return Address(
        opensearch=kind == "opensearch",
        hosts=tuple(_host(place, secure or "http") for place in places.split(",")),
        prefix=prefix,
        user=unquote(user),
        password=unquote(password),
        api_key=options.get("api_key", ""),
        ca=options.get("ca", ""),
        verify=options.get("verify", "1") != "0",
        **whole,
        **numbers,  # type: ignore[arg-type]
    )


def _host(place: str, scheme: str) -> str:
    try:
        parts = urlsplit(f"{scheme}://{place}")
        host, port = parts.hostname, parts.port or _PORTS[scheme]
    except ValueError:
        host = None
    if not host:
        raise ValueError(f"{place!r} is no host of a search server")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
