"""Where the address of a record leads that is on the pages no more: apps above say it here."""

from collections.abc import Callable

from marketplace.research.models import Result, Task

#: The record that stands for this one; None where this app knows of none.
Forward = Callable[[Result | Task], Result | Task | None]

_forwards: list[Forward] = []


def register_forward(find: Forward) -> None:
    _forwards.append(find)


def forwarded(record: Result | Task) -> Result | Task | None:
    """The public record whose page says what this one said."""
    for find in _forwards:
        target = find(record)
        if target is not None:
            return target
    return None
