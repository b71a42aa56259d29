"""Inspections at the desk: plans, visits with their minutes, findings until they are closed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration.inspection_forms import (
    ApprovalForm,
    FindingForm,
    FollowUpForm,
    MinutesForm,
    PlanForm,
    VisitForm,
)
from marketplace.registration.models import (
    Duty,
    Finding,
    FocalPoint,
    InspectionPlan,
    InspectionVisit,
    PlanState,
    VisitState,
)
from marketplace.registration.services import inspections
from marketplace.registration.views.compliance import chosen_point
from marketplace.registration.views.desk import desk_view
from marketplace.registration.views.papers import stored_file

TONES = {
    PlanState.DRAFT: "warn",
    PlanState.APPROVED: "good",
    VisitState.PLANNED: "open",
    VisitState.DONE: "good",
    VisitState.CANCELLED: "open",
}
MOST = 100
#: What an address may name; a number beyond would be an error of the database.
YEARS = range(2000, 2100)


def _own(request: SignedInRequest) -> list[FocalPoint]:
    points = FocalPoint.objects.staffed_by(request.user).select_related("organization")
    return list(points.order_by("slug"))


def _state(row: InspectionPlan | InspectionVisit) -> dict[str, str]:
    tone = "care" if isinstance(row, InspectionVisit) and row.is_overdue else TONES[row.state]
    return {"label": row.get_state_display(), "tone": tone}


@require_safe
@desk_view
def plans(request: SignedInRequest) -> HttpResponse:
    return _plans(request)


def _plans(request: SignedInRequest, form: PlanForm | None = None) -> HttpResponse:
    points, chosen = chosen_point(request)
    today = clock.today()
    found = InspectionPlan.objects.at_desk(request.user)
    visits = InspectionVisit.objects.at_desk(request.user).filter(state=VisitState.PLANNED)
    findings = Finding.objects.at_desk(request.user).open()
    if chosen is not None:
        found = found.filter(focal_point=chosen)
        visits = visits.filter(plan__focal_point=chosen)
        findings = findings.filter(visit__plan__focal_point=chosen)
    found = found.select_related("focal_point__organization").annotate(
        visit_count=Count("visits", distinct=True),
        done_count=Count("visits", filter=Q(visits__state=VisitState.DONE), distinct=True),
        open_count=Count(
            "visits__findings", filter=Q(visits__findings__closed_on=None), distinct=True
        ),
    )
    overdue = visits.filter(planned_on__lt=today, plan__state=PlanState.APPROVED)
    return render(
        request,
        "registration/compliance/inspections.html",
        {
            "points": points,
            "chosen": chosen,
            "own": _own(request),
            "plans": [
                {"plan": plan, "status": _state(plan)}
                for plan in found.order_by("-year", "focal_point")[:MOST]
            ],
            "visits": list(
                overdue.select_related("organization", "plan__focal_point__organization").order_by(
                    "planned_on", "pk"
                )[:MOST]
            ),
            "findings": list(
                findings.select_related("visit__organization").order_by("due_on", "pk")[:MOST]
            ),
            "form": form or PlanForm(initial={"year": today.year}),
        },
    )


@require_POST
@desk_view
@idempotent
def start(request: SignedInRequest, focal_point: str) -> HttpResponse:
    point = get_object_or_404(FocalPoint.objects.staffed_by(request.user), slug=focal_point)
    form = PlanForm(request.POST)
    if form.is_valid():
        year = form.cleaned_data["year"]
        try:
            inspections.start_plan(point, year, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error("year", str(error.message))
        else:
            return redirect("compliance:plan", point.slug, year)
    return _plans(request, form)


def _plan_at_desk(request: SignedInRequest, focal_point: str, year: int) -> InspectionPlan:
    plans = InspectionPlan.objects.at_desk(request.user).select_related("focal_point__organization")
    if year not in YEARS:
        raise Http404
    return get_object_or_404(plans, focal_point__slug=focal_point, year=year)


def _plan_managed(request: SignedInRequest, focal_point: str, year: int) -> InspectionPlan:
    plans = InspectionPlan.objects.managed_by(request.user).select_related("focal_point")
    if year not in YEARS:
        raise Http404
    return get_object_or_404(plans, focal_point__slug=focal_point, year=year)


@require_safe
@desk_view
def plan(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    return _plan(request, _plan_at_desk(request, focal_point, year))


def _plan(request: SignedInRequest, found: InspectionPlan, **forms_: Any) -> HttpResponse:
    visits = found.visits.select_related("organization").annotate(
        open_count=Count("findings", filter=Q(findings__closed_on=None))
    )
    managed = InspectionPlan.objects.managed_by(request.user).filter(pk=found.pk).exists()
    late = (
        Duty.objects.managed_by(request.user)
        .filter(focal_point=found.focal_point)
        .by_unit()
        .values_list("organization__name", flat=True)
    )
    return render(
        request,
        "registration/compliance/plan.html",
        {
            "plan": found,
            "status": _state(found),
            "visits": [
                {"visit": visit, "status": _state(visit)}
                for visit in visits.order_by("planned_on", "pk")
            ],
            "can_write": managed,
            "units": list(late[:200]) if managed else [],
            "visit_form": forms_.get("visit_form") or VisitForm(),
            "approval_form": forms_.get("approval_form") or ApprovalForm(),
        },
    )


@require_POST
@desk_view
@idempotent
def add_visit(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    found = _plan_managed(request, focal_point, year)
    form = VisitForm(request.POST)
    if _done(
        form,
        lambda data: inspections.add_visit(
            found,
            by=request.user,
            organization=data["unit"],
            planned_on=data["planned_on"],
            members=data["members"],
        ),
    ):
        messages.success(request, _("Đã thêm buổi kiểm tra."))
        return redirect("compliance:plan", focal_point, year)
    return _plan(request, found, visit_form=form)


@require_POST
@desk_view
@idempotent
def approve(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    found = _plan_managed(request, focal_point, year)
    form = ApprovalForm(request.POST)
    if _done(form, lambda data: inspections.approve_plan(found, by=request.user, **data)):
        messages.success(request, _("Kế hoạch đã được duyệt."))
        return redirect("compliance:plan", focal_point, year)
    return _plan(request, found, approval_form=form)


@require_POST
@desk_view
@idempotent
def take_back(request: SignedInRequest, focal_point: str, year: int) -> HttpResponse:
    found = _plan_managed(request, focal_point, year)
    try:
        inspections.take_back_plan(found, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    return redirect("compliance:plan", focal_point, year)


def _visit_managed(request: SignedInRequest, public_id: str) -> InspectionVisit:
    visits = InspectionVisit.objects.managed_by(request.user).select_related(
        "organization", "plan__focal_point__organization"
    )
    return get_object_or_404(visits, public_id=public_id)


def _visit_at_desk(request: SignedInRequest, public_id: str) -> InspectionVisit:
    visits = InspectionVisit.objects.at_desk(request.user).select_related(
        "organization", "plan__focal_point__organization"
    )
    return get_object_or_404(visits, public_id=public_id)


@require_safe
@desk_view
def visit(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _visit(request, _visit_at_desk(request, public_id))


def _visit(request: SignedInRequest, found: InspectionVisit, **forms_: Any) -> HttpResponse:
    findings = found.findings.prefetch_related("follow_ups__by").order_by("due_on", "pk")
    bad: tuple[str, forms.Form] | None = forms_.get("follow_up")
    return render(
        request,
        "registration/compliance/visit.html",
        {
            "visit": found,
            "status": _state(found),
            "findings": [
                {
                    "finding": finding,
                    "form": bad[1]
                    if bad and bad[0] == finding.public_id
                    else FollowUpForm(prefix=finding.public_id),
                }
                for finding in findings
            ],
            "can_write": InspectionVisit.objects.managed_by(request.user)
            .filter(pk=found.pk)
            .exists(),
            "minutes_form": forms_.get("minutes_form")
            or MinutesForm(initial={"members": found.members, "visited_on": found.planned_on}),
            "finding_form": forms_.get("finding_form") or FindingForm(),
        },
    )


@require_POST
@desk_view
@idempotent
def record_minutes(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _visit_managed(request, public_id)
    form = MinutesForm(request.POST, request.FILES)
    if _done(form, lambda data: inspections.record_minutes(found, by=request.user, **data)):
        messages.success(request, _("Đã ghi biên bản."))
        return redirect("compliance:visit", found.public_id)
    return _visit(request, _visit_managed(request, public_id), minutes_form=form)


@require_POST
@desk_view
@idempotent
def cancel_visit(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _visit_managed(request, public_id)
    try:
        inspections.cancel_visit(found, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    return redirect("compliance:visit", found.public_id)


@require_POST
@desk_view
@idempotent
def add_finding(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _visit_managed(request, public_id)
    form = FindingForm(request.POST)
    if _done(form, lambda data: inspections.add_finding(found, by=request.user, **data)):
        messages.success(request, _("Đã ghi phát hiện."))
        return redirect("compliance:visit", found.public_id)
    return _visit(request, found, finding_form=form)


@require_POST
@desk_view
@idempotent
def follow_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    findings = Finding.objects.managed_by(request.user).select_related("visit")
    finding = get_object_or_404(findings, public_id=public_id)
    form = FollowUpForm(request.POST, prefix=finding.public_id)
    if _done(form, lambda data: inspections.follow_up(finding, by=request.user, **data)):
        messages.success(request, _("Đã ghi theo dõi."))
        return redirect("compliance:visit", finding.visit.public_id)
    found = _visit_managed(request, finding.visit.public_id)
    return _visit(request, found, follow_up=(finding.public_id, form))


@require_safe
@desk_view
def minutes_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    found = _visit_at_desk(request, public_id)
    if not found.minutes_file:
        raise Http404
    return stored_file(found.minutes_file, name=found.minutes_name, content_type=found.minutes_type)


def _done(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form could be read and the act was possible; what was not stands at the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    return True
