"""One figure of a need or of what may answer it, as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Specification:
    """One required or offered figure. `operator` is one of ">=", "<=", "=", "range", "text"."""

    name: str
    operator: str = "="
    low: float | None = None
    high: float | None = None
    unit: str = ""
    text: str = ""
