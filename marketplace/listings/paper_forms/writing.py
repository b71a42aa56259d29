"""A form as a file: DOCX to be written in, XLSX to be typed into; blank, or filled from a listing."""

import io
from typing import Any, Final

from docx import Document
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from marketplace.accounts.models import Organization
from marketplace.core.cells import harmless
from marketplace.listings.models import Listing
from marketplace.listings.paper_forms.editions import Line, PaperForm
from marketplace.listings.paper_forms.values import printed, step_and_field, value_of

HEADINGS: Final = ("Mục", "Nội dung", "Trả lời")
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES: Final = {"docx": DOCX, "xlsx": XLSX}


def document(
    form: PaperForm,
    suffix: str,
    *,
    draft: Listing | None = None,
    organization: Organization | None = None,
) -> bytes:
    """
    Args:
        form: which one.
        suffix: "docx" or "xlsx".
        draft: a listing of the form's kind to fill it from.
        organization: whose name and address stand in it.
    """
    rows = [(line, _answer(form, line, draft, organization)) for line in form.lines]
    return _docx(form, rows) if suffix == "docx" else _xlsx(form, rows)


def _answer(
    form: PaperForm, line: Line, draft: Listing | None, organization: Organization | None
) -> str:
    if line.shows:
        return str(getattr(organization, line.shows)) if organization is not None else ""
    if not line.field:
        return ""
    _step, field = step_and_field(form.kind, line.field)
    return printed(field, value_of(draft, line.field) if draft is not None else None)


def _label(line: Line) -> str:
    return f"{line.label} *" if line.required else line.label


def _docx(form: PaperForm, rows: list[tuple[Line, str]]) -> bytes:
    made: Any = Document()
    made.styles["Normal"].font.size = Pt(11)
    made.core_properties.subject = form.mark
    made.core_properties.title = form.title.vi
    made.add_heading(form.title.vi, level=1)
    made.add_paragraph(
        "Viết vào cột “Trả lời”. Ô ☐ được chọn thì thay bằng ☒. Mục có dấu * cần có."
    )
    table = made.add_table(rows=1, cols=3, style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
    for line, answer in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text = line.number, _label(line), answer
    for row in table.rows:
        for cell, width in zip(row.cells, (1.2, 5.8, 9.5), strict=True):
            cell.width = Cm(width)
    made.add_paragraph(form.mark)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _xlsx(form: PaperForm, rows: list[tuple[Line, str]]) -> bytes:
    book = Workbook()
    book.properties.subject = form.mark
    sheet: Any = book.active
    sheet.title = f"Phiếu {form.code}"
    sheet.append([form.title.vi, "", form.mark])
    sheet.append(list(HEADINGS))
    for line, answer in rows:
        sheet.append([line.number, _label(line), harmless(answer)])
    for row in sheet.iter_rows(min_row=3):
        row[2].number_format = "@"  # text: a figure stays as it was typed
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, width in enumerate((6, 44, 80), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for cell in (sheet["A1"], *sheet[2]):
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
