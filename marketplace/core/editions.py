"""Shipped rules in editions, each with the day from which it holds."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar


class Edition(Protocol):
    @property
    def valid_from(self) -> date: ...


EditionT = TypeVar("EditionT", bound=Edition)


def read_editions(
    file: Path, edition: Callable[[dict[str, Any]], EditionT]
) -> tuple[EditionT, ...]:
    """The editions of a TOML file (tables `editions`), each made by `edition`, in the order of their first days."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["editions"]
    return tuple(sorted(map(edition, rows), key=lambda one: one.valid_from))


def in_force(editions: Sequence[EditionT], day: date) -> EditionT:
    """The edition in force on a day, of those in the order of their first days; before the first, the first."""
    return next((one for one in reversed(editions) if one.valid_from <= day), editions[0])
