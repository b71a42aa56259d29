"""A query as a small tree that every engine can translate: what matches, and what it is worth.

The score of a hit is the sum of BM25 of its matching ``Term`` nodes, each times the weights of
the ``Weighted`` nodes above it.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with this term in the stream, or this value in the field."""

    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Documents with any of the values in a field that is no stream; it does not score by rarity."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included; None is open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Everything:
    pass


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class Weighted:
    node: "Node"
    weight: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The node decides, and each hit scores the same."""

    node: "Node"
    score: float


@dataclass(frozen=True, slots=True)
class Combined:
    """All of ``every``, none of ``none``, and at least ``at_least`` of ``some``.

    Where there is ``every`` and ``at_least`` is 0, ``some`` only adds to the score.
    """

    every: tuple["Node", ...] = ()
    some: tuple["Node", ...] = ()
    none: tuple["Node", ...] = ()
    at_least: int = 0


Node: TypeAlias = Term | OneOf | Range | Everything | Nothing | Weighted | Constant | Combined


def any_of(nodes: "list[Node]") -> Node:
    if not nodes:
        return Nothing()
    return nodes[0] if len(nodes) == 1 else Combined(some=tuple(nodes), at_least=1)


def all_of(nodes: "list[Node]") -> Node:
    if not nodes:
        return Everything()
    return nodes[0] if len(nodes) == 1 else Combined(every=tuple(nodes))


def silent(node: Node) -> Node:
    """Decides, but does not score."""
    return Constant(node, 0.0)
