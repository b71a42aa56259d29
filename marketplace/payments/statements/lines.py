"""A line of a statement, whatever the file."""

from dataclasses import dataclass
from datetime import date

from marketplace.core.errors import DomainError


class StatementProblem(DomainError):
    """The file is not what it should be; `message` says where and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in. `bank_key` is the bank's own name for it, "" where the file gives none."""

    booked_on: date
    amount: int
    currency: str
    content: str
    bank_key: str = ""
