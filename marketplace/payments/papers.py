"""Papers: the request for a payment, the receipt for what came, the note of what went back, the ledger."""

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from marketplace.accounts.models import Exchange, Organization
from marketplace.core import clock
from marketplace.core.printing import pdf_of, qr_code
from marketplace.payments.models import LedgerAccount, Payment, Posting, Provider
from marketplace.payments.money import Money
from marketplace.payments.services.ledger import balance, kept_by
from marketplace.payments.vietqr import Transfer, payload

STYLESHEET: Final = "css/payment-paper.css"
KINDS: Final = {"de-nghi": "request", "bien-nhan": "receipt", "hoan-tien": "refund"}


def transfer_of(payment: Payment) -> Transfer:
    """The transfer that pays what is missing."""
    return Transfer(
        payment.account.bank, payment.account.number, payment.missing.amount, payment.reference
    )


def code_of(payment: Payment) -> str:
    """The text of the VietQR code; "" where a transfer in dong does not pay it."""
    by_code = payment.provider == Provider.TRANSFER and payment.currency == "VND"
    return payload(transfer_of(payment)) if by_code and payment.missing.amount else ""


def paper(payment: Payment, kind: str) -> bytes:
    """A PDF of one of KINDS, in Vietnamese. Raises PrintingUnavailable."""
    code = code_of(payment) if kind == "request" and payment.is_open else ""
    context = {
        "payment": payment,
        "kind": kind,
        "receipts": list(payment.receipts.all()),
        "refunds": list(payment.refunds.filter(state="done")),
        "invoices": list(payment.invoices.all()),
        "qr_code": qr_code(code) if code else "",
        "today": clock.today(),
        "back": Money(payment.refunded, payment.currency),
    }
    return _pdf("payments/paper.html", context)


def ledger_extract(owner: Organization | Exchange) -> bytes:
    """The owner's book as a PDF: each account with its balance, each posting."""
    return _pdf("payments/ledger_paper.html", ledger_context(owner))


def ledger_context(owner: Organization | Exchange, limit: int = 2000) -> dict[str, Any]:
    side = "exchange" if isinstance(owner, Exchange) else "organization"
    books = kept_by(owner)
    accounts = LedgerAccount.objects.filter(**{f"{side}__in": books}).select_related("organization")
    rows = Posting.objects.filter(**{f"debit__{side}__in": books}).select_related(
        "debit", "credit", "payment"
    )
    in_order = sorted(accounts, key=lambda one: (_owner(one) != owner.pk, one.currency, one.pk))
    return {
        "owner": owner,
        "accounts": [
            (one, balance(one), one.organization if _owner(one) != owner.pk else None)
            for one in in_order
        ],
        "postings": list(rows.order_by("posted_on", "pk")[:limit]),
        "today": clock.today(),
    }


def _owner(account: LedgerAccount) -> int | None:
    return account.exchange_id or account.organization_id


def _pdf(template: str, context: dict[str, Any]) -> bytes:
    with translation.override("vi"):
        return pdf_of(render_to_string(template, context), stylesheet=STYLESHEET)
