"""Rows under a heading, from CSV or a spreadsheet: where the heading is, and what stands below it.

Files of offices begin with titles and blank lines, and their headings are merged over two rows. The
heading is the row that knows most column names; without one it is the first row with several cells.
"""

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from marketplace.sources.formats.decoding import Decoded, decoded_lines
from marketplace.sources.formats.formulas import looks_like_formula
from marketplace.sources.formats.legacy import CONVERTED, examine
from marketplace.sources.formats.raw import VALUE_LIMIT, InputProblem, RawRecord, Unreadable
from marketplace.sources.imports.incoming import no_heading

#: How many of the names in a row are names of columns that somebody knows.
Known = Callable[[tuple[str, ...]], int]

_LOOKED_AT: Final = 30
_COLUMNS: Final = 512
_NAME_LIMIT: Final = 200
_DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: list[Any]
    remarks: tuple[str, ...] = ()


def read_csv(stream: IO[bytes], *, known: Known | None = None) -> Iterator[RawRecord | Unreadable]:
    """Records of a CSV file: its encoding, delimiter and heading are found, not asked for."""
    decoded = decoded_lines(stream)
    yield from records_of(_csv_rows(decoded), known=known)


def records_of(
    rows: Iterable[Row | Unreadable], *, known: Known | None = None
) -> Iterator[RawRecord | Unreadable]:
    """One record a row below the heading; blank rows and repeated headings are passed over."""
    rows = iter(rows)
    first = list(itertools.islice(rows, _LOOKED_AT))
    place = _heading_place(first, known)
    if place is None:
        raise InputProblem(_("Không thấy dòng tiêu đề cột trong bảng."))
    heading = first[place]
    assert isinstance(heading, Row)
    following = first[place + 1] if place + 1 < len(first) else None
    names, is_two_rows = _names(heading, following)
    if known is not None and not known(tuple(names)):
        raise InputProblem(no_heading() % {"columns": ", ".join(filter(None, names))[:300]})
    for row in itertools.chain(first[place + 1 + is_two_rows :], rows):
        if isinstance(row, Unreadable):
            yield row
        elif (record := _record(row, names, heading)) is not None:
            yield record


def _record(row: Row, names: list[str], heading: Row) -> RawRecord | Unreadable | None:
    cells = row.cells
    if not any(_shown(cell) for cell in cells):
        return None
    if [_shown(cell) for cell in cells] == [_shown(cell) for cell in heading.cells]:
        return None
    if any(_shown(cell) for cell in cells[len(names) :]):
        return Unreadable(row.line, _("Dòng có nhiều ô hơn tiêu đề."))
    remarks = list(row.remarks)
    data: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if not name or cell is None or cell == "":
            continue
        if isinstance(cell, str):
            if len(cell) > VALUE_LIMIT:
                return Unreadable(row.line, _("Ô quá dài."))
            if looks_like_formula(cell):
                remarks.append(_("%(column)s: ô là công thức, đã giữ làm chữ") % {"column": name})
        data[name] = cell
    return RawRecord(row.line, data, remarks=tuple(remarks)) if data else None


# --- heading ----------------------------------------------------------------------------------


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _heading_place(rows: list[Row | Unreadable], known: Known | None) -> int | None:
    counts = [
        known(tuple(_shown(cell)[:_NAME_LIMIT] for cell in row.cells))
        if known and isinstance(row, Row)
        else 0
        for row in rows
    ]
    if any(counts):
        return counts.index(max(counts))
    filled = [
        sum(1 for cell in row.cells if _shown(cell)) if isinstance(row, Row) else 0 for row in rows
    ]
    if not any(filled):
        return None
    # A banner over the table has one or two cells; the heading is the first row nearly as wide as any.
    return next(place for place, count in enumerate(filled) if count * 2 > max(filled))


def _names(heading: Row, following: Row | Unreadable | None) -> tuple[list[str], bool]:
    """The columns' names; True where they stand in two rows, groups over their parts."""
    upper = [" ".join(_shown(cell).split())[:_NAME_LIMIT] for cell in heading.cells[:_COLUMNS]]
    if len(heading.cells) > _COLUMNS and any(_shown(c) for c in heading.cells[_COLUMNS:]):
        raise InputProblem(_("Bảng có quá nhiều cột (hơn %(limit)s).") % {"limit": _COLUMNS})
    lower = (
        [" ".join(_shown(cell).split())[:_NAME_LIMIT] for cell in following.cells]
        if isinstance(following, Row)
        else []
    )
    if _is_second_row(upper, lower):
        width = max(len(upper), len(lower))
        upper += [""] * (width - len(upper))
        lower += [""] * (width - len(lower))
        groups: list[str] = []
        for name in upper:
            groups.append(name or (groups[-1] if groups else ""))
        joined = [
            f"{group} – {part}" if part and group != part else group
            for group, part in zip(groups, lower, strict=True)
        ]
        return _unique(joined), True
    return _unique(upper), False


def _is_second_row(upper: list[str], lower: list[str]) -> bool:
    """Parts stand below the gaps that merging leaves, and nothing below what was merged downwards."""
    width = max(len(upper), len(lower))
    above = upper + [""] * (width - len(upper))
    below = lower + [""] * (width - len(lower))
    gaps = {place for place in range(1, width) if not above[place] and any(above[:place])}
    alone = [place for place in range(width) if above[place] and place + 1 not in gaps]
    return (
        bool(gaps and alone)
        and all(below[place] for place in gaps)
        and not any(below[place] for place in alone)
    )


def _unique(names: list[str]) -> list[str]:
    """A name that comes twice is told apart, so that no column hides another."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        unique.append(f"{name} ({count})" if name and count > 1 else name)
    return unique


# --- CSV --------------------------------------------------------------------------------------


def _csv_rows(decoded: Decoded) -> Iterator[Row | Unreadable]:
    csv.field_size_limit(VALUE_LIMIT)
    sample, delimiter, usual = decoded.sample, "", ""
    # What Excel writes and reads as the first line of a file.
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        delimiter = sample[0].strip()[4]
    reader = csv.reader(decoded.lines, delimiter=delimiter or _delimiter(sample))
    if delimiter:
        next(reader, None)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Unreadable(
                start,
                _("Ô quá dài hoặc dấu nháy không đóng (đến dòng %(end)s).")
                % {"end": reader.line_num},
            )
            continue
        if not any(decoded.is_guessed(line) for line in range(start, reader.line_num + 1)):
            yield Row(start, list(cells))
            continue
        # Bytes of an old Vietnamese encoding are letters; any others nobody can vouch for.
        verdict = examine("; ".join(cells), hint=usual)
        if verdict.status == CONVERTED:
            usual = verdict.encoding
            remark = _("dòng không phải mã UTF-8, đã đọc theo bảng mã cũ")
            yield Row(start, list(cells), (remark,))
        else:
            yield Unreadable(
                start,
                _("Dòng không phải mã UTF-8, cũng không ở bảng mã tiếng Việt cũ nào."),
                rule="record.encoding",
            )


def _delimiter(sample: list[str]) -> str:
    """The sign that cuts most lines of the sample into the same number of several cells."""
    best, best_score = ",", (0.0, 0)
    for sign in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=sign) if row]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda width: (wide.count(width), width))
        score = (wide.count(usual) / len(widths), usual)
        if score > best_score:
            best, best_score = sign, score
    return best
