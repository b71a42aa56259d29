"""Asking for a full text, answering, and fetching the copy."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import ask_for_second_factor
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.uploads import PDF
from marketplace.research.full_texts import services
from marketplace.research.full_texts.forms import AskForm, RefuseForm, VisitForm, answer_forms
from marketplace.research.full_texts.rules import rule_on
from marketplace.research.models import (
    Attachment,
    FullTextRequest,
    FullTextState,
    HolderRole,
)

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]
TONES = {
    FullTextState.SUBMITTED: "warn",
    FullTextState.APPROVED: "good",
    FullTextState.REFUSED: "care",
    FullTextState.WITHDRAWN: "open",
    FullTextState.EXPIRED: "open",
}
ACTIONS = {
    "asked": gettext_lazy("Gửi đề nghị"),
    "withdrawn": gettext_lazy("Rút đề nghị"),
    "approved": gettext_lazy("Đồng ý cấp bản sao"),
    "appointed": gettext_lazy("Hẹn đọc tại chỗ"),
    "refused": pgettext_lazy("việc", "Từ chối"),
    "downloaded": gettext_lazy("Tải bản sao"),
    "copy_failed": gettext_lazy("Không đóng dấu được tệp, cần cách khác"),
    "expired": pgettext_lazy("việc", "Hết hạn"),
}


@require_http_methods(["GET", "POST"])
@idempotent
def ask(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The form; who may read the document already, or has asked already, is led there."""
    found = get_object_or_404(
        Attachment.objects.listed().select_related("result", "task"), public_id=public_id
    )
    if not services.ways_to(found):
        raise Http404
    if Attachment.objects.readable_by(request.user).exclude(file="").filter(pk=found.pk).exists():
        return redirect(found)
    if known := services.open_request(found, request.user):
        return redirect(known)
    form = AskForm(request.POST or None, attachment=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_for_full_text(found, by=request.user, **form.cleaned_data)
        except services.AskedAlready as error:
            messages.info(request, str(error.message))
            return redirect("research:full_texts")
        messages.success(request, _("Đã gửi đề nghị. Bạn nhận thư khi có trả lời."))
        return redirect(made)
    _role, holder = services.holder_of(found.record)
    context = {"attachment": found, "form": form, "holder": holder, "rule": rule_on()}
    status = 400 if form.is_bound else 200
    return render(request, "research/full_text_ask.html", context, status=status)


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """The person's own requests."""
    return _list(request, FullTextRequest.objects.asked_by(request.user), is_desk=False)


@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """What the person answers: what waits first, by its clock."""
    decided = FullTextRequest.objects.decided_by(request.user)
    waiting = decided.filter(state=FullTextState.SUBMITTED)
    if request.GET.get("muc") == "da-tra-loi":
        return _list(request, decided.exclude(state=FullTextState.SUBMITTED), is_desk=True)
    return _list(request, waiting.order_by("due_on", "pk"), is_desk=True)


def _list(request: SignedInRequest, rows: Any, *, is_desk: bool) -> HttpResponse:
    page = Paginator(rows.for_rows(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "research/full_text_list.html",
        {
            "page": page,
            "rows": [{"request": row, **_look(row)} for row in page.object_list],
            "is_desk": is_desk,
            "is_answered": request.GET.get("muc") == "da-tra-loi",
            "has_desk": FullTextRequest.objects.decided_by(request.user).exists(),
        },
    )


def _look(row: FullTextRequest) -> dict[str, Any]:
    waits = row.state == FullTextState.SUBMITTED
    return {
        "tone": TONES[FullTextState(row.state)],
        "is_late": waits and row.due_on < clock.today(),
        "due_on": row.due_on if waits else None,
    }


def _visible(request: SignedInRequest, public_id: str) -> FullTextRequest:
    rows = FullTextRequest.objects.visible_to(request.user).for_rows()
    return get_object_or_404(rows, public_id=public_id)


@require_safe
def detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, _visible(request, public_id))


def _page(
    request: SignedInRequest, row: FullTextRequest, *, status: int = 200, **forms: Any
) -> HttpResponse:
    decides = FullTextRequest.objects.decided_by(request.user).filter(pk=row.pk).exists()
    waits = row.state == FullTextState.SUBMITTED
    context = {
        "asked": row,
        **_look(row),
        "is_mine": row.requester_id == request.user.pk,
        "decides": decides,
        "answers": decides and waits,
        "may_copy": row.has_copy and row.attachment.access == "on_request",
        "is_ready": row.is_ready,
        "timeline": _timeline(row),
        "rule": rule_on(row.submitted_at.astimezone(clock.VIETNAM).date()),
        **(answer_forms() | forms),
    }
    return render(request, "research/full_text.html", context, status=status)


def _timeline(row: FullTextRequest) -> list[dict[str, Any]]:
    lines = [
        {
            "title": ACTIONS[entry.action],
            "when": entry.at,
            "text": entry.note,
            "who": entry.by.get_full_name() if entry.by else "",
            "state": "care" if entry.action in ("refused", "copy_failed") else "done",
        }
        for entry in row.log.select_related("by")
    ]
    if row.state == FullTextState.SUBMITTED:
        waits = {"title": _("Hạn trả lời"), "when": row.due_on, "text": "", "who": ""}
        lines.append(waits | {"state": "todo"})
    return lines


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    mine = FullTextRequest.objects.asked_by(request.user)
    row = get_object_or_404(mine, public_id=public_id)
    return _act(request, row, _("Đã rút đề nghị."), services.withdraw_request)


def answered(view: View) -> View:
    """For who decides on the request; the people of a body that keeps registered documents use a
    second factor, as at their other desks."""

    @functools.wraps(view)
    def wrapped(request: SignedInRequest, public_id: str) -> HttpResponseBase:
        rows = FullTextRequest.objects.decided_by(request.user).for_rows()
        row = get_object_or_404(rows, public_id=public_id)
        if row.holder_role == HolderRole.KEEPER:
            asked = ask_for_second_factor(
                request, _("Cần bật xác thực hai bước trước khi trả lời đề nghị xem toàn văn.")
            )
            if asked is not None:
                return asked
        return view(request, row)

    return wrapped


@require_POST
@answered
@idempotent
def approve(request: SignedInRequest, row: FullTextRequest) -> HttpResponse:
    done = _("Đã đồng ý. Bản sao được đóng dấu trong vài giây.")
    return _act(request, row, done, services.approve_copy)


@require_POST
@answered
@idempotent
def appoint(request: SignedInRequest, row: FullTextRequest) -> HttpResponse:
    form = VisitForm(request.POST, prefix="hen")
    if not form.is_valid():
        return _page(request, row, status=400, visit_form=form)
    data = form.cleaned_data
    return _act(
        request,
        row,
        _("Đã hẹn đọc tại chỗ."),
        services.approve_visit,
        visit_at=data["visit_at"],
        place=data["place"],
        note=data["note"],
    )


@require_POST
@answered
@idempotent
def refuse(request: SignedInRequest, row: FullTextRequest) -> HttpResponse:
    form = RefuseForm(request.POST, prefix="tu-choi")
    if form.is_valid():
        try:
            services.refuse_request(row, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã trả lời đề nghị."))
            return redirect(row)
    return _page(request, row, status=400, refuse_form=form)


def _act(
    request: SignedInRequest,
    row: FullTextRequest,
    done: str,
    act: Callable[..., Any],
    **values: Any,
) -> HttpResponse:
    try:
        act(row, by=request.user, **values)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect(row)


@require_safe
def copy(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The stamped copy, for the person who asked and nobody else; each time is a line in the log."""
    mine = FullTextRequest.objects.asked_by(request.user).readable_on(clock.today())
    row = get_object_or_404(mine.select_related("attachment"), public_id=public_id)
    try:
        opened = row.copy.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if request.method == "GET":
        services.record_download(row, by=request.user)
    name = f"toan-van-{row.sequence}-{row.year}.pdf"
    response = FileResponse(opened, content_type=PDF, as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
