"""A measured value beside its target and its baseline, and tables of them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Better = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table.

    `baseline` is what the value is compared with in the same run, and `baseline_name` says what it
    is; without one there is nothing to compare with.
    """

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    better: Better = "less"
    baseline: float | None = None
    baseline_name: str = ""
    digits: int = 1
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool | None:
        """None where nothing is aimed at: the value is there to be read."""
        if self.target is None:
            return None
        if math.isnan(self.value):
            return False
        # Compared as it is printed: 0.955 shown is 0.955 meant.
        shown = round(self.value, self.digits)
        return shown <= self.target if self.better == "less" else shown >= self.target

    def cells(self) -> list[str]:
        target = ""
        if self.target is not None:
            target = f"{'≤' if self.better == 'less' else '≥'} {self.target:,.{self.digits}f}"
        return [
            self.name,
            f"{self.value:,.{self.digits}f} {self.unit}".strip(),
            target,
            f"{self.baseline_name}: {self.baseline:,.{self.digits}f}" if self.baseline else "",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            {None: "", True: "ok", False: "MISSED"}[self.ok],
            self.note,
        ]


HEADINGS = ("figure", "measured", "target", "baseline", "ratio", "", "note")


@dataclass(slots=True)
class Section:
    """What one part measured."""

    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Why it did not run, where it did not.
    absent: str = ""
    seconds: float = 0.0
    date: str = ""
    load: str = ""

    @property
    def missed(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.ok is False]

    def text(self) -> str:
        lines = [f"== {self.name}: {self.title}"]
        if self.absent:
            lines.append(f"   did not run: {self.absent}")
        if self.figures:
            lines += _columns([list(HEADINGS), *(figure.cells() for figure in self.figures)])
        lines += [f"   {note}" for note in self.notes]
        lines.append(f"   {self.seconds:.0f} s; {self.load}")
        return "\n".join(lines)

    def markdown(self) -> str:
        lines = [f"## {self.title}", ""]
        if self.figures:
            lines += [
                "| figure | measured | target | baseline | ratio | | note |",
                "|---|---|---|---|---|---|---|",
            ]
            lines += [f"| {' | '.join(figure.cells())} |" for figure in self.figures]
            lines.append("")
        lines += [f"{note}  " for note in self.notes]
        if self.absent:
            lines.append(f"Did not run: {self.absent}  ")
        lines += [f"Measured on {self.date} in {self.seconds:.0f} s; {self.load}.", ""]
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        figures = [
            asdict(figure) | {"ratio": figure.ratio, "ok": figure.ok} for figure in self.figures
        ]
        return asdict(self) | {"figures": figures}


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in (1, 2, 4) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            if width
        ]
        lines.append("   " + "  ".join(cells).rstrip())
    return lines


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all do not exceed."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]
