"""The organisation's side: what it has to register, its dossiers, what it gets of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration import perms, rules, services
from marketplace.registration.checks import faults_of
from marketplace.registration.forms import CopyForm, NoteForm, SecrecyForm
from marketplace.registration.models import (
    Certificate,
    CertifiedCopy,
    Dossier,
    DossierFile,
    RuleBook,
    TaskReport,
)
from marketplace.registration.presentation import (
    TONES,
    clock_of,
    fault_address,
    items_of,
    last_return,
    shown_day,
    timeline,
)
from marketplace.registration.states import CLOSED_STATES, CopyState, DossierState, TaskReportState
from marketplace.registration.views import papers
from marketplace.research.models import Task, TaskState
from marketplace.research.secrecy import Classified

PAGE_SIZE = 20


@require_safe
def dossier_list(request: SignedInRequest) -> HttpResponse:
    """What the acting organisation still has to register, and its dossiers by their due day."""
    organization = acting_organization(request)
    if organization is None:
        return render(request, "registration/dossier_list.html", {"organization": None})
    mine = Dossier.objects.visible_to(request.user).filter(organization=organization)
    dossiers = mine.open().for_rows().by_due_day()
    page = Paginator(dossiers, PAGE_SIZE).get_page(request.GET.get("page"))
    open_dossiers = Dossier.objects.open().filter(task=OuterRef("pk"))
    tasks = (
        Task.objects.visible_to(request.user)
        .filter(organization=organization, state__in=[TaskState.ONGOING, TaskState.STOPPED])
        .filter(~Exists(open_dossiers))
        .order_by("ended_on", "pk")
    )
    tasks_page = Paginator(tasks, PAGE_SIZE).get_page(request.GET.get("nhiem-vu"))
    role = Membership.objects.filter(user=request.user, organization=organization)
    return render(
        request,
        "registration/dossier_list.html",
        {
            "organization": organization,
            "page": page,
            "rows": [_row(dossier) for dossier in page.object_list],
            "closed": [
                _row(d)
                for d in mine.filter(state__in=CLOSED_STATES).for_rows().order_by("-pk")[:20]
            ],
            "tasks": tasks_page,
            "task_rows": [(task, shown_day(task.ended_on)) for task in tasks_page.object_list],
            "reports": _reports(request, organization),
            "can_start": role.filter(role__in=Membership.EDITING_ROLES).exists(),
            "book": rules.book(RuleBook.Kind.DEADLINES),
        },
    )


def _reports(request: SignedInRequest, organization: Organization) -> list[TaskReport]:
    """Tasks that were entered here and are not in the register yet."""
    settled = (TaskReportState.CONFIRMED, TaskReportState.WITHDRAWN)
    mine = TaskReport.objects.visible_to(request.user).filter(organization=organization)
    return list(mine.exclude(state__in=settled).select_related("focal_point__organization")[:50])


def _row(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "state": dossier.get_state_display(),
        "tone": TONES[DossierState(dossier.state)],
        "clock": clock_of(dossier),
    }


@require_http_methods(["GET", "POST"])
@idempotent
def start(request: SignedInRequest, task_id: str) -> HttpResponse:
    """The door: nothing is kept before the secrecy level was said to be normal."""
    tasks = Task.objects.visible_to(request.user).select_related("organization")
    task = get_object_or_404(
        tasks.filter(
            organization__memberships__user=request.user,
            organization__memberships__role__in=Membership.EDITING_ROLES,
        ),
        public_id=task_id,
    )
    form = SecrecyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            dossier = services.start_dossier(
                task,
                organization=task.organization,
                by=request.user,
                secrecy=form.cleaned_data["secrecy"],
            )
        except Classified as refused:
            form.add_error("secrecy", str(refused.message))
        except DomainError as error:
            messages.warning(request, str(error.message))
            return redirect("registration:dossiers")
        else:
            return redirect(dossier)
    status = 400 if form.is_bound else 200
    context = {
        "task": task,
        "form": form,
        "book": rules.book(RuleBook.Kind.ITEMS),
        "items": rules.items(),
    }
    return render(request, "registration/start.html", context, status=status)


def _visible(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.visible_to(request.user).select_related(
        "organization", "focal_point__organization", "task"
    )
    return get_object_or_404(dossiers, public_id=public_id)


@require_safe
def dossier_detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    return render(request, "registration/dossier.html", _detail(request, public_id))


def _detail(request: SignedInRequest, public_id: str, **more: Any) -> dict[str, Any]:
    dossier = _visible(request, public_id)
    faults = (
        faults_of(dossier.form, dossier.files.all(), unread=dossier.unread)
        if dossier.is_editable
        else []
    )
    returned = last_return(dossier)
    certificate = (
        Certificate.objects.filter(dossier=dossier).select_related("result", "focal_point").first()
    )
    return {
        "dossier": dossier,
        "status": {
            "label": dossier.get_state_display(), "tone": TONES[DossierState(dossier.state)]
        },
        "clock": clock_of(dossier),
        "items": items_of(dossier, faults, last_return=returned),
        "faults": [{"message": f.message, "url": fault_address(dossier, f)} for f in faults],
        "returned": returned,
        "general_reasons": _general_reasons(dossier, returned),
        "timeline": timeline(dossier, for_desk=False),
        "can_edit": perms.can_edit(request.user, dossier),
        "can_file": perms.can_file(request.user, dossier),
        "certificate": certificate,
        "copies": certificate.copies.all() if certificate else [],
        "copy_form": CopyForm(),
        "is_result_public": bool(
            certificate
            and type(certificate.result)
            .objects.visible_to(request.user)
            .filter(pk=certificate.result_id)
            .exists()
        ),
        "book": rules.book(RuleBook.Kind.ITEMS, dossier.ruled_on),
        **more,
    }  # fmt: skip


def _general_reasons(dossier: Dossier, returned: Any) -> list[str]:
    if returned is None:
        return []
    known = {reason.code: reason.label for reason in rules.reasons(dossier.ruled_on)}
    return [known.get(g["code"], g["code"]) for g in returned.reasons if not g.get("item")]


def _act(
    request: SignedInRequest, dossier: Dossier, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    try:
        act(dossier, by=request.user, **values)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect(dossier)


def _filed(request: SignedInRequest, public_id: str) -> Dossier:
    dossiers = Dossier.objects.filed_by(request.user).select_related("organization")
    return get_object_or_404(dossiers, public_id=public_id)


@require_POST
@idempotent
def submit(request: SignedInRequest, public_id: str) -> HttpResponse:
    dossier = _filed(request, public_id)
    return _act(
        request,
        dossier,
        _("Đã nộp hồ sơ. Bạn nhận thư khi có kết quả kiểm tra."),
        services.submit_dossier,
    )


@require_POST
@idempotent
def recall(request: SignedInRequest, public_id: str) -> HttpResponse:
    dossier = _filed(request, public_id)
    return _act(request, dossier, _("Đã rút về để sửa. Nộp lại khi xong."), services.recall_dossier)


@require_http_methods(["GET", "POST"])
@idempotent
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Asks first, on a page of its own: it works without script, and nothing is lost by a slip."""
    dossier = _filed(request, public_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            dossier,
            _("Đã rút hồ sơ."),
            services.withdraw_dossier,
            reason=form.cleaned_data["note"],
        )
    return render(request, "registration/withdraw.html", {"dossier": dossier, "form": form})


@require_safe
def file(request: SignedInRequest, public_id: str, key: str) -> HttpResponseBase:
    dossier = _visible(request, public_id)
    return papers.dossier_file(get_object_or_404(DossierFile, dossier=dossier, key=key))


@require_safe
def certificate(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    dossier = _visible(request, public_id)
    found = get_object_or_404(Certificate, dossier=dossier)
    if not found.file:
        messages.info(request, _("Giấy chứng nhận đang được in. Tải lại trang sau vài giây."))
        return redirect(dossier)
    return papers.certificate_file(found)


@require_POST
@idempotent
def request_copy(request: SignedInRequest, public_id: str) -> HttpResponse:
    dossier = _filed(request, public_id)
    found = get_object_or_404(Certificate.objects.select_related("dossier"), dossier=dossier)
    form = CopyForm(request.POST)
    if not form.is_valid():
        context = _detail(request, public_id, copy_form=form)
        return render(request, "registration/dossier.html", context, status=400)
    services.request_copy(found, by=request.user, purpose=form.cleaned_data["purpose"])
    messages.success(request, _("Đã gửi đề nghị. Bạn nhận thư khi bản sao được cấp."))
    return redirect(dossier)


@require_safe
def certified_copy(request: SignedInRequest, public_id: str, copy_id: str) -> HttpResponseBase:
    dossier = _visible(request, public_id)
    found = get_object_or_404(
        CertifiedCopy.objects.select_related("certificate__focal_point"),
        certificate__dossier=dossier,
        public_id=copy_id,
        state=CopyState.ISSUED,
    )
    return papers.copy_file(found)
