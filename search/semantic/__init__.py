"""The optional semantic part: texts as vectors, near where the meaning is near, across languages.

Everything works without it. What needs its packages (`pip install -r requirements-semantic.txt`) is
imported only when it is asked for; `get_encoder` answers None where they, or the model, are missing.
"""

from search.semantic.port import Encoder, SemanticUnavailable, get_encoder, is_installed

__all__ = ["Encoder", "SemanticUnavailable", "get_encoder", "is_installed"]
