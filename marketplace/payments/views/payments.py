"""Payments: the list, the page with its code, and what each side may do."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import FIELD, idempotent, new_key
from marketplace.core.printing import qr_code
from marketplace.deals.models import Milestone
from marketplace.payments import papers
from marketplace.payments.forms import (
    FeeForm,
    InvoiceForm,
    MilestonePaymentForm,
    ReceiptForm,
    RefundForm,
)
from marketplace.payments.models import (
    REMOTE,
    PayeeAccount,
    Payment,
    TaxInvoice,
    is_staff_for_money,
    money_of,
)
from marketplace.payments.services import payments as services
from marketplace.payments.services.invoices import keep_invoice

PAGE: Final = 20


@require_safe
def payments(request: SignedInRequest) -> HttpResponse:
    """What the person's organisations owe, and what they are owed; staff read all."""
    mine = Organization.objects.filter(pk__in=money_of(request.user))
    taking = request.GET.get("loai") == "duoc-nhan"
    rows = Payment.objects.visible_to(request.user)
    if not is_staff_for_money(request.user):
        own = Payment.objects.receivable_by if taking else Payment.objects.payable_by
        rows = rows.filter(pk__in=own(request.user).values("pk"))
    page = Paginator(rows.with_sides().with_disputes().order_by("-created_at", "-pk"), PAGE)
    tabs = [
        {"label": _("Phải trả"), "url": request.path, "current": not taking, "count": None},
        {
            "label": _("Được nhận"),
            "url": f"{request.path}?loai=duoc-nhan",
            "current": taking,
            "count": None,
        },
    ]
    context = {
        "page": page.get_page(request.GET.get("page")),
        "taking": taking,
        "tabs": [] if is_staff_for_money(request.user) else tabs,
        "has_money": mine.exists() or is_staff_for_money(request.user),
    }
    return render(request, "payments/payments.html", context)


@require_safe
def payment(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, _visible(request, public_id))


def _visible(request: SignedInRequest, public_id: str) -> Payment:
    rows = Payment.objects.visible_to(request.user).with_sides().with_disputes()
    return get_object_or_404(rows, public_id=public_id)


def _page(request: SignedInRequest, found: Payment, **forms: Any) -> HttpResponse:
    pays = Payment.objects.payable_by(request.user).filter(pk=found.pk).exists()
    takes = Payment.objects.receivable_by(request.user).filter(pk=found.pk).exists()
    code = papers.code_of(found) if found.is_open and (pays or takes) else ""
    by_hand = found.provider not in REMOTE
    left = found.received - found.refunded
    context = {
        "payment": found,
        "pays": pays,
        "takes": takes,
        "code": code,
        "qr_code": qr_code(code) if code else "",
        "number": found.account.number if code else "",
        "may_cancel": takes and found.is_unpaid,
        "receipt": forms.get("receipt")
        or (ReceiptForm(payment=found) if takes and found.is_open and by_hand else None),
        "refund": forms.get("refund")
        or (
            RefundForm(payment=found)
            if takes and left > 0 and found.state in ("settled", "partial")
            else None
        ),
        "invoice": forms.get("invoice") or (InvoiceForm() if takes and found.received else None),
        "receipts": found.receipts.all(),
        "refunds": found.refunds.all(),
        "invoices": found.invoices.all(),
        "desk": found.desk_items.open() if takes else [],
        "papers": _papers(found),
    }
    wrong = any(form is not None and form.errors for form in forms.values())
    return render(request, "payments/payment.html", context, status=400 if wrong else 200)


def _papers(found: Payment) -> list[tuple[str, str]]:
    shown = [("de-nghi", _("Đề nghị thanh toán (PDF)"))]
    if found.received:
        shown.append(("bien-nhan", _("Biên nhận (PDF)")))
    if found.refunded:
        shown.append(("hoan-tien", _("Giấy hoàn tiền (PDF)")))
    return shown


@require_safe
def paper(request: SignedInRequest, public_id: str, kind: str) -> HttpResponse:
    found = _visible(request, public_id)
    if kind not in {name for name, _label in _papers(found)}:
        raise Http404
    try:
        content = papers.paper(found, papers.KINDS[kind])
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect(found.get_absolute_url())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{found.public_id}.pdf"'
    return response


def _receivable(request: SignedInRequest, public_id: str) -> Payment:
    rows = Payment.objects.receivable_by(request.user).with_sides()
    return get_object_or_404(rows, public_id=public_id)


def _do(
    request: SignedInRequest, found: Payment, act: Callable[[], object], said: str
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said)
    return redirect(found.get_absolute_url())


@require_POST
@idempotent
def cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _receivable(request, public_id)
    return _do(
        request,
        found,
        lambda: services.cancel_payment(found, by=request.user),
        _("Đã hủy yêu cầu thanh toán."),
    )


@require_POST
@idempotent
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The payee's finance says that the money is there."""
    found = _receivable(request, public_id)
    form = ReceiptForm(request.POST, payment=found)
    if found.is_open and not form.is_valid():
        return _page(request, found, receipt=form)
    values = form.cleaned_data if form.is_valid() else {"amount": 1, "on": None}
    key = request.POST.get(FIELD) or new_key()
    return _do(
        request,
        found,
        lambda: services.confirm_receipt(found, key=key[:60], by=request.user, **values),
        _("Đã ghi nhận. Bên trả được báo."),
    )


@require_POST
@idempotent
def refund(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _receivable(request, public_id)
    form = RefundForm(request.POST, payment=found)
    if not form.is_valid():
        return _page(request, found, refund=form)
    return _do(
        request,
        found,
        lambda: services.ask_refund(found, by=request.user, **form.cleaned_data),
        _("Đã ghi nhận hoàn tiền."),
    )


@require_POST
@idempotent
def add_invoice(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _receivable(request, public_id)
    form = InvoiceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, invoice=form)
    values = dict(form.cleaned_data)
    upload = values.pop("file")
    return _do(
        request,
        found,
        lambda: keep_invoice(
            found, xml=upload.read() if upload else b"", by=request.user, **values
        ),
        _("Đã lưu hóa đơn."),
    )


@require_safe
def invoice_file(request: SignedInRequest, public_id: str) -> HttpResponse:
    shown = Payment.objects.visible_to(request.user).values("pk")
    rows = TaxInvoice.objects.filter(payment__in=shown).exclude(file="")
    found = get_object_or_404(rows, public_id=public_id)
    with found.file.open("rb") as content:
        response = HttpResponse(content.read(), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="hoa-don-{found.public_id}.xml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_http_methods(["GET", "POST"])
@idempotent
def ask_for_milestone(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The seller's finance asks for the money of a milestone, into the seller's own account."""
    rows = Milestone.objects.sold_by(request.user).select_related("deal__seller", "deal__buyer")
    milestone = get_object_or_404(rows, public_id=public_id)
    accounts = PayeeAccount.objects.of(milestone.deal.seller).verified()
    form = MilestonePaymentForm(
        request.POST or None, accounts=accounts.filter(currency=milestone.currency)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.request_milestone_payment(
                milestone, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã gửi đề nghị thanh toán cho bên trả."))
            return redirect(made.get_absolute_url())
    context = {"milestone": milestone, "form": form, "has_account": accounts.exists()}
    return render(request, "payments/ask.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@idempotent
def ask_for_fee(request: SignedInRequest) -> HttpResponse:
    """Staff ask for a service fee of the exchange."""
    if not is_staff_for_money(request.user):
        raise Http404
    accounts = PayeeAccount.objects.of(front_of(request).exchange).verified()
    form = FeeForm(request.POST or None, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        payer = Organization.objects.filter(public_id=values.pop("payer")).first()
        if payer is None:
            form.add_error("payer", _("Không có tổ chức nào mang mã này."))
        else:
            try:
                made = services.request_fee(payer, by=request.user, **values)
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("Đã gửi yêu cầu trả phí."))
                return redirect(made.get_absolute_url())
    context = {"form": form, "has_account": accounts.exists()}
    return render(request, "payments/fee.html", context, status=400 if form.errors else 200)


@require_safe
def ledger(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The book of an organisation, on the page or as a PDF (`?pdf=1`)."""
    rows = Organization.objects.filter(pk__in=money_of(request.user))
    owner = get_object_or_404(rows, public_id=public_id)
    if request.GET.get("pdf"):
        try:
            content = papers.ledger_extract(owner)
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect("payments:ledger", owner.public_id)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="so-cai-{owner.public_id}.pdf"'
        return response
    return render(request, "payments/ledger.html", papers.ledger_context(owner, limit=200))
