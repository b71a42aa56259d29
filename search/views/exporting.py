"""The list as a table to take away, CSV or XLSX: what the page shows, no more."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from marketplace.core.cells import harmless
from marketplace.core.templatetags.design import date_vi
from search.engines import SearchUnavailable
from search.narrowed import narrowed_for
from search.registry import hydrate, source
from search.searching import find
from search.views.address import Asked, read

MOST_ROWS: Final = 1_000
_BATCH: Final = 200
_SUMMARY: Final = 300
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS: Final = (16, 18, 60, 36, 20, 8, 6, 24, 14, 60, 40)

#: What XML, and so a workbook, cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")

Row = list[str | int]
Response = TypeVar("Response", bound=HttpResponseBase)


@login_not_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    asked = read(request.GET, narrowed_for(request))
    rows = _rows(request, asked)
    try:
        # The first batch is read here: what is streamed later can no longer say that it failed.
        first = next(rows)
    except SearchUnavailable:
        return redirect(f"{reverse('search:search')}?{request.GET.urlencode()}")
    if request.GET.get("dang") == "xlsx":
        return _workbook([first, *rows])
    return _csv(first, rows)


def heading() -> Row:
    return [
        _("Loại"), _("Số hiệu"), _("Tên"), pgettext("một tổ chức", "Tổ chức"), _("Nơi"), _("Năm"), _("TRL"),
        _("Giá, ngân sách"), _("Hạn"), _("Tóm tắt"), _("Địa chỉ trang"),
    ]  # fmt: skip


def _rows(request: HttpRequest, asked: Asked) -> Iterator[Row]:
    """The heading, then what the person may see of the first hits, in the order of the page."""
    for offset in range(0, MOST_ROWS, _BATCH):
        results = find(asked.query(limit=_BATCH, offset=offset))
        if not offset:
            yield heading()
        for hit, row in hydrate(results.hits, request.user, asked.narrowed):
            yield _row(request, hit.kind, hit.title, hit.text, row)
        if offset + _BATCH >= results.total:
            return


def _row(request: HttpRequest, kind: str, title: str, text: str, row: Any) -> Row:
    registered = source(kind)
    assert registered is not None
    facts = registered.facts(row)
    return [
        str(registered.label),
        facts.number,
        title,
        facts.by,
        facts.place,
        facts.year or "",
        facts.trl or "",
        facts.price,
        date_vi(facts.deadline) if facts.deadline else "",
        " ".join(text.split())[:_SUMMARY],
        request.build_absolute_uri(row.get_absolute_url()),
    ]


def guarded(value: str | int) -> str | int:
    """Text that a spreadsheet will show and never calculate."""
    if isinstance(value, int):
        return value
    return harmless(_CONTROL.sub("", value))


class _Echo:
    """A file that hands back what is written to it, so that rows are sent as they are made."""

    def write(self, text: str) -> str:
        return text


def _csv(first: Row, rows: Iterator[Row]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        # Excel reads UTF-8 only behind this mark.
        yield "\ufeff" + writer.writerow([guarded(value) for value in first])
        for row in rows:
            yield writer.writerow([guarded(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    return _attached(response, "csv")


def _workbook(rows: list[Row]) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Kết quả tìm kiếm")[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, value, is_head=not number) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _attached(HttpResponse(out.getvalue(), content_type=_SHEET), "xlsx")


def _cell(sheet: Any, value: str | int, *, is_head: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=guarded(value))
    if isinstance(value, str):
        cell.data_type = "s"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _attached(response: Response, ending: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="ket-qua-tim-kiem.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response
