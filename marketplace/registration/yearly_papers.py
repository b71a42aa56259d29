"""The consolidated report of a year to take away: for Word in the official layout, and as a workbook."""

import io
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from marketplace.core.templatetags.design import date_vi, vi_number
from marketplace.registration import documents
from marketplace.registration.models import FocalPoint
from marketplace.research.models import TaskLevel
from marketplace.taxonomy.labels import label
from search.views.exporting import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Line = tuple[str, int]


def level_lines(tally: dict[str, Any]) -> list[Line]:
    names = dict(TaskLevel.choices)
    return [
        (str(names.get(level, _("Không ghi cấp"))), count)
        for level, count in tally["by_level"].items()
    ]


def field_lines(tally: dict[str, Any]) -> list[Line]:
    return [
        (label("st-fields", code) if code else _("Chưa phân lĩnh vực"), count)
        for code, count in tally["by_field"].items()
    ]


def summary_lines(figures: dict[str, Any]) -> list[Line]:
    """The figures that every report begins with."""
    applications, dossiers = figures["applications"], figures["dossiers"]
    return [
        (_("Nhiệm vụ tiến hành trong năm"), figures["tasks"]["total"]),
        (_("Hồ sơ đăng ký nhận trong năm"), dossiers["received"]),
        (_("Kết quả được cấp giấy chứng nhận"), figures["results"]["total"]),
        (_("Hồ sơ không tiếp nhận"), dossiers["refused"]),
        (_("Báo cáo ứng dụng đến hạn trong năm"), applications["due"]),
        (_("Báo cáo ứng dụng đã thực hiện"), applications["done"]),
        (_("Báo cáo ứng dụng quá hạn"), applications["late"]),
        (_("Lượt ứng dụng được báo cáo trong năm"), applications["filed"]),
        (_("Đơn vị đang quá hạn"), len(figures["owing"])),
    ]


def report_document(
    point: FocalPoint, year: int, figures: dict[str, Any], *, closed_on: date | None
) -> bytes:
    with translation.override("vi"):
        return _document(point, year, figures, closed_on)


def _document(
    point: FocalPoint, year: int, figures: dict[str, Any], closed_on: date | None
) -> bytes:
    paper = documents.official_paper()
    documents.official_head(
        paper,
        superior=point.superior,
        body=point.name,
        number=f"…………/BC-{point.body_code}",
        about="",
        day=documents.issue_day(point.place, None, year if closed_on is None else closed_on.year),
    )
    documents.heading(paper, "BÁO CÁO")
    documents.heading(
        paper, f"Tổng hợp thông tin nhiệm vụ khoa học và công nghệ năm {year}", size=13
    )
    as_of = date.fromisoformat(figures["as_of"])
    documents.running(paper, f"Số liệu tính đến ngày {date_vi(as_of)}.")
    widths = (12.0, 4.2)
    for title, lines in _sections(figures):
        documents.section_title(paper, title)
        rows = [(name, vi_number(count)) for name, count in lines] or [("Không có", "0")]
        documents.table(paper, ["Nội dung", "Số lượng"], rows, widths=widths, numbers_from=1)
    documents.section_title(paper, "IV. Đơn vị đang quá hạn")
    documents.table(
        paper,
        ["Đơn vị", "Đăng ký kết quả", "Báo cáo ứng dụng", "Phiếu thông tin", "Cộng"],
        [
            (row["unit"], *(str(row[name]) for name in ("registering", "reporting", "sheets", "late")))
            for row in figures["owing"]
        ]
        or [("Không có", "0", "0", "0", "0")],
        widths=(6.6, 2.4, 2.6, 2.4, 2.2),
        numbers_from=1,
    )  # fmt: skip
    documents.foot(
        paper,
        {
            "copies": ["Cơ quan thông tin khoa học và công nghệ quốc gia"],
            "body_code": point.body_code,
            "signer_title": point.signer_title,
            "signer_name": point.signer_name,
        },
        first="",
    )
    return documents.saved(paper)


def _sections(figures: dict[str, Any]) -> list[tuple[str, list[Line]]]:
    tasks, results = figures["tasks"], figures["results"]
    return [
        ("I. Số liệu chung", summary_lines(figures)),
        ("II. Nhiệm vụ tiến hành trong năm theo cấp", level_lines(tasks)),
        ("II. Nhiệm vụ tiến hành trong năm theo lĩnh vực", field_lines(tasks)),
        ("III. Kết quả được đăng ký theo cấp", level_lines(results)),
        ("III. Kết quả được đăng ký theo lĩnh vực", field_lines(results)),
    ]


def report_workbook(rows: list[tuple[FocalPoint, dict[str, Any]]], year: int) -> bytes:
    """One sheet with the focal points side by side, one with their units that are late."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Tổng hợp %(year)s") % {"year": year}
    task, result = _("Nhiệm vụ: %(name)s"), _("Kết quả: %(name)s")
    parts: list[tuple[str, Any]] = [
        ("%(name)s", summary_lines),
        (task, lambda figures: level_lines(figures["tasks"])),
        (task, lambda figures: field_lines(figures["tasks"])),
        (result, lambda figures: level_lines(figures["results"])),
        (result, lambda figures: field_lines(figures["results"])),
    ]
    columns: list[dict[str, int]] = []
    names: dict[str, None] = {}
    for _point, figures in rows:
        values = {
            words % {"name": name}: count
            for words, lines in parts
            for name, count in lines(figures)
        }
        names |= dict.fromkeys(values)
        columns.append(values)
    _heads(sheet, [_("Nội dung"), *(point.name for point, _figures in rows)])
    for name in names:
        sheet.append([guarded(name), *(values.get(name, 0) for values in columns)])
    sheet.column_dimensions["A"].width = 48
    late = book.create_sheet(_("Đơn vị quá hạn"))
    _heads(
        late,
        [_("Đầu mối"), _("Đơn vị"), _("Đăng ký kết quả"), _("Báo cáo ứng dụng"),
         _("Phiếu thông tin"), _("Cộng")],
    )  # fmt: skip
    for point, figures in rows:
        for row in figures["owing"]:
            counts = (row[name] for name in ("registering", "reporting", "sheets", "late"))
            late.append([guarded(point.name), guarded(row["unit"]), *counts])
    late.column_dimensions["A"].width = late.column_dimensions["B"].width = 44
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heads(sheet: Any, names: list[str]) -> None:
    sheet.append([guarded(name) for name in names])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
