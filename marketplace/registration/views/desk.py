"""The focal point's desk: its queue, a dossier beside its files, and decisions.

Pages of their own rather than the Wagtail admin: who works at a focal point is no exchange staff and
must see rows of the own focal point alone, which the admin's permissions by model do not say.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import ask_for_second_factor
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.idempotency import idempotent
from marketplace.registration import perms, rules, services
from marketplace.registration.checks import faults_of
from marketplace.registration.forms import NoteForm, ReturnForm
from marketplace.registration.models import (
    Certificate,
    CertifiedCopy,
    Dossier,
    DossierFile,
    FocalPoint,
    RuleBook,
    TaskReport,
)
from marketplace.registration.presentation import (
    TONES,
    clock_of,
    items_of,
    timeline,
)
from marketplace.registration.states import CopyState, DossierState
from marketplace.registration.views import papers

PAGE_SIZE = 25
View = Callable[..., HttpResponseBase]
S = DossierState


def desk_view(view: View) -> View:
    """For who works at a focal point, with a second factor; for anybody else there is no such page."""

    @functools.wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not perms.has_desk(request.user):
            raise Http404
        asked = ask_for_second_factor(
            request, _("Cán bộ đầu mối cần bật xác thực hai bước trước khi mở bàn tiếp nhận.")
        )
        return view(request, *args, **kwargs) if asked is None else asked

    return wrapped


def _tabs() -> dict[str, tuple[str, frozenset[str]]]:
    return {
        "can-xu-ly": (_("Cần xử lý"), frozenset({S.SUBMITTED, S.IN_REVIEW, S.ACCEPTED})),
        "cho-bo-sung": (_("Chờ bổ sung"), frozenset({S.RETURNED})),
        "da-cap": (_("Đã cấp giấy"), frozenset({S.REGISTERED})),
        "khong-tiep-nhan": (_("Không tiếp nhận"), frozenset({S.REFUSED})),
    }


@require_safe
@desk_view
def queue(request: SignedInRequest) -> HttpResponse:
    """What has arrived, the most urgent first; the agency chooses whose desk it looks at."""
    points = list(
        FocalPoint.objects.visible_to(request.user)
        .select_related("organization")
        .order_by("kind", "slug")
    )
    chosen = next((p for p in points if p.slug == request.GET.get("dau-moi")), None)
    received = Dossier.objects.at_desk(request.user)
    if chosen is not None:
        received = received.filter(focal_point=chosen)
    tabs = _tabs()
    tab = request.GET.get("muc", "")
    tab = tab if tab in tabs else next(iter(tabs))
    counts = received.aggregate(
        **{
            name.replace("-", "_"): Count("pk", filter=Q(state__in=states))
            for name, (_label, states) in tabs.items()
        }
    )
    rows = received.filter(state__in=tabs[tab][1]).for_rows()
    rows = rows.by_due_day() if tab in ("can-xu-ly", "cho-bo-sung") else rows.order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    here = f"&dau-moi={chosen.slug}" if chosen else ""
    return render(
        request,
        "registration/desk/queue.html",
        {
            "points": points,
            "chosen": chosen,
            "page": page,
            "rows": [
                {
                    "dossier": dossier,
                    "state": dossier.get_state_display(),
                    "tone": TONES[DossierState(dossier.state)],
                    "clock": clock_of(dossier),
                }
                for dossier in page.object_list
            ],
            "tabs": [
                {
                    "label": label,
                    "url": f"?muc={name}{here}",
                    "current": name == tab,
                    "count": counts[name.replace("-", "_")],
                }
                for name, (label, _states) in tabs.items()
            ],
            "tab": tab,
            "overdue": received.waiting_at_desk().filter(due_on__lt=clock.today()).count(),
            "copies": _copies_waiting(request, received),
            "reports": _reports_waiting(request, chosen),
        },
    )


def _reports_waiting(request: SignedInRequest, chosen: FocalPoint | None) -> list[TaskReport]:
    waiting = TaskReport.objects.at_desk(request.user).waiting()
    if chosen is not None:
        waiting = waiting.filter(focal_point=chosen)
    return list(waiting.select_related("organization").order_by("submitted_at", "pk")[:50])


def _copies_waiting(request: SignedInRequest, received: Any) -> list[CertifiedCopy]:
    return list(
        CertifiedCopy.objects.filter(
            state=CopyState.REQUESTED, certificate__dossier__in=received.values("pk")
        )
        .select_related("certificate__dossier__organization")
        .order_by("requested_at", "pk")[:20]
    )


def _at_desk(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.at_desk(request.user).select_related(
        "organization", "focal_point__organization", "task"
    )
    return get_object_or_404(dossiers, public_id=public_id)


@require_safe
@desk_view
def dossier(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _at_desk(request, public_id)
    return render(request, "registration/desk/dossier.html", _context(request, found))


def _context(request: SignedInRequest, found: Dossier, **more: Any) -> dict[str, Any]:
    # By the rules of the day it was filed: what was right then stays right.
    faults = faults_of(found.form, found.files.all(), on=found.ruled_on)
    shown = found.files.filter(key=request.GET.get("tep", "")).first()
    certificate = Certificate.objects.filter(dossier=found).select_related("result").first()
    is_decider = perms.can_decide(request.user, found)
    return {
        "dossier": found,
        "status": {"label": found.get_state_display(), "tone": TONES[DossierState(found.state)]},
        "clock": clock_of(found),
        "items": items_of(found, faults, at_desk=True),
        "faults": faults,
        "timeline": timeline(found, for_desk=True),
        "shown": shown
        and {
            "name": shown.display_name,
            "url": reverse("registration:desk_file", args=[found.public_id, shown.key]) + "?xem=1",
        },
        "can_decide": is_decider,
        "can_sign": perms.can_sign(request.user, found),
        "certificate": certificate,
        "copies": certificate.copies.all() if certificate else [],
        "return_form": ReturnForm(on=found.ruled_on),
        "refuse_form": NoteForm(prefix="khong"),
        "book": rules.book(RuleBook.Kind.ITEMS, found.ruled_on),
        **more,
    }


@require_safe
@desk_view
def desk_file(request: SignedInRequest, public_id: str, key: str) -> HttpResponseBase:
    found = _at_desk(request, public_id)
    file = get_object_or_404(DossierFile, dossier=found, key=key)
    return papers.dossier_file(file, shown="xem" in request.GET)


def _decided(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.decided_by(request.user).select_related(
        "organization", "focal_point__organization", "task"
    )
    return get_object_or_404(dossiers, public_id=public_id)


def _signed(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.signed_by(request.user).select_related("organization", "task")
    return get_object_or_404(dossiers, public_id=public_id)


def _act(
    request: SignedInRequest, found: Dossier, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    try:
        act(found, by=request.user, **values)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect("registration:desk_dossier", found.public_id)


@require_POST
@desk_view
@idempotent
def begin(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    return _act(
        request,
        found,
        _("Đã nhận kiểm tra. Tổ chức không còn rút về được."),
        services.begin_review,
    )


@require_POST
@desk_view
@idempotent
def send_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    form = ReturnForm(request.POST, on=found.ruled_on)
    if form.is_valid():
        try:
            services.return_dossier(
                found, by=request.user, reasons=form.reasons, note=form.cleaned_data["note"]
            )
        except InvalidTransition as error:
            messages.warning(request, str(error.message))
            return redirect("registration:desk_dossier", found.public_id)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã gửi yêu cầu bổ sung cho tổ chức."))
            return redirect("registration:desk")
    context = _context(request, found, return_form=form)
    return render(request, "registration/desk/dossier.html", context, status=400)


@require_POST
@desk_view
@idempotent
def refuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    form = NoteForm(request.POST, prefix="khong")
    form.is_valid()
    return _act(
        request,
        found,
        _("Đã ghi không tiếp nhận hồ sơ."),
        services.refuse_dossier,
        note=form.cleaned_data.get("note", ""),
    )


@require_POST
@desk_view
@idempotent
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    return _act(
        request,
        found,
        _("Hồ sơ hợp lệ. Bước tiếp theo là cấp giấy chứng nhận."),
        services.accept_dossier,
    )


@require_POST
@desk_view
@idempotent
def take_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    return _act(
        request,
        found,
        _("Hồ sơ trở lại bước kiểm tra."),
        services.take_back_acceptance,
        note=request.POST.get("note", "")[:3000],
    )


@require_http_methods(["GET", "POST"])
@desk_view
@idempotent
def issue(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asks on a page of its own: a certificate cannot be taken back."""
    found = _signed(request, public_id)
    if request.method == "POST":
        return _act(
            request,
            found,
            _("Đã cấp giấy chứng nhận. Kết quả có trong cơ sở dữ liệu, tệp in xong sau vài giây."),
            services.issue_certificate,
        )
    if found.state != DossierState.ACCEPTED:
        return redirect("registration:desk_dossier", found.public_id)
    return render(
        request,
        "registration/desk/issue.html",
        {"dossier": found, "items": items_of(found, [], at_desk=True)[:1]},
    )


@require_safe
@desk_view
def desk_certificate(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    found = get_object_or_404(Certificate, dossier=_at_desk(request, public_id))
    if not found.file:
        messages.info(request, _("Giấy chứng nhận đang được in. Tải lại trang sau vài giây."))
        return redirect("registration:desk_dossier", public_id)
    return papers.certificate_file(found)


@require_POST
@desk_view
@idempotent
def answer_copy(request: SignedInRequest, public_id: str, copy_id: str) -> HttpResponse:
    found = _signed(request, public_id)
    copy = get_object_or_404(
        CertifiedCopy.objects.select_related("certificate__dossier"),
        certificate__dossier=found,
        public_id=copy_id,
    )
    try:
        if "khong-cap" in request.POST:
            services.decline_copy(copy, by=request.user, note=request.POST.get("note", "")[:3000])
        else:
            services.issue_copy(copy, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Đã trả lời đề nghị cấp bản sao."))
    return redirect("registration:desk_dossier", public_id)
