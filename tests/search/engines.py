"""The engines that the contract is tried on: the embedded one, and each server that is given.

`OPENSEARCH_URL` and `ELASTICSEARCH_URL` (`http://host:port`, as tests/services/up prints them) give
the servers. One that is not given is not collected, and tests/run says so.
"""

import os
import uuid
from contextlib import closing
from urllib.parse import urlsplit

import pytest

SERVERS = tuple(
    name for name in ("opensearch", "elasticsearch") if os.environ.get(f"{name.upper()}_URL")
)
ENGINES = (
    "embedded",
    *(pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS),
)


#: A machine that tests several things at once may be slower than a page would wait; a killed
#: process holds its lock no longer than this.
_QUICK = {"timeout": 10, "lease": 3}


def address(name: str, folder) -> str:
    """Of an index that nobody has made yet."""
    if name == "embedded":
        return f"embedded://{folder}/index"
    return server_address(name, urlsplit(upstream(name)).netloc)


def upstream(name: str) -> str:
    return os.environ[f"{name.upper()}_URL"]


def server_address(name: str, place: str, **options: object) -> str:
    said = "&".join(f"{key}={value}" for key, value in (_QUICK | options).items())
    return f"{name}://{place}/test-{uuid.uuid4().hex[:12]}?{said}"


def remove(url: str) -> None:
    """Takes the indexes of a test from the server, if that is what the address names."""
    if url.startswith("embedded:"):
        return
    from search.engines.elastic import ElasticEngine

    engine = ElasticEngine(url)
    prefix = engine.address.prefix
    with closing(engine.connection.client) as client:
        found = client.indices.get_alias(index=f"{prefix}-*", allow_no_indices=True)
        if found.body:
            client.indices.delete(index=",".join(found.body))
        client.options(ignore_status=404).indices.delete_index_template(name=f"{prefix}-*")


def generations(engine) -> list[str]:
    """All indexes there are, in use or not."""
    from search.engines.embedded import EmbeddedEngine

    if isinstance(engine, EmbeddedEngine):
        return [folder.name for folder in engine.storage.root.glob("g-*")]
    return list(engine.connection.client.indices.get(index=f"{engine.indexes.alias}-*"))
