"""Statements of one's own account, and the desk of what did not fit."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.payments.forms import DecisionForm, StatementForm
from marketplace.payments.models import DeskItem, PayeeAccount, Statement
from marketplace.payments.services import desk as services
from marketplace.payments.services.statements import import_statement

PAGE: Final = 25


@require_http_methods(["GET", "POST"])
@idempotent
def statements(request: SignedInRequest) -> HttpResponse:
    """What was imported, and the form that imports."""
    accounts = PayeeAccount.objects.editable_by(request.user).awaiting_money().filter(kind="bank")
    form = StatementForm(
        request.POST or None, request.FILES or None, accounts=accounts.order_by("-added_at")
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = import_statement(
                form.cleaned_data["account"],
                data=upload.read(),
                file_name=upload.name,
                by=request.user,
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            messages.success(request, _("Đã nhận sao kê; các dòng đang được đối soát."))
            return redirect(made.get_absolute_url())
    rows = Statement.objects.editable_by(request.user).select_related("account")
    page = Paginator(rows.order_by("-imported_at", "-pk"), PAGE)
    context = {
        "form": form,
        "has_account": accounts.exists(),
        "page": page.get_page(request.GET.get("page")),
        "waiting": DeskItem.objects.open().decidable_by(request.user).count(),
    }
    return render(request, "payments/statements.html", context, status=400 if form.errors else 200)


@require_safe
def statement(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = Statement.objects.editable_by(request.user).select_related("account")
    found = get_object_or_404(rows, public_id=public_id)
    shown = found.lines.exclude(state="ignored").select_related("payment", "desk_item")
    page = Paginator(shown.order_by("booked_on", "pk"), PAGE)
    context = {
        "statement": found,
        "page": page.get_page(request.GET.get("page")),
        "working": found.lines.filter(state="new").count(),
        "desk_count": found.lines.filter(state="desk").count(),
    }
    return render(request, "payments/statement.html", context)


@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits for a decision, the oldest first."""
    rows = DeskItem.objects.open().decidable_by(request.user).with_all()
    page = Paginator(rows.order_by("found_at", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "payments/desk.html", {"page": page})


@require_http_methods(["GET", "POST"])
@idempotent
def desk_item(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = DeskItem.objects.decidable_by(request.user).with_all()
    found = get_object_or_404(rows, public_id=public_id)
    form = DecisionForm(request.POST or None, account=found.account)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã xử lý."))
            return redirect("payments:desk")
    return render(
        request,
        "payments/desk_item.html",
        {"item": found, "form": form},
        status=400 if form.errors else 200,
    )
