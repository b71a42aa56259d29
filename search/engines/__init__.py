"""Engines by address: ``embedded:///absolute/folder``, ``elasticsearch://…``, ``opensearch://…``."""

from functools import cache
from urllib.parse import unquote, urlsplit

from django.conf import settings

from search.engines.base import Engine, SearchUnavailable

__all__ = ["Engine", "SearchUnavailable", "get_engine"]


def get_engine(url: str | None = None) -> Engine:
    """The engine at the address, by default the product's own (``settings.SEARCH_URL``)."""
    return _engine(url or settings.SEARCH_URL)


@cache
def _engine(url: str) -> Engine:
    parts = urlsplit(url)
    if parts.scheme == "embedded":
        # An engine is imported only where it is used.
        from search.engines.embedded import EmbeddedEngine  # noqa: PLC0415

        return EmbeddedEngine(unquote(parts.path))
    if parts.scheme.partition("+")[0] in ("elasticsearch", "opensearch"):
        from search.engines.elastic import ElasticEngine  # noqa: PLC0415

        return ElasticEngine(url)
    raise ValueError(f"no search engine for {parts.scheme}://")
