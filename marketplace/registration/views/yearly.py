"""The consolidated report of a year: preview, closing, documents; the agency sees all side by side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules
from marketplace.registration.documents import DOCX
from marketplace.registration.models import FocalPoint, RuleBook, YearlyReport
from marketplace.registration.services import yearly
from marketplace.registration.views.desk import desk_view
from marketplace.registration.views.papers import made_file
from marketplace.registration.yearly_papers import (
    XLSX,
    field_lines,
    level_lines,
    report_document,
    report_workbook,
    summary_lines,
)

FIRST_YEAR = 2020


def _year(request: SignedInRequest) -> int:
    today = clock.today()
    # Until the year nears its end, the report that matters is the last one's.
    usual = today.year if yearly.can_close(today.year) else today.year - 1
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else usual
    return year if FIRST_YEAR <= year <= today.year else usual


def _points(request: SignedInRequest) -> list[FocalPoint]:
    return list(
        FocalPoint.objects.visible_to(request.user)
        .select_related("organization")
        .order_by("kind", "slug")
    )


def _figures(points: list[FocalPoint], year: int) -> list[tuple[FocalPoint, Any, Any]]:
    """Each focal point with its figures: those it closed, else as they are now."""
    closed = {
        report.focal_point_id: report
        for report in YearlyReport.objects.filter(focal_point__in=points, year=year)
    }
    live = yearly.figures_of([point for point in points if point.pk not in closed], year)
    return [
        (
            point,
            closed[point.pk].figures if point.pk in closed else live[point.pk],
            closed.get(point.pk),
        )
        for point in points
    ]


@require_safe
@desk_view
def overview(request: SignedInRequest) -> HttpResponseBase:
    year = _year(request)
    found = _figures(_points(request), year)
    if request.GET.get("dang") == "xlsx":
        data = report_workbook([(point, figures) for point, figures, _closed in found], year)
        return made_file(data, name=f"bao-cao-tong-hop-{year}.xlsx", content_type=XLSX)
    rows = [
        {"point": point, "closed": closed, "lines": summary_lines(figures)}
        for point, figures, closed in found
    ]
    return render(
        request,
        "registration/compliance/yearly.html",
        {
            "year": year,
            "years": range(clock.today().year, FIRST_YEAR - 1, -1),
            "rows": rows,
            "names": [name for name, _count in rows[0]["lines"]] if rows else [],
            "book": rules.book(RuleBook.Kind.DEADLINES),
        },
    )


def _point(request: SignedInRequest, slug: str, year: int) -> FocalPoint:
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    points = FocalPoint.objects.visible_to(request.user).select_related("organization")
    return get_object_or_404(points, slug=slug)


@require_safe
@desk_view
def report(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    point = _point(request, focal_point, year)
    [(_point_, figures, closed)] = _figures([point], year)
    is_own = FocalPoint.objects.staffed_by(request.user).filter(pk=point.pk).exists()
    tasks, results = figures["tasks"], figures["results"]
    return render(
        request,
        "registration/compliance/yearly_report.html",
        {
            "point": point,
            "year": year,
            "figures": figures,
            "closed": closed,
            "can_close": is_own and closed is None and yearly.can_close(year),
            "summary": summary_lines(figures),
            "tables": [
                {"title": _("Nhiệm vụ tiến hành, theo cấp"), "rows": level_lines(tasks)},
                {"title": _("Nhiệm vụ tiến hành, theo lĩnh vực"), "rows": field_lines(tasks)},
                {"title": _("Kết quả đăng ký, theo cấp"), "rows": level_lines(results)},
                {"title": _("Kết quả đăng ký, theo lĩnh vực"), "rows": field_lines(results)},
            ],
        },
    )


@require_safe
@desk_view
def document(request: SignedInRequest, focal_point: str, year: int, form: str) -> HttpResponseBase:
    point = _point(request, focal_point, year)
    [(_point_, figures, closed)] = _figures([point], year)
    name = f"bao-cao-tong-hop-{point.slug}-{year}.{form}"
    if form == "xlsx":
        data = report_workbook([(point, figures)], year)
        return made_file(data, name=name, content_type=XLSX)
    closed_on = closed.closed_on if closed else None
    data = report_document(point, year, figures, closed_on=closed_on)
    return made_file(data, name=name, content_type=DOCX)


@require_POST
@desk_view
@idempotent
def close(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    point = get_object_or_404(FocalPoint.objects.staffed_by(request.user), slug=focal_point)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    try:
        yearly.close_year(point, year, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Đã chốt số liệu năm %(year)s.") % {"year": year})
    return redirect("compliance:yearly_report", point.slug, year)
