"""A task that the register lacks: the unit's form, the focal point's answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules, services
from marketplace.registration.models import RuleBook, TaskReport
from marketplace.registration.presentation import shown_day
from marketplace.registration.states import TaskReportState
from marketplace.registration.task_report_forms import ReturnTaskForm, TaskReportForm
from marketplace.registration.views.desk import desk_view
from marketplace.research.secrecy import Classified
from marketplace.taxonomy.labels import label, labels

TONES = {
    TaskReportState.SUBMITTED: "warn",
    TaskReportState.RETURNED: "care",
    TaskReportState.CONFIRMED: "good",
    TaskReportState.WITHDRAWN: "open",
}


@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def report(request: SignedInRequest) -> HttpResponse:
    """Where a result is registered whose task is not in the register."""
    organization = _writing_for(request)

    def act(form: TaskReportForm) -> TaskReport:
        return services.report_task(
            organization, values=form.values, secrecy=form.cleaned_data["secrecy"], by=request.user
        )

    return _form_page(request, act, {"organization": organization})


@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def mend(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _own(request, public_id, editable=True)
    if not found.is_editable:
        return redirect(found)

    def act(form: TaskReportForm) -> TaskReport:
        return services.send_task_report_again(
            found, values=form.values, secrecy=form.cleaned_data["secrecy"], by=request.user
        )

    return _form_page(request, act, {"organization": found.organization, "report": found})


def _writing_for(request: SignedInRequest) -> Organization:
    organization = acting_organization(request)
    own = Membership.objects.filter(
        user=request.user, organization=organization, role__in=Membership.EDITING_ROLES
    )
    if organization is None or not own.exists():
        raise Http404
    return organization


def _form_page(request: SignedInRequest, act: Any, context: dict[str, Any]) -> HttpResponse:
    found = context.get("report")
    initial = TaskReportForm.initial_of(found.values) if found else None
    form = TaskReportForm(request.POST if request.method == "POST" else None, initial=initial)
    known = None
    if form.is_bound and form.is_valid():
        try:
            sent = act(form)
        except Classified as refused:
            form.add_error("secrecy", str(refused.message))
        except services.AlreadyKnown as refused:
            form.add_error("title", str(refused.message))
            known = refused.task
        except DomainError as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(
                request, _("Đã gửi cho đầu mối xác nhận. Bạn nhận thư khi có trả lời.")
            )
            return redirect(sent)
    context |= {
        "form": form,
        "known": known if known and known.organization_id == context["organization"].pk else None,
        "book": rules.book(RuleBook.Kind.FORM_5),
    }
    status = 400 if form.is_bound else 200
    return render(request, "registration/task_report_form.html", context, status=status)


def _own(request: SignedInRequest, public_id: str, *, editable: bool = False) -> TaskReport:
    rows = TaskReport.objects
    found = rows.editable_by(request.user) if editable else rows.visible_to(request.user)
    related = found.select_related("organization", "focal_point__organization", "task")
    row: TaskReport = get_object_or_404(related, public_id=public_id)
    return row


@require_safe
def detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _own(request, public_id)
    may_edit = TaskReport.objects.editable_by(request.user).filter(pk=found.pk).exists()
    return render(request, "registration/task_report.html", _told(found) | {"can_edit": may_edit})


def _told(found: TaskReport) -> dict[str, Any]:
    given = found.values
    rows: list[tuple[Any, Any]] = [
        (_("Mã số nhiệm vụ"), given.get("code")),
        (_("Loại nhiệm vụ"), label("task-kinds", given["kind"]) if given.get("kind") else ""),
        (_("Cấp nhiệm vụ"), label("task-levels", given.get("level", ""))),
        (_("Cơ quan chủ quản"), given.get("agency")),
        (_("Chủ nhiệm nhiệm vụ"), given.get("leader")),
        (_("Cá nhân tham gia"), "; ".join(given.get("members", []))),
        (_("Bắt đầu thực hiện"), shown_day(given.get("started_on", ""))),
        (_("Kết thúc thực hiện"), shown_day(given.get("ended_on", ""))),
        (_("Ngày nghiệm thu chính thức"), shown_day(given.get("accepted_on", ""))),
        (_("Quyết định phê duyệt số"), given.get("approval_number")),
        (_("Ngày phê duyệt"), shown_day(given.get("approved_on", ""))),
        (_("Hợp đồng số"), given.get("contract_number")),
        (_("Ngày ký hợp đồng"), shown_day(given.get("contracted_on", ""))),
        (_("Lĩnh vực nghiên cứu"), "; ".join(labels("st-fields", given.get("field_codes", [])))),
    ]
    return {
        "report": found,
        "status": {
            "label": found.get_state_display(), "tone": TONES[TaskReportState(found.state)]
        },
        "facts": [(name, value) for name, value in rows if value],
    }  # fmt: skip


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _own(request, public_id, editable=True)
    try:
        services.withdraw_task_report(found, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Đã rút khai báo."))
    return redirect("registration:dossiers")


@require_safe
@desk_view
def desk_report(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _desk_page(request, public_id, ReturnTaskForm(prefix="return"))


def _desk_page(
    request: SignedInRequest, public_id: str, form: ReturnTaskForm, status: int = 200
) -> HttpResponse:
    rows = TaskReport.objects.at_desk(request.user)
    found = get_object_or_404(
        rows.select_related("organization", "focal_point__organization", "task", "created_by"),
        public_id=public_id,
    )
    may_decide = TaskReport.objects.decided_by(request.user).waiting().filter(pk=found.pk)
    context = _told(found) | {"can_decide": may_decide.exists(), "return_form": form}
    return render(request, "registration/desk/task_report.html", context, status=status)


def _decided(request: SignedInRequest, public_id: str) -> TaskReport:
    row: TaskReport = get_object_or_404(
        TaskReport.objects.decided_by(request.user), public_id=public_id
    )
    return row


@require_POST
@desk_view
@idempotent
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    try:
        services.confirm_task_report(found, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(
            request, _("Nhiệm vụ đã vào cơ sở dữ liệu; tổ chức bắt đầu được hồ sơ đăng ký.")
        )
    return redirect("registration:desk_task_report", public_id=public_id)


@require_POST
@desk_view
@idempotent
def send_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _decided(request, public_id)
    form = ReturnTaskForm(request.POST, prefix="return")
    if not form.is_valid():
        return _desk_page(request, public_id, form, status=400)
    try:
        services.return_task_report(found, by=request.user, reason=form.cleaned_data["reason"])
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Đã trả lại để tổ chức sửa."))
    return redirect("registration:desk_task_report", public_id=public_id)
