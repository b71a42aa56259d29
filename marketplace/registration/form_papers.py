"""Forms 5 and 8 of a dossier on paper, to be signed and stamped: as PDF, and as a document for Word."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from marketplace.core import clock
from marketplace.core.printing import pdf_of
from marketplace.core.templatetags.design import date_vi
from marketplace.registration import documents, rules
from marketplace.registration.models import Dossier
from marketplace.registration.presentation import shown_value
from marketplace.registration.rules import Kind
from search.analysis import compose

STYLESHEET = "css/form-paper.css"
#: Words on the paper itself, which is Vietnamese whoever prints it.
_TITLES: Final = {
    Kind.FORM_5: "PHIẾU ĐĂNG KÝ KẾT QUẢ THỰC HIỆN NHIỆM VỤ KHOA HỌC VÀ CÔNG NGHỆ",
    Kind.FORM_8: "PHIẾU MÔ TẢ CÔNG NGHỆ",
}
_NUMBERS: Final = {Kind.FORM_5: "Mẫu 5", Kind.FORM_8: "Mẫu 8"}
_BLANK: Final = "…" * 24
_PEOPLE_HEADS: Final = ("TT", "Họ và tên, học hàm, học vị", "Tổ chức công tác", "Nội dung tham gia")


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered item: its text, or the rows of people."""

    number: int
    label: str
    text: str = ""
    people: tuple[tuple[str, str, str, str], ...] = ()
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is printed."""

    title: str
    number: str
    basis: str
    is_uncertain: bool
    superior: str
    organization: str
    leader: str
    lines: tuple[Line, ...]
    year: int


def sheet_of(dossier: Dossier, form: str) -> Sheet:
    """What the dossier says, in the order of the edition it is ruled by; what it lacks stays open.

    Raises:
        KeyError: there is no such form, or the dossier does not ask for it.
    """
    asked = {item.form for item in rules.items(dossier.ruled_on) if item.is_asked(dossier.form)}
    if form not in _TITLES or form not in asked:
        raise KeyError(form)
    book = rules.book(form, dossier.ruled_on)
    given = dossier.form
    lines: list[Line] = []
    for field in rules.form_fields(form, dossier.ruled_on):
        lines.append(_line(len(lines) + 1, field, given.get(field.code)))
        if form == Kind.FORM_5 and field.code == "level":
            lines += _known_without_asking(dossier, first=len(lines) + 1)
    return Sheet(
        title=_TITLES[Kind(form)],
        number=_NUMBERS[Kind(form)],
        basis=book.legal_basis,
        is_uncertain=book.is_uncertain,
        superior=str(given.get("agency") or ""),
        organization=dossier.organization.name,
        leader=" ".join(part for part in (given.get("leader_degree"), given.get("leader")) if part),
        lines=tuple(lines),
        year=clock.today().year,
    )


def _known_without_asking(dossier: Dossier, *, first: int) -> list[Line]:
    """What form 5 asks and the steps do not: a dossier is only begun where nothing of it is secret,
    and by its lead organisation."""
    return [
        Line(first, "Mức độ bảo mật", text="Bình thường"),
        Line(first + 1, "Tổ chức chủ trì", text=dossier.organization.name),
    ]


def _line(number: int, field: rules.Field, value: Any) -> Line:
    if field.kind == "people":
        return Line(number, field.label_vi, people=_people(value or []))
    shown = shown_value(field, value)
    text = date_vi(shown) if isinstance(shown, date) else str(shown or "")
    return Line(number, field.label_vi, text=text or _BLANK, is_long=field.kind == "long")


def _people(rows: list[dict[str, Any]]) -> tuple[tuple[str, str, str, str], ...]:
    told = tuple(
        (
            str(at),
            " ".join(part for part in (row.get("degree"), row.get("name")) if part),
            row.get("organization", ""),
            row.get("work", ""),
        )
        for at, row in enumerate(rows, start=1)
    )
    return told or tuple((str(at), "", "", "") for at in range(1, 4))


def form_pdf(dossier: Dossier, form: str) -> bytes:
    """The form for signature; raises KeyError and PrintingUnavailable."""
    with translation.override("vi"):
        sheet = sheet_of(dossier, form)
        page = render_to_string(
            "registration/form_paper.html", {"sheet": sheet, "people_heads": _PEOPLE_HEADS}
        )
        return pdf_of(page, stylesheet=STYLESHEET)


def form_document(dossier: Dossier, form: str) -> bytes:
    """The same for Word, to be mended before it is signed."""
    with translation.override("vi"):
        sheet = sheet_of(dossier, form)
        document = documents.official_paper()
        documents.form_head(
            document,
            superior=sheet.superior,
            body=sheet.organization,
            right=sheet.number,
            day=documents.issue_day("", None, sheet.year),
        )
        documents.heading(document, sheet.title)
        documents.small(document, _standing(sheet))
        for line in sheet.lines:
            if line.people:
                documents.section_title(document, f"{line.number}. {line.label}")
                documents.table(document, _PEOPLE_HEADS, line.people, widths=(1.0, 5.6, 5.0, 4.6))
                continue
            documents.labelled(document, f"{line.number}. {line.label}:", line.text)
        documents.two_signatures(
            document,
            ("CHỦ NHIỆM NHIỆM VỤ", "(Ký, ghi rõ họ tên)", compose(sheet.leader)),
            ("THỦ TRƯỞNG TỔ CHỨC CHỦ TRÌ", "(Ký, đóng dấu)", ""),
        )
        return documents.saved(document)


def _standing(sheet: Sheet) -> str:
    basis = f"(Theo {sheet.basis})" if sheet.basis else ""
    doubt = (
        " Thứ tự và tên mục chờ đối chiếu với phụ lục của thông tư." if sheet.is_uncertain else ""
    )
    return f"{basis}{doubt}".strip()
