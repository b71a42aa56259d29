"""XLSX workbooks as rows, read as a stream; formulas are text here, never run.

An archive is weighed before it is opened: what it says it holds, how far it was packed, and whether a
part declares entities. Its rows are cut at the widest table that makes sense.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from lxml.etree import XMLSyntaxError
from openpyxl.cell.read_only import EmptyCell
from openpyxl.utils.exceptions import InvalidFileException

from marketplace.sources.formats.raw import InputProblem, RawRecord, Unreadable
from marketplace.sources.formats.tables import Known, Row, records_of

_PARTS: Final = 2000
_UNPACKED: Final = 1024 * 1024 * 1024
#: Text that all cells share is held in memory by the library that reads it.
_SHARED: Final = 96 * 1024 * 1024
_SMALL: Final = 10 * 1024 * 1024
_RATIO: Final = 150
_WIDTH: Final = 600
#: The format's own limit; a row number beyond it is a bomb of empty rows.
_ROWS: Final = 1_048_576
_OLE: Final = b"\xd0\xcf\x11\xe0"
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, ParseError,
    XMLSyntaxError, InvalidFileException, NotImplementedError, TypeError, AttributeError, IndexError,
    RuntimeError, AssertionError,
)  # fmt: skip


def read_xlsx(
    stream: IO[bytes], *, sheet: str = "", known: Known | None = None
) -> Iterator[RawRecord | Unreadable]:
    """Records of one sheet: the named one, else the first that is shown and not empty."""
    check_archive(stream)
    stream.seek(0)
    with warnings.catch_warnings():
        # Openpyxl says what of a workbook it does not keep; nothing of that is a value.
        warnings.simplefilter("ignore", UserWarning)
        try:
            book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        except _BROKEN as error:
            raise _unreadable() from error
    try:
        yield from records_of(_rows(_sheet(book, sheet)), known=known)
    finally:
        book.close()


def sheet_names(stream: IO[bytes]) -> list[str]:
    """Names of the sheets that are shown, for a person to choose from."""
    check_archive(stream)
    stream.seek(0)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
    except _BROKEN as error:
        raise _unreadable() from error
    try:
        return [one.title for one in book.worksheets if one.sheet_state == "visible"]
    finally:
        book.close()


def _unreadable() -> InputProblem:
    return InputProblem(_("Không đọc được tệp XLSX: tệp hỏng hoặc không đúng định dạng."))


def check_archive(stream: IO[bytes]) -> None:
    """Raises InputProblem where opening the archive could cost more than a workbook is worth."""
    stream.seek(0)
    if stream.read(4) == _OLE:
        raise InputProblem(
            _("Tệp Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy lưu lại thành .xlsx không mật khẩu.")
        )
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
                raise InputProblem(_("Tệp XLSX chứa quá nhiều dữ liệu sau khi giải nén."))
            for part in parts:
                _check_part(archive, part)
    except _BROKEN as error:
        raise _unreadable() from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise InputProblem(_("Tệp XLSX có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."))
    is_bomb = part.file_size > _SMALL and part.file_size > _RATIO * max(part.compress_size, 1)
    is_heavy = "sharedstrings" in part.filename.lower() and part.file_size > _SHARED
    if is_bomb or is_heavy:
        raise InputProblem(_("Tệp XLSX chứa quá nhiều dữ liệu sau khi giải nén."))
    if part.filename.lower().endswith((".xml", ".rels")):
        with archive.open(part) as opened:
            head = opened.read(4096).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise InputProblem(
                _(
                    "Dữ liệu XML khai báo DOCTYPE, có thể chứa thực thể độc hại, nên không được nhận."
                )
            )


def _sheet(book: Any, name: str) -> Any:
    if name:
        found = next((one for one in book.worksheets if one.title == name), None)
        if found is None:
            raise InputProblem(_("Tệp không có trang tính này."))
        return found
    shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
    for one in shown:
        if any(row.cells for row in _first_rows(one)):
            return one
    raise InputProblem(_("Tệp XLSX không có dữ liệu."))


def _first_rows(sheet: Any) -> Iterator[Row]:
    for row in _rows(sheet):
        if any(cell not in (None, "") for cell in row.cells):
            yield row
            return


def _rows(sheet: Any) -> Iterator[Row]:
    # What the sheet says of its own size is often wrong, and a lie about it is a bomb.
    sheet.reset_dimensions()
    number = 0
    try:
        # No width is asked for: every missing row would then be filled with empty cells.
        for cells in sheet.iter_rows():
            number += 1
            if number > _ROWS or len(cells) > _WIDTH:
                break
            if cells and (row := _row(number, cells)).cells:
                yield row
    except _BROKEN as error:
        raise InputProblem(_("Trang tính hỏng từ dòng %(line)s.") % {"line": number + 1}) from error
    if number and len(cells) > _WIDTH:
        raise InputProblem(_("Bảng có quá nhiều cột (hơn %(limit)s).") % {"limit": _WIDTH})
    if number > _ROWS:
        raise InputProblem(_("Trang tính có nhiều hơn %(limit)s dòng.") % {"limit": _ROWS})


def _row(number: int, cells: tuple[Any, ...]) -> Row:
    values: list[Any] = []
    remarks: list[str] = []
    for cell in cells:
        if isinstance(cell, EmptyCell) or cell.value is None:
            values.append(None)
        elif cell.data_type == "e":
            values.append(None)
            remarks.append(_("ô %(cell)s báo lỗi, đã bỏ") % {"cell": cell.coordinate})
        else:
            values.append(_value(cell.value))
    while values and values[-1] in (None, ""):
        values.pop()
    return Row(number, values, tuple(remarks))


def _value(value: Any) -> Any:
    """Dates as `2020-01-15`, whole numbers without a point, the rest as it is."""
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, bool | int | float):
        return value
    # A formula over several cells is an object that holds its text.
    return str(getattr(value, "text", value))
