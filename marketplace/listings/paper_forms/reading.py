"""A form that came back: which one it is, and what stands on each line. Nothing written in it is dropped."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zipfile import BadZipFile

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from marketplace.core.errors import UploadRejected
from marketplace.core.text import fold, nfc
from marketplace.core.uploads import CheckedFile
from marketplace.listings.examining.documents import check_listing_document
from marketplace.listings.paper_forms.editions import PaperForm, marked
from marketplace.listings.paper_forms.writing import DOCX, HEADINGS, XLSX

_MOST_ROWS: Final = 400
_MOST_LETTERS: Final = 20_000
_UNREADABLE = (
    PackageNotFoundError, BadZipFile, InvalidFileException, KeyError, ValueError, OSError, AttributeError,
    IndexError, TypeError, SyntaxError,
)  # fmt: skip


@dataclass(slots=True)
class Answers:
    """
    Attributes:
        form: which form it is.
        written: number of the line → what is written there.
        rest: what is written anywhere else.
        file: the file itself, checked.
    """

    form: PaperForm
    file: CheckedFile
    written: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


def read_form(upload: UploadedFile) -> Answers:
    """
    Raises:
        UploadRejected: it is no file that we take (an old .doc, one with macros, one that unpacks without
            end, a damaged one), or none of our forms.
    """
    if (upload.name or "").lower().endswith((".doc", ".xls")):
        raise UploadRejected(
            _(
                "Tệp kiểu cũ (.doc, .xls) không đọc được. Mở bằng Word hoặc Excel, lưu thành .docx hoặc .xlsx."
            )
        )
    checked = check_listing_document(upload)
    if checked.content_type not in (DOCX, XLSX):
        raise UploadRejected(_("Tải lên phiếu dạng DOCX hoặc XLSX."))
    checked.content.seek(0)
    data = checked.content.read()
    checked.content.seek(0)
    try:
        mark, rows, loose = (_docx if checked.content_type == DOCX else _xlsx)(data)
    except _UNREADABLE as error:
        raise UploadRejected(_("Tệp bị hỏng, không đọc được. Hãy lưu lại rồi tải lên.")) from error
    form = marked(mark)
    if form is None:
        raise UploadRejected(
            _(
                "Đây không phải phiếu tải từ sàn, hoặc mã phiếu ở cuối đã bị xóa. Tải lại phiếu rồi chép sang."
            )
        )
    return _sorted(form, checked, rows, loose)


def _sorted(
    form: PaperForm, checked: CheckedFile, rows: list[tuple[str, str, str]], loose: list[str]
) -> Answers:
    found = Answers(form, checked, rest=loose)
    by_number = {line.number: line for line in form.lines}
    by_label = {fold(line.label): line for line in form.lines}
    for number, label, answer in rows:
        if not answer.strip():
            continue
        line = by_number.get(number.strip().rstrip(".")) or by_label.get(fold(label).strip(" *"))
        if line is None or line.number in found.written:
            found.rest.append(f"{label or number}: {answer}".strip(": "))
        else:
            found.written[line.number] = answer[:_MOST_LETTERS]
            if len(answer) > _MOST_LETTERS:
                found.rest.append(answer[_MOST_LETTERS:])
    return found


def _docx(data: bytes) -> tuple[str, list[tuple[str, str, str]], list[str]]:
    made: Any = Document(io.BytesIO(data))
    mark, loose, rows = str(made.core_properties.subject or ""), [], []
    for paragraph in made.paragraphs:
        text = nfc(paragraph.text).strip()
        if marked(text):
            mark = text
        elif text and not _is_ours(paragraph):
            loose.append(text)
    for table in made.tables:
        for row in table.rows[:_MOST_ROWS]:
            cells = [nfc(cell.text).strip() for cell in row.cells]
            rows.append(
                (cells[0], cells[1], "\n".join(cells[2:]))
                if len(cells) > 2
                else ("", "", "\n".join(cells))
            )
    return mark, _without_headings(rows), loose


def _is_ours(paragraph: Any) -> bool:
    """The heading and the line of instruction that were printed on it."""
    return paragraph.style.name.startswith("Heading") or paragraph.text.startswith("Viết vào cột")


def _xlsx(data: bytes) -> tuple[str, list[tuple[str, str, str]], list[str]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    mark, rows = str(book.properties.subject or ""), []
    for sheet in book.worksheets:
        for cells in sheet.iter_rows(max_row=_MOST_ROWS, max_col=8, values_only=True):
            texts = [_text(value) for value in cells]
            texts += [""] * (3 - len(texts))
            if marked(texts[2]):
                mark = texts[2].strip()
                continue
            rows.append((texts[0], texts[1], "\n".join(text for text in texts[2:] if text)))
    book.close()
    return mark, _without_headings(rows), []


def _without_headings(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [row for row in rows if row != HEADINGS]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = nfc(str(value)).strip()
    # What `harmless` set before a sign that would have made it a formula.
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text
