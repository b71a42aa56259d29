"""The embedded engine: a tantivy index in a folder, no server. Only here is tantivy imported."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
