"""Terms: versions, what changed between them, offers and answers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.deals.comparing import differences
from marketplace.deals.forms.terms import TermsForm
from marketplace.deals.models import Deal, TermSheet
from marketplace.deals.models.deals import NEGOTIATING
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import terms
from marketplace.deals.states import DealState, SheetState
from marketplace.deals.views.acts import deal_for, do, send, side_or_404
from marketplace.deals.views.rooms import visible_deal


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, visible_deal(request, public_id))


def _page(request: SignedInRequest, found: Deal, form: TermsForm | None = None) -> HttpResponse:
    side = found.side_of(request.user)
    sheets = list(
        found.sheets.select_related("organization", "made_by").prefetch_related(
            "acceptances__organization"
        )
    )
    shown = _chosen(sheets, request.GET.get("ban", ""))
    before = next((one for one in sheets if shown and one.number == shown.number - 1), None)
    newest = sheets[0] if sheets else None
    context: dict[str, Any] = {
        "deal": found,
        "tabs": tabs_of(found, "dieu-khoan/"),
        "side": side,
        "sheets": sheets,
        "shown": shown,
        "before": before,
        "lines": differences(before, shown) if shown else [],
        "newest_number": newest.number if newest else 0,
        "may_answer": bool(
            side and shown and shown.state == SheetState.OFFERED and shown.organization_id != side.pk
        ),
        "may_withdraw": bool(
            side and shown and shown.state == SheetState.OFFERED and shown.organization_id == side.pk
        ),
        "may_offer": bool(side and found.state == DealState.TALKING),
        "may_reopen": bool(side and found.state == DealState.AGREED),
        "form": form or TermsForm(sheet=newest),
    }  # fmt: skip
    wrong = form is not None and bool(form.errors)
    return render(request, "deals/terms.html", context, status=400 if wrong else 200)


def _chosen(sheets: list[TermSheet], asked: str) -> TermSheet | None:
    chosen = next((one for one in sheets if str(one.number) == asked), None)
    return chosen or (sheets[0] if sheets else None)


@require_POST
@idempotent
def offer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A version of the terms, or an answer to the newest one by another."""
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    form = TermsForm(request.POST)
    read = request.POST.get("tra-loi", "0")
    return send(
        request,
        form,
        lambda: terms.offer_terms(
            found, form.terms(), side=side, by=request.user,
            answers=int(read) if read.isdecimal() and len(read) < 6 else 0,
        ),
        said=_("Đã gửi bản điều khoản. Bên kia được báo."),
        to=_url(found),
        again=lambda: _page(request, visible_deal(request, public_id), form),
    )  # fmt: skip


@require_POST
@idempotent
def accept(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    sheet = get_object_or_404(found.sheets.select_related("deal"), number=number)
    return do(
        request,
        lambda: terms.accept_terms(
            sheet, side=side, sha256=request.POST.get("sha256", ""), by=request.user
        ),
        said=_("Đã chấp thuận. Điều khoản của hai bên là đúng bản này."),
        to=_url(found),
    )


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    sheet = get_object_or_404(found.sheets.select_related("deal"), number=number)
    return do(
        request,
        lambda: terms.withdraw_terms(sheet, side=side, by=request.user),
        said=_("Đã rút bản điều khoản."),
        to=_url(found),
    )


@require_POST
@idempotent
def reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    return do(
        request,
        lambda: terms.reopen_terms(found, side=side, by=request.user),
        said=_("Đã mở lại đàm phán. Bên kia được báo."),
        to=_url(found),
    )


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}dieu-khoan/"
