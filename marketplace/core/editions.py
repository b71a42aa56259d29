"""Shipped rules in editions, each with the day from which it holds."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Edition(Protocol):
    @property
    def valid_from(self) -> date: ...


EditionT = TypeVar("EditionT", bound=Edition)


def in_force(editions: Sequence[EditionT], day: date) -> EditionT:
    """The edition in force on a day, of those in the order of their first days; before the first, the first."""
    return next((one for one in reversed(editions) if one.valid_from <= day), editions[0])
