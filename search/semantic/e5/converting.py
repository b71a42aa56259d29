"""The packed model as an ONNX network and a vocabulary of sentencepiece, written once.

The network begins behind the word vectors: those are looked up in the wheel's own file, so that of
its 54 MB only what is used comes into memory, once for all processes. What is written is checked by
checksum, and a process that dies in the middle leaves nothing that looks whole.
"""

import contextlib
import hashlib
import json
import math
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from search.semantic.e5.packed import PackedModel

NETWORK: Final = "network.onnx"
VOCABULARY: Final = "vocabulary.model"
_MANIFEST: Final = "manifest.json"
#: Raised with whatever changes in what is written here.
_MAKE: Final = 1
_OPSET: Final = 20
_MASKED: Final = -10_000.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """From what it was made, and what was written, by checksum."""

    make: int
    source: str
    files: dict[str, str]


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def convert(source: Path, folder: Path) -> bool:
    """Writes the model into `folder`, unless it stands there whole; says whether it did.

    Raises:
        SemanticUnavailable: `source` is not the model that is known.
    """
    digest = checksum(source)
    if _is_whole(folder, digest):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        packed = PackedModel(source)
        (made / NETWORK).write_bytes(network(packed).SerializeToString())
        (made / VOCABULARY).write_bytes(vocabulary(packed))
        files = {name: checksum(made / name) for name in (NETWORK, VOCABULARY)}
        manifest = json.dumps(asdict(Manifest(_MAKE, digest, files)))
        (made / _MANIFEST).write_text(manifest, encoding="utf-8")
        _replace(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return True


def _is_whole(folder: Path, source: str) -> bool:
    try:
        manifest = Manifest(**json.loads((folder / _MANIFEST).read_text(encoding="utf-8")))
        return (
            manifest.make == _MAKE
            and manifest.source == source
            and all(checksum(folder / name) == found for name, found in manifest.files.items())
        )
    except (OSError, ValueError, TypeError):
        return False


def _replace(made: Path, folder: Path) -> None:
    """Another process may do the same: whoever is second finds a whole one, and either will do."""
    made.chmod(0o755)
    for _attempt in range(5):
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                os.replace(folder, old)
            shutil.rmtree(old, ignore_errors=True)
        try:
            os.replace(made, folder)
        except OSError:
            continue
        return
    raise OSError(f"{folder} cannot be written")


# --- the network -------------------------------------------------------------------------------


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output


def network(packed: PackedModel) -> Any:
    """Word vectors and mask → one vector a text, of length one."""
    shape, graph = packed.shape, _Graph()
    _constants(graph, packed)
    graph.node("Shape", ["attention_mask"], "length", start=1, end=2)
    graph.node("Slice", ["positions", "axis0", "length", "axis0"], "placed")
    graph.node("Add", ["words", "placed"], "input")
    hidden = _normalized(graph, packed, "input", "emb.ln", "hidden")
    graph.node("Cast", ["attention_mask"], "present", to=onnx.TensorProto.FLOAT)
    graph.node("Sub", ["one", "present"], "absent")
    graph.node("Mul", ["absent", "masked"], "penalty_flat")
    graph.node("Unsqueeze", ["penalty_flat", "axis12"], "penalty")
    for layer in range(shape.layers):
        hidden = _layer(graph, packed, hidden, f"l{layer}.")
    graph.node("Unsqueeze", ["present", "axis2"], "weights")
    graph.node("Mul", [hidden, "weights"], "counted")
    graph.node("ReduceSum", ["counted", "axis1"], "sum", keepdims=0)
    graph.node("LpNormalization", ["sum"], "vector", axis=-1, p=2)
    floats, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    made = helper.make_graph(
        graph.nodes,
        "e5",
        [
            helper.make_tensor_value_info("words", floats, ["texts", "length", shape.width]),
            helper.make_tensor_value_info("attention_mask", whole, ["texts", "length"]),
        ],
        [helper.make_tensor_value_info("vector", floats, ["texts", shape.width])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _constants(graph: _Graph, packed: PackedModel) -> None:
    shape = packed.shape
    positions = packed.floats("emb.pos").reshape(-1, shape.width)
    kind = packed.floats("emb.type").reshape(-1, shape.width)[0]
    graph.constant("positions", positions + kind)
    graph.constant("one", np.array(1, np.float32))
    graph.constant("masked", np.array(_MASKED, np.float32))
    graph.constant("scale", np.array(1 / math.sqrt(shape.width // shape.heads), np.float32))
    graph.constant("split", np.array([0, 0, shape.heads, shape.width // shape.heads], np.int64))
    graph.constant("join", np.array([0, 0, shape.width], np.int64))
    for name, axes in (("axis0", [0]), ("axis1", [1]), ("axis2", [2]), ("axis12", [1, 2])):
        graph.constant(name, np.array(axes, np.int64))


def _normalized(graph: _Graph, packed: PackedModel, value: str, name: str, output: str) -> str:
    weight = graph.constant(f"{name}.w", packed.floats(f"{name}.w"))
    bias = graph.constant(f"{name}.b", packed.floats(f"{name}.b"))
    return graph.node(
        "LayerNormalization", [value, weight, bias], output, axis=-1, epsilon=packed.shape.epsilon
    )


def _linear(graph: _Graph, packed: PackedModel, value: str, name: str, columns: int) -> str:
    """The weights are four bits and a scale: half precision holds them."""
    weights = packed.matrix(f"{name}.w", columns).T.astype(np.float16)
    graph.node(
        "Cast", [graph.constant(f"{name}.w", weights)], f"{name}.full", to=onnx.TensorProto.FLOAT
    )
    graph.node("MatMul", [value, f"{name}.full"], f"{name}.product")
    bias = graph.constant(f"{name}.b", packed.floats(f"{name}.b"))
    return graph.node("Add", [f"{name}.product", bias], f"{name}.out")


def _layer(graph: _Graph, packed: PackedModel, hidden: str, at: str) -> str:
    shape = packed.shape
    heads = {}
    for name, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        flat = _linear(graph, packed, hidden, f"{at}{name}", shape.width)
        graph.node("Reshape", [flat, "split"], f"{at}{name}.split")
        heads[name] = graph.node(
            "Transpose", [f"{at}{name}.split"], f"{at}{name}.heads", perm=order
        )
    graph.node("MatMul", [heads["q"], heads["k"]], f"{at}likeness")
    graph.node("Mul", [f"{at}likeness", "scale"], f"{at}scaled")
    graph.node("Add", [f"{at}scaled", "penalty"], f"{at}allowed")
    graph.node("Softmax", [f"{at}allowed"], f"{at}attention", axis=-1)
    graph.node("MatMul", [f"{at}attention", heads["v"]], f"{at}seen")
    graph.node("Transpose", [f"{at}seen"], f"{at}seen.rows", perm=[0, 2, 1, 3])
    graph.node("Reshape", [f"{at}seen.rows", "join"], f"{at}seen.flat")
    seen = _linear(graph, packed, f"{at}seen.flat", f"{at}ao", shape.width)
    graph.node("Add", [seen, hidden], f"{at}first")
    middle = _normalized(graph, packed, f"{at}first", f"{at}aln", f"{at}middle")
    wide = _linear(graph, packed, middle, f"{at}fi", shape.width)
    graph.node("Gelu", [wide], f"{at}active")
    narrow = _linear(graph, packed, f"{at}active", f"{at}fo", shape.inner)
    graph.node("Add", [narrow, middle], f"{at}second")
    return _normalized(graph, packed, f"{at}second", f"{at}oln", f"{at}end")


# --- the vocabulary ----------------------------------------------------------------------------

_NORMAL, _UNKNOWN, _CONTROL = 1, 2, 3
_VARINT, _LENGTH, _FLOAT = 0, 2, 5


def vocabulary(packed: PackedModel) -> bytes:
    """The unigram pieces as a model file of sentencepiece (its protocol buffer, by hand).

    Texts come in normalized, so its own normalizer is told to leave them alone.
    """
    shape = packed.shape
    control = {shape.begin, shape.end, shape.padding}
    parts = []
    for number, piece in enumerate(packed.pieces()):
        kind = _UNKNOWN if number == shape.unknown else _CONTROL if number in control else _NORMAL
        body = _text(1, piece.text.encode()) + _key(2, _FLOAT) + struct.pack("<f", piece.score)
        parts.append(_text(1, body + _number(3, kind)))
    unigram, identity = 1, b"identity"
    special = ((40, shape.unknown), (41, shape.begin), (42, shape.end), (43, shape.padding))
    trainer = _number(3, unigram) + b"".join(_number(field, id_) for field, id_ in special)
    normalizer = _text(1, identity) + b"".join(_number(field, True) for field in (3, 4, 5))
    return b"".join([*parts, _text(2, trainer), _text(3, normalizer)])


def _varint(value: int) -> bytes:
    return bytes(_septets(value))


def _septets(value: int) -> Iterator[int]:
    while value > 127:
        yield value & 127 | 128
        value >>= 7
    yield value


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _number(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(int(value))


def _text(field: int, value: bytes) -> bytes:
    return _key(field, _LENGTH) + _varint(len(value)) + value
