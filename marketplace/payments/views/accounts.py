"""Accounts that money goes to: entered, verified with a second factor, retired."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.payments.editions import standing
from marketplace.payments.forms import AccountForm
from marketplace.payments.models import PayeeAccount, is_staff_for_money, money_of
from marketplace.payments.services import accounts as services


def _owners(request: SignedInRequest) -> dict[str, Any]:
    """Whose accounts the person may enter, by the word that names them in a form."""
    mine = Organization.objects.filter(pk__in=money_of(request.user)).order_by("name", "pk")
    found: dict[str, Any] = {one.public_id: one for one in mine}
    if is_staff_for_money(request.user):
        found["san"] = front_of(request).exchange
    return found


@require_safe
def accounts(request: SignedInRequest) -> HttpResponse:
    own = PayeeAccount.objects.editable_by(request.user).select_related("organization", "exchange")
    waiting = PayeeAccount.objects.none()
    if is_staff_for_money(request.user):
        waiting = PayeeAccount.objects.filter(state="new").exclude(pk__in=own.values("pk"))
    checkable = set(PayeeAccount.objects.checkable_by(request.user).values_list("pk", flat=True))
    context = {
        "accounts": [(one, one.pk in checkable) for one in own.order_by("state", "-added_at")],
        "waiting": waiting.select_related("organization", "exchange").order_by("added_at", "pk")[
            :50
        ],
        "may_add": bool(_owners(request)),
    }
    return render(request, "payments/accounts.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def add(request: SignedInRequest) -> HttpResponse:
    owners = _owners(request)
    if not owners:
        return render(request, "payments/no_money.html", status=403)
    form = AccountForm(request.POST or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_account(by=request.user, **form.values())
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã thêm. Tài khoản nhận được tiền sau khi xác minh."))
            return redirect("payments:accounts")
    context = {"form": form, "standing": standing("banks")}
    return render(request, "payments/account_new.html", context, status=400 if form.errors else 200)


def _do(request: SignedInRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said)
    return redirect("payments:accounts")


@require_POST
def verify(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """By staff, or by an owner of the organisation; either with a second factor, which nobody else is asked for."""
    get_object_or_404(PayeeAccount.objects.checkable_by(request.user), public_id=public_id)
    answer: HttpResponseBase = _verify(request, public_id)
    return answer


@sensitive
@idempotent
def _verify(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = PayeeAccount.objects.checkable_by(request.user)
    found = get_object_or_404(rows, public_id=public_id)
    how = "staff" if is_staff_for_money(request.user) else "owner"
    return _do(
        request,
        lambda: services.verify_account(found, how=how, by=request.user),
        _("Đã xác minh. Tài khoản dùng được để nhận tiền."),
    )


@require_POST
@idempotent
def retire(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = PayeeAccount.objects.editable_by(request.user)
    found = get_object_or_404(rows, public_id=public_id)
    return _do(
        request,
        lambda: services.retire_account(found, by=request.user),
        _("Tài khoản không nhận khoản mới nữa."),
    )
