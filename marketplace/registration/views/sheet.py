"""One page of paper for an official: what waits, who is late, what was issued, what is asked."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.registration.models import (
    Certificate,
    CertifiedCopy,
    Dossier,
    Duty,
    DutyKind,
    Finding,
    FocalPoint,
    InspectionVisit,
    Letter,
    LetterState,
    VisitState,
)
from marketplace.registration.states import CopyState, DossierState
from marketplace.registration.views.compliance import chosen_point
from marketplace.registration.views.desk import desk_view

#: What fits on one page of paper.
MOST_UNITS, MOST_CERTIFICATES = 8, 6


@require_safe
@desk_view
def sheet(request: SignedInRequest) -> HttpResponse:
    points, chosen = chosen_point(request)
    shown = [chosen] if chosen else points
    today = clock.today()
    duties = Duty.objects.filter(focal_point__in=shown)
    late = duties.late()
    month = Certificate.objects.filter(
        focal_point__in=shown, issued_on__year=today.year, issued_on__month=today.month
    )
    return render(
        request,
        "registration/compliance/sheet.html",
        {
            "points": points,
            "chosen": chosen,
            "title": chosen.name if chosen else points[0].name if len(points) == 1 else "",
            "today": today,
            "ages": _ages(shown, today),
            "units": list(duties.by_unit().filter(late__gt=0)[:MOST_UNITS]),
            "late": late.aggregate(
                units=Count("organization", distinct=True),
                all=Count("pk"),
                long=Count("pk", filter=Q(due_on__lt=date.fromordinal(today.toordinal() - 30))),
            ),
            "certificates": list(
                month.select_related("result", "dossier__organization").order_by(
                    "-issued_at", "-pk"
                )[:MOST_CERTIFICATES]
            ),
            "month_count": month.count(),
            "asked": _asked(shown, today),
        },
    )


def _ages(points: list[FocalPoint], today: date) -> list[dict[str, Any]]:
    """The queue by how its dossiers stand to their term."""
    waiting = Dossier.objects.filter(focal_point__in=points).waiting_at_desk()
    soon = date.fromordinal(today.toordinal() + 2)
    counts = waiting.aggregate(
        over=Count("pk", filter=Q(due_on__lt=today)),
        soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=soon)),
        later=Count("pk", filter=Q(due_on__gt=soon) | Q(due_on=None)),
    )
    returned = Dossier.objects.filter(focal_point__in=points, state=DossierState.RETURNED).count()
    return [
        {"label": _("Hồ sơ quá hạn xử lý"), "value": counts["over"]},
        {"label": _("Đến hạn trong 2 ngày"), "value": counts["soon"]},
        {"label": _("Còn hạn"), "value": counts["later"]},
        {"label": _("Chờ đơn vị bổ sung"), "value": returned},
    ]


def _asked(points: list[FocalPoint], today: date) -> list[str]:
    """What the official is asked for, most pressing first; nothing where nothing waits."""
    dossiers = Dossier.objects.filter(focal_point__in=points)
    signing = dossiers.filter(state=DossierState.ACCEPTED).count()
    copies = CertifiedCopy.objects.filter(
        state=CopyState.REQUESTED, certificate__focal_point__in=points
    ).count()
    letters = Letter.objects.filter(focal_point__in=points, state=LetterState.DRAFT).count()
    heads = (
        Duty.objects.late()
        .filter(focal_point__in=points, due_on__lt=date.fromordinal(today.toordinal() - 60))
        .aggregate(units=Count("organization", distinct=True))["units"]
    )
    visits = InspectionVisit.objects.filter(
        plan__focal_point__in=points, state=VisitState.PLANNED, planned_on__lt=today
    ).count()
    findings = (
        Finding.objects.open().filter(visit__plan__focal_point__in=points, due_on__lt=today).count()
    )
    reports = (
        Duty.objects.late()
        .filter(kind=DutyKind.YEARLY_REPORT, organization__focal_point__in=points)
        .count()
    )
    asked = (
        (signing, ngettext("Ký cấp %(n)d giấy chứng nhận.", "Ký cấp %(n)d giấy chứng nhận.", signing)),
        (copies, ngettext("Cấp %(n)d bản sao.", "Cấp %(n)d bản sao.", copies)),
        (letters, ngettext("Ban hành %(n)d công văn đang chờ số.", "Ban hành %(n)d công văn đang chờ số.", letters)),
        (heads, ngettext("Làm việc với %(n)d đơn vị quá hạn trên 60 ngày.", "Làm việc với %(n)d đơn vị quá hạn trên 60 ngày.", heads)),
        (reports, ngettext("Chốt %(n)d báo cáo tổng hợp năm quá hạn.", "Chốt %(n)d báo cáo tổng hợp năm quá hạn.", reports)),
        (visits, ngettext("Thực hiện %(n)d buổi kiểm tra đã quá ngày.", "Thực hiện %(n)d buổi kiểm tra đã quá ngày.", visits)),
        (findings, ngettext("Đôn đốc %(n)d phát hiện quá hạn khắc phục.", "Đôn đốc %(n)d phát hiện quá hạn khắc phục.", findings)),
    )  # fmt: skip
    return [text % {"n": count} for count, text in asked if count]
