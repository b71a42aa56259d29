"""What the person's organisations owe, and the short report on how a result is used."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules
from marketplace.registration.compliance_forms import ApplicationForm
from marketplace.registration.models import Duty, DutyKind, DutyState, RuleBook
from marketplace.registration.services.applications import file_application_report
from marketplace.registration.views.compliance import duty_row


@require_safe
def duties(request: SignedInRequest) -> HttpResponse:
    mine = Duty.objects.visible_to(request.user)
    owed = list(mine.owed().for_rows().by_due_day()[:200])
    settled = mine.exclude(state__in=(DutyState.OPEN, DutyState.LATE), is_dropped=False)
    reporting = set(Duty.objects.reported_by(request.user).values_list("pk", flat=True))
    return render(
        request,
        "registration/compliance/mine.html",
        {
            "rows": [
                duty_row(duty) | {"do": _where(duty) if duty.pk in reporting else ""}
                for duty in owed
            ],
            "late": sum(duty.state == DutyState.LATE for duty in owed),
            "settled": [
                duty_row(duty)
                for duty in settled.exclude(is_dropped=True)
                .for_rows()
                .order_by("-due_on", "-pk")[:20]
            ],
            "organizations": list(dict.fromkeys(duty.organization.name for duty in owed)),
            "book": rules.book(RuleBook.Kind.DUTIES),
        },
    )


def _where(duty: Duty) -> str:
    """Where it is done; "" where the exchange has no page for it."""
    match duty.kind:
        case DutyKind.REGISTER if duty.task:
            return reverse("registration:start", args=[duty.task.public_id])
        case DutyKind.APPLICATION_REPORT:
            return reverse("compliance:report", args=[duty.public_id])
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def report(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The report of one year on one user of a result; another user is another report."""
    duty = get_object_or_404(
        Duty.objects.reported_by(request.user).for_rows(),
        public_id=public_id,
        kind=DutyKind.APPLICATION_REPORT,
    )
    if duty.result is None or duty.is_dropped:
        raise Http404
    initial: dict[str, Any] = {
        "organization_name": duty.organization.name,
        "province_code": duty.organization.province_code,
        "reported_on": clock.today(),
    }
    form = ApplicationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            file_application_report(duty, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request, _("Đã gửi báo cáo ứng dụng năm thứ %(year)d.") % {"year": duty.number}
            )
            return redirect("compliance:mine")
    return render(
        request,
        "registration/compliance/report.html",
        {
            "form": form,
            "duty": duty,
            "filed": list(duty.result.applications.filter(year_number=duty.number).order_by("pk")),
        },
    )
