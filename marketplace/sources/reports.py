"""The faults of a run as a table that its source can act on: CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from marketplace.core.cells import harmless
from marketplace.sources.models import Run
from marketplace.sources.rules import rules

#: Rows of one sheet, heading included; what is more goes on in the next.
_SHEET_ROWS: Final = 1_000_000


def heading() -> list[str]:
    return [
        _("Dòng"), _("Mức"), _("Cột"), _("Giá trị"), _("Lý do"), _("Quy tắc"), _("Nội dung quy tắc"),
        _("Căn cứ"),
    ]  # fmt: skip


def rows_of(run: Run) -> Iterator[list[str | int]]:
    """Every refusal and every value left out, in the order of the lines they stand in."""
    known = rules()
    for fault in run.faults.order_by("pk").iterator(chunk_size=2000):
        rule = known.get(fault.rule)
        yield [
            fault.line,
            _("từ chối") if fault.is_refusal else _("bỏ giá trị"),
            harmless(fault.column),
            harmless(fault.value),
            harmless(fault.reason),
            fault.rule,
            rule.label if rule else "",
            _basis(rule.legal_basis, rule.status) if rule else "",
        ]


def _basis(text: str, status: str) -> str:
    if text and status == "under_review":
        return _("%(text)s (hiệu lực đang rà soát)") % {"text": text}
    return text


def csv_lines(run: Run) -> Iterator[bytes]:
    """UTF-8 with its mark, so that a spreadsheet reads Vietnamese right."""
    yield b"\xef\xbb\xbf"
    for chunk in _lines(run):
        yield chunk.encode()


def _lines(run: Run) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    table: Iterable[list[str | int]] = rows_of(run)
    writer.writerow(heading())
    for row in table:
        writer.writerow(row)
        if buffer.tell() > 64 * 1024:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_file(run: Run) -> IO[bytes]:
    """An open file at its beginning; cells are text, so that nothing in them is run."""
    book = Workbook(write_only=True)
    sheet, count = None, 0
    for row in rows_of(run):
        if sheet is None or count >= _SHEET_ROWS:
            sheet = book.create_sheet(_("Lỗi"))
            sheet.append(heading())
            count = 1
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
        count += 1
    if sheet is None:
        book.create_sheet(_("Lỗi")).append(heading())
    out = SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the caller closes it
    book.save(out)
    out.seek(0)
    return out
