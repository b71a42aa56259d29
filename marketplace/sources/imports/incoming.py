"""What a reader gives to the one entrance: a record as received, its end, or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError


class InputProblem(DomainError):
    """What is read cannot be read (any further); what was given before it is brought in."""


def no_heading() -> str:
    """Why a table has no heading that we know; the caller names its columns."""
    return _(
        "Không thấy cột tên (title, tên…), cũng không phải bảng ứng dụng kết quả. Các cột của tệp: "
        "%(columns)s."
    )


class NotReadable(Exception):
    """These bytes are no record. The reason never repeats them."""

    def __init__(self, reason: str, *, rule: str = "record.readable") -> None:
        super().__init__(reason)
        self.reason, self.rule = reason, rule


@dataclass(frozen=True, slots=True)
class Noted:
    """What a reader noticed of a record that is taken: a line of the report."""

    text: str
    rule: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record as received. `line` is where it stands: a file's line, else its number.

    `read` makes named values of the bytes (raises NotReadable) and is asked only where the bytes are
    not known already; a reader that has the values gives them as `data`.
    """

    line: int
    raw: bytes
    format: str
    data: Mapping[str, Any] | None = None
    read: Callable[[bytes], Mapping[str, Any]] | None = None
    #: Where the protocol names the record; else the record's own column does.
    source_id: str = ""
    notes: tuple[Noted, ...] = ()
    #: Of which register it is, where the format says so; else its columns or its source do.
    kind: str = ""

    def values(self) -> Mapping[str, Any]:
        if self.data is not None:
            return self.data
        assert self.read is not None
        return self.read(self.raw)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place where there is no record; `reason` never repeats what stands there."""

    line: int
    reason: str
    rule: str = "record.readable"
    #: Which record it would be, where the protocol says so.
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """The source says that its record is no more."""

    line: int
    source_id: str


Arrival = Incoming | Unreadable | Deleted
