"""The network of the packed model in plain 64-bit numpy, one text at a time: the reference."""

import math

import numpy as np

_erf = np.vectorize(math.erf)


def full_precision(packed, texts):
    shape = packed.shape
    words = packed.matrix("emb.word", shape.width)
    positions = packed.floats("emb.pos").reshape(-1, shape.width)
    kind = packed.floats("emb.type").reshape(-1, shape.width)[0]
    found = []
    for tokens in texts:
        hidden = (words[tokens] + positions[: len(tokens)] + kind).astype(np.float64)
        hidden = _normalized(packed, hidden, "emb.ln")
        for layer in range(shape.layers):
            hidden = _layer(packed, hidden, f"l{layer}.")
        mean = hidden.mean(axis=0)
        found.append(mean / np.linalg.norm(mean))
    return np.array(found)


def _layer(packed, hidden, at):
    shape = packed.shape
    size = shape.width // shape.heads
    query, key, value = (
        _linear(packed, hidden, f"{at}{name}", shape.width)
        .reshape(-1, shape.heads, size)
        .transpose(1, 0, 2)
        for name in "qkv"
    )
    likeness = query @ key.transpose(0, 2, 1) / math.sqrt(size)
    weights = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    seen = (weights @ value).transpose(1, 0, 2).reshape(-1, shape.width)
    hidden = _normalized(packed, hidden + _linear(packed, seen, f"{at}ao", shape.width), f"{at}aln")
    wide = _linear(packed, hidden, f"{at}fi", shape.width)
    active = wide * 0.5 * (1 + _erf(wide / math.sqrt(2)))
    return _normalized(packed, hidden + _linear(packed, active, f"{at}fo", shape.inner), f"{at}oln")


def _linear(packed, value, name, columns):
    return value @ packed.matrix(f"{name}.w", columns).T.astype(np.float64) + packed.floats(
        f"{name}.b"
    )


def _normalized(packed, value, name):
    middle = value - value.mean(axis=-1, keepdims=True)
    spread = np.sqrt((middle**2).mean(axis=-1, keepdims=True) + packed.shape.epsilon)
    return middle / spread * packed.floats(f"{name}.w") + packed.floats(f"{name}.b")
