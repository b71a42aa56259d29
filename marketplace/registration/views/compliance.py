"""The compliance desk: which unit owes what since when, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.text import fold
from marketplace.registration import rules
from marketplace.registration.compliance_forms import AcceptanceForm, ExcuseForm
from marketplace.registration.models import (
    Duty,
    DutyKind,
    DutyState,
    FocalPoint,
    Letter,
    RuleBook,
)
from marketplace.registration.services import excuses
from marketplace.registration.views.desk import desk_view

PAGE_SIZE = 25
TONES = {
    DutyState.OPEN: "open",
    DutyState.LATE: "care",
    DutyState.DONE: "good",
    DutyState.EXCUSED: "open",
}
#: Late by at least so many days.
DAYS_LATE = (7, 30, 60, 180)


def chosen_point(request: SignedInRequest) -> tuple[list[FocalPoint], FocalPoint | None]:
    """The focal points the person may look at, and the one asked for."""
    points = list(
        FocalPoint.objects.visible_to(request.user)
        .select_related("organization")
        .order_by("kind", "slug")
    )
    return points, next((p for p in points if p.slug == request.GET.get("dau-moi")), None)


def duty_row(duty: Duty) -> dict[str, Any]:
    return {"duty": duty, "state": duty.get_state_display(), "tone": TONES[DutyState(duty.state)]}


def _tabs() -> dict[str, tuple[str, str]]:
    return {
        "don-vi": (_("Theo đơn vị"), ""),
        "qua-han": (pgettext("nghĩa vụ", "Quá hạn"), DutyState.LATE),
        "chua-den-han": (pgettext("nghĩa vụ", "Chưa đến hạn"), DutyState.OPEN),
        "mien": (pgettext("nghĩa vụ", "Được miễn, hoãn"), DutyState.EXCUSED),
        "da-xong": (pgettext("nghĩa vụ", "Đã thực hiện"), DutyState.DONE),
    }


def _filtered(request: SignedInRequest, chosen: FocalPoint | None) -> tuple[Any, dict[str, Any]]:
    """The duties that the filters leave, and the filters as they were understood."""
    found = Duty.objects.at_desk(request.user)
    if chosen is not None:
        found = found.filter(focal_point=chosen)
    kind = request.GET.get("loai", "")
    kind = kind if kind in DutyKind.values else ""
    if kind:
        found = found.filter(kind=kind)
    words = request.GET.get("ten", "").replace("\x00", "").strip()[:100]
    for word in fold(words).split()[:6]:
        found = found.filter(organization__name_folded__contains=word)
    days = request.GET.get("tre", "")
    late = int(days) if days.isdecimal() and int(days) in DAYS_LATE else 0
    if late:
        latest = clock.today().toordinal() - late
        found = found.late().filter(due_on__lte=type(clock.today()).fromordinal(latest))
    return found, {"loai": kind, "ten": words, "tre": late or ""}


@require_safe
@desk_view
def desk(request: SignedInRequest) -> HttpResponse:
    points, chosen = chosen_point(request)
    found, asked = _filtered(request, chosen)
    tabs = _tabs()
    tab = request.GET.get("muc", "")
    tab = tab if tab in tabs else next(iter(tabs))
    counts = found.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in DutyState.values},
        units=Count("organization", distinct=True, filter=Q(state__in=("open", "late"))),
        units_late=Count("organization", distinct=True, filter=Q(state="late")),
    )
    kept = urlencode(
        {name: value for name, value in (asked | {"dau-moi": chosen.slug if chosen else ""}).items()
         if value}
    )  # fmt: skip
    by_unit = tab == "don-vi"
    rows = found.by_unit() if by_unit else found.filter(state=tabs[tab][1]).for_rows().by_due_day()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    staffed = set(FocalPoint.objects.staffed_by(request.user).values_list("pk", flat=True))
    return render(
        request,
        "registration/compliance/desk.html",
        {
            "points": points,
            "chosen": chosen,
            "own": [point for point in points if point.pk in staffed],
            "asked": asked,
            "kinds": DutyKind.choices,
            "days_late": DAYS_LATE,
            "tab": tab,
            "by_unit": by_unit,
            "tabs": [
                {
                    "label": label,
                    "url": f"?muc={name}{'&' if kept else ''}{kept}",
                    "current": name == tab,
                    "count": counts[state] if state else counts["units"],
                }
                for name, (label, state) in tabs.items()
            ],
            "figures": [
                {"label": _("Đơn vị quá hạn"), "value": counts["units_late"]},
                {"label": _("Việc quá hạn"), "value": counts["late"]},
                {"label": _("Việc chưa đến hạn"), "value": counts["open"]},
                {"label": _("Được miễn, hoãn"), "value": counts["excused"]},
            ],
            "page": page,
            "rows": list(page.object_list) if by_unit else [duty_row(d) for d in page.object_list],
            "book": rules.book(RuleBook.Kind.DUTIES),
        },
    )


def unit_at_desk(request: SignedInRequest, public_id: str) -> Organization:
    """A unit of which the desk follows something; for anybody else there is none."""
    unit = get_object_or_404(Organization, public_id=public_id)
    if not Duty.objects.at_desk(request.user).filter(organization=unit).exists():
        raise Http404
    return unit


@require_safe
@desk_view
def unit(request: SignedInRequest, unit: str) -> HttpResponse:
    found = unit_at_desk(request, unit)
    return render(request, "registration/compliance/unit.html", unit_context(request, found))


def unit_context(request: SignedInRequest, found: Organization, **more: Any) -> dict[str, Any]:
    duties = Duty.objects.at_desk(request.user).filter(organization=found)
    owed = list(duties.owed().for_rows().by_due_day().prefetch_related("reminders__letter"))
    rest = duties.exclude(pk__in=[duty.pk for duty in owed]).for_rows().order_by("-due_on", "-pk")
    mine = set(
        Duty.objects.managed_by(request.user)
        .filter(organization=found)
        .values_list("pk", flat=True)
    )
    letters = Letter.objects.at_desk(request.user).filter(organization=found).for_rows()
    return {
        "unit": found,
        "rows": [duty_row(duty) | {"is_mine": duty.pk in mine} for duty in owed],
        "late": sum(duty.state == DutyState.LATE for duty in owed),
        "rest": [duty_row(duty) | {"is_mine": duty.pk in mine} for duty in rest[:50]],
        "letters": list(letters[:20]),
        "can_write": any(duty.pk in mine for duty in owed),
        "has_account": Membership.objects.filter(
            organization=found, role__in=Membership.MANAGING_ROLES
        ).exists(),
        "steps": {step.code: step.label for step in rules.reminder_steps()},
        **more,
    }


def _managed(request: SignedInRequest, public_id: str) -> Duty:
    duties = Duty.objects.managed_by(request.user).for_rows()
    return get_object_or_404(duties, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@idempotent
def excuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Excusing asks for the reason on a page of its own: it takes a unit off the list of who owes."""
    duty = _managed(request, public_id)
    form = ExcuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _say(
            request,
            _("Đã ghi miễn, hoãn."),
            excuses.excuse_duty,
            duty,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
        )
        return redirect("compliance:unit", duty.organization.public_id)
    return render(request, "registration/compliance/excuse.html", {"form": form, "duty": duty})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@idempotent
def state_acceptance(request: SignedInRequest, public_id: str) -> HttpResponse:
    duty = _managed(request, public_id)
    if duty.kind != DutyKind.REGISTER:
        raise Http404
    initial = {"accepted_on": duty.stated_on}
    form = AcceptanceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        _say(
            request,
            _("Đã ghi ngày nghiệm thu; hạn được tính lại."),
            excuses.state_acceptance,
            duty,
            accepted_on=form.cleaned_data["accepted_on"],
        )
        return redirect("compliance:unit", duty.organization.public_id)
    return render(request, "registration/compliance/acceptance.html", {"form": form, "duty": duty})


@require_POST
@desk_view
@idempotent
def reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    duty = _managed(request, public_id)
    _say(request, _("Việc này lại được tính là nợ."), excuses.reopen_duty, duty)
    return redirect("compliance:unit", duty.organization.public_id)


def _say(request: SignedInRequest, done: str, act: Any, duty: Duty, **values: Any) -> None:
    try:
        act(duty, by=request.user, **values)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, done)
