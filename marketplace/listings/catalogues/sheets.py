"""The sheet that is handed out, and one that came back."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zipfile import BadZipFile

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from marketplace.core.errors import UploadRejected
from marketplace.core.text import fold, nfc
from marketplace.listings.examining.documents import check_listing_document
from marketplace.listings.paper_forms.values import options_of
from marketplace.listings.paper_forms.writing import XLSX
from marketplace.listings.wizard import STEPS

#: More are brought in by a second sheet; each becomes a draft within one request.
MOST_ROWS: Final = 100
_MOST_LETTERS: Final = 20_000
#: Names of the files that belong to a row.
FILES: Final = "files"
#: Chosen by people on the page, or by the sheet as a whole.
_LEFT_OUT: Final = frozenset({"contact", "language", "hide_owner"})
_SHOWN_OPTIONS: Final = 40
_UNREADABLE: Final = (
    BadZipFile, InvalidFileException, KeyError, ValueError, OSError, AttributeError, IndexError, TypeError,
    SyntaxError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    hint: str


@dataclass(slots=True)
class SheetRow:
    """One row: its number in the sheet, and what is written in it, by field."""

    number: int
    written: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def columns_of(kind: str) -> list[Column]:
    """Every field of the ordinary form of a kind, in its order, and the files."""
    found = [
        Column(name, str(own.label), _hint(own))
        for step in STEPS[kind]
        for name, own in step.form().fields.items()
        if name not in _LEFT_OUT
    ]
    return [*found, Column(FILES, _("Tệp"), _("Tên tệp, cách nhau bằng dấu chấm phẩy"))]


def _hint(own: Any) -> str:
    options = [label for _code, label in options_of(own)]
    if not options:
        return ""
    shown = "; ".join(options[:_SHOWN_OPTIONS])
    return shown if len(options) <= _SHOWN_OPTIONS else _("Ghi mã hoặc tên, như trong mẫu đăng tin")


def blank_sheet(kind: str) -> bytes:
    """The sheet to be filled: headings, and under each what can be written there."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = kind
    columns = columns_of(kind)
    sheet.append([column.label for column in columns])
    sheet.append([column.hint for column in columns])
    for place, _column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 28
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(2, place).font = Font(italic=True, color="666666")
        for row in (1, 2):
            sheet.cell(row, place).alignment = Alignment(wrap_text=True, vertical="top")
        for row in range(3, MOST_ROWS + 3):
            sheet.cell(row, place).number_format = "@"  # text: a figure stays as it was typed
    sheet.freeze_panes = "B3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheet(upload: UploadedFile, kind: str) -> tuple[list[SheetRow], list[str]]:
    """Rows of a filled sheet, and headings that no field has.

    Raises:
        UploadRejected: it is no such file, has no column with names, no row, or too many.
    """
    checked = check_listing_document(upload)
    if checked.content_type != XLSX:
        raise UploadRejected(_("Tải lên danh mục dạng XLSX."))
    checked.content.seek(0)
    try:
        lines = list(_lines(checked.content.read()))
    except _UNREADABLE as error:
        raise UploadRejected(_("Tệp bị hỏng, không đọc được. Hãy lưu lại rồi tải lên.")) from error
    columns = columns_of(kind)
    known = {fold(column.label): column.name for column in columns}
    hints = {column.name: fold(column.hint) for column in columns}
    heads = [known.get(fold(head), "") for head in (lines[0] if lines else [])]
    if "title" not in heads:
        raise UploadRejected(
            _("Dòng đầu phải là tên các cột như trong mẫu. Tải mẫu rồi chép sang.")
        )
    unknown = [head for head, name in zip(lines[0], heads, strict=True) if head and not name]
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        written = {name: text for name, text in zip(heads, cells, strict=False) if name and text}
        if not written or all(fold(text) == hints[name] for name, text in written.items()):
            continue  # an empty line, or the line of hints
        names = written.pop(FILES, "")
        files = [part.strip() for part in names.replace("\n", ";").split(";") if part.strip()]
        rows.append(SheetRow(number, written, files))
    if not rows:
        raise UploadRejected(_("Danh mục chưa có dòng nào."))
    if len(rows) > MOST_ROWS:
        raise UploadRejected(
            _("Danh mục có %(count)s dòng; mỗi lần nhận %(most)s. Chia thành nhiều tệp.")
            % {"count": len(rows), "most": MOST_ROWS}
        )
    return rows, unknown


def _lines(data: bytes) -> Iterator[list[str]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet: Any = book.worksheets[0]
    for line in sheet.iter_rows(max_row=MOST_ROWS * 3, max_col=120, values_only=True):
        yield [_text(value) for value in line]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return nfc(str(value)).strip().removeprefix("'")[:_MOST_LETTERS]
