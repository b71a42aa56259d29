"""Documents for Word in the layout of official letters (Nghị định 30/2020/NĐ-CP, phụ lục I).

Editable on purpose: the clerk mends what has to be mended before a number is given. Nothing of it is
stored; it is made from the letter's row each time.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import translation
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from marketplace.core.templatetags.design import date_vi
from marketplace.registration.models import Letter
from search.analysis import compose

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_CENTER, _RIGHT, _JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_GAP = "…………"


def letter_document(letter: Letter) -> bytes:
    """The letter; its number and day are left open until the clerk has entered them."""
    # Whatever language its reader has chosen: an official document is Vietnamese.
    with translation.override("vi"):
        return _letter(letter)


def _letter(letter: Letter) -> bytes:
    printed = letter.printed
    document = official_paper()
    _head(
        document,
        printed,
        number=letter.number or f"{_GAP}/{printed['body_code']}",
        about=f"V/v {letter.subject}",
        day=issue_day(printed["place"], letter.issued_on, letter.drafted_on.year),
    )
    _line(document, printed["opening"], align=_CENTER, before=12, after=10)
    for paragraph in printed["paragraphs"]:
        _line(document, paragraph, align=_JUSTIFY, indent=True)
    table(
        document,
        ["TT", "Nội dung", "Nhiệm vụ, kết quả", "Hạn", "Số ngày quá hạn"],
        [
            (
                str(at),
                row["kind"],
                f"{row['code']} – {row['subject']}" if row["code"] else row["subject"],
                date_vi(date.fromisoformat(row["due_on"])) + (" (*)" if row["is_presumed"] else ""),
                str(row["days_late"] or "–"),
            )
            for at, row in enumerate(printed["rows"], start=1)
        ],
        widths=(1.0, 3.6, 6.8, 2.6, 2.2),
    )
    if any(row["is_presumed"] for row in printed["rows"]):
        note = (
            "(*) Tính từ ngày kết thúc nhiệm vụ trong cơ sở dữ liệu, vì chưa biết ngày nghiệm thu."
        )
        _line(document, note, size=11, italic=True)
    _line(document, printed["closing"], align=_JUSTIFY, indent=True, before=6)
    if printed["contact"]:
        contact = f"Liên hệ: {printed['contact']}."
        _line(document, contact, align=_JUSTIFY, indent=True)
    foot(document, printed)
    return saved(document)


def official_paper() -> Any:
    """An A4 page with the margins and the letters of an official document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    # Word takes another font for letters beyond Latin-1 where only the first is named.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(6)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = "vi-VN"
    return document


def issue_day(place: str, day: date | None, year: int) -> str:
    told = (
        f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
        if day
        else f"ngày …… tháng …… năm {year}"
    )
    return f"{place}, {told}" if place else told


def official_head(
    document: Any, *, superior: str, body: str, number: str, about: str, day: str
) -> None:
    """Issuing body and who stands above it on the left, country and motto on the right."""
    _head(document, {"superior": superior, "body": body}, number=number, about=about, day=day)


def form_head(document: Any, *, superior: str, body: str, right: str, day: str) -> None:
    """The head of a form that an organisation signs: no number, the form's own sign on the right."""
    _line(document, right, align=_RIGHT, size=12, italic=True, after=2)
    _head(document, {"superior": superior, "body": body}, number="", about="", day=day)


def _head(document: Any, printed: dict[str, Any], *, number: str, about: str, day: str) -> None:
    grid = document.add_table(rows=2, cols=2)
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    left, right = grid.rows[0].cells
    below_left, below_right = grid.rows[1].cells
    for row in grid.rows:
        row.cells[0].width, row.cells[1].width = Cm(7), Cm(9.5)
    if printed["superior"]:
        _say(left.paragraphs[0], compose(printed["superior"]).upper(), size=12)
        _say(left.add_paragraph(), compose(printed["body"]).upper(), size=12, bold=True)
    else:
        _say(left.paragraphs[0], compose(printed["body"]).upper(), size=12, bold=True)
    _rule(left.add_paragraph(), share=3.2)
    _say(right.paragraphs[0], COUNTRY, size=12, bold=True)
    _say(right.add_paragraph(), MOTTO, size=13, bold=True)
    _rule(right.add_paragraph(), share=2.2)
    if number:
        _say(below_left.paragraphs[0], f"Số: {number}", size=13)
    if about:
        _say(below_left.add_paragraph(), about, size=12)
    _say(below_right.paragraphs[0], day, size=13, italic=True)


def foot(document: Any, printed: dict[str, Any], *, first: str = "Như trên") -> None:
    """Who receives it on the left, the signature on the right."""
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    left, right = grid.rows[0].cells
    left.width, right.width = Cm(8), Cm(8.5)
    _say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, align=None)
    receivers = [*([first] if first else []), *printed["copies"]]
    receivers.append(f"Lưu: VT, {printed['body_code']}")
    for at, receiver in enumerate(receivers):
        end = "." if at == len(receivers) - 1 else ";"
        _say(left.add_paragraph(), f"- {receiver}{end}", size=11, align=None)
    sign(right, printed["signer_title"], printed["signer_name"])


def sign(cell: Any, title: str, name: str) -> None:
    """The block in which the head of the body signs; who that is may still be open."""
    _say(cell.paragraphs[0], compose(title or "THỦ TRƯỞNG ĐƠN VỊ").upper(), bold=True)
    for _line_left in range(4):
        _say(cell.add_paragraph(), "")
    _say(cell.add_paragraph(), name, size=14, bold=True)


def table(
    document: Any,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[float],
    numbers_from: int | None = None,
) -> None:
    """A ruled table whose head is repeated on each page; columns from `numbers_from` on hold figures."""
    grid = document.add_table(rows=1, cols=len(heads))
    grid.style = "Table Grid"
    grid.autofit = False
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        _say(cell.paragraphs[0], head, size=12, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for values in rows:
        cells = grid.add_row().cells
        for at, (cell, value) in enumerate(zip(cells, values, strict=True)):
            is_figure = numbers_from is not None and at >= numbers_from
            align = _RIGHT if is_figure else _CENTER if at == 0 and numbers_from is None else None
            _say(cell.paragraphs[0], value, size=12, align=align)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def heading(document: Any, text: str, *, size: int = 14) -> None:
    _line(document, text, align=_CENTER, size=size, bold=True, before=10, after=6)


def section_title(document: Any, text: str) -> None:
    _line(document, text, bold=True, before=8)


def running(document: Any, text: str) -> None:
    _line(document, text, align=_JUSTIFY, indent=True)


def small(document: Any, text: str) -> None:
    _line(document, text, align=_CENTER, size=11, italic=True, after=8)


def labelled(document: Any, label: str, text: str) -> None:
    """An item of a form: what is asked in bold, then what was said."""
    paragraph = document.add_paragraph()
    # Not justified: a long blank in its second line would tear the first one apart.
    _say(paragraph, f"{label} ", bold=True, align=None)
    _say(paragraph, text, align=None)
    paragraph.paragraph_format.space_after = Pt(4)


def two_signatures(document: Any, left: tuple[str, str, str], right: tuple[str, str, str]) -> None:
    """Two who sign side by side: what they are, how they sign, their name."""
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    for cell, (title, hint, name) in zip(grid.rows[0].cells, (left, right), strict=True):
        cell.width = Cm(8.2)
        _say(cell.paragraphs[0], title, bold=True)
        _say(cell.add_paragraph(), hint, size=12, italic=True)
        for _line_left in range(4):
            _say(cell.add_paragraph(), "")
        _say(cell.add_paragraph(), name, size=14, bold=True)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    document: Any,
    text: str,
    *,
    align: Any = None,
    indent: bool = False,
    before: int = 0,
    after: int = 6,
    **style: Any,
) -> None:
    paragraph = document.add_paragraph()
    _say(paragraph, text, align=align, **{"size": 13, **style})
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    if indent:
        paragraph.paragraph_format.first_line_indent = Cm(1.27)


def _say(
    paragraph: Any,
    text: str,
    *,
    size: int = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = _CENTER,
) -> None:
    # What XML cannot hold has no place in a document either.
    run = paragraph.add_run("".join(c for c in text if c >= " " or c in "\t\n"))
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    paragraph.paragraph_format.space_after = Pt(0)
    if align is not None:
        paragraph.alignment = align


def _rule(paragraph: Any, *, share: float) -> None:
    """The short line under the body's name and under the motto."""
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.line_spacing = Pt(4)
    paragraph.paragraph_format.left_indent = Cm(share)
    paragraph.paragraph_format.right_indent = Cm(share)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_number(paragraph: Any) -> None:
    """The page's number in the middle of the head, from the second page on."""
    paragraph.alignment = _CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
