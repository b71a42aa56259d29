"""The desk of what does not fit: each thing once, until a person says what becomes of it."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.payments.models import DeskItem, PayeeAccount, Payment, StatementLine
from marketplace.payments.services.receipts import Incoming, take_in
from marketplace.payments.states import DESK_TRANSITIONS, DeskKind, DeskState

#: "accept": the money is for the payment; "returned": it went back to the payer; "noted": not the exchange's.
DECISIONS: Final = ("accept", "returned", "noted")


def put_on_desk(
    payment: Payment, kind: DeskKind, *, amount: int, key: str, account: PayeeAccount | None = None
) -> None:
    """Something of a provider's, or of the books; what is there already stays as it is."""
    DeskItem.objects.get_or_create(
        key=f"{kind}:{key}"[:300],
        defaults={
            "kind": kind,
            "account": account or payment.account,
            "payment": payment,
            "amount": amount,
            "currency": payment.currency,
        },
    )


def put_line_on_desk(line: StatementLine, kind: DeskKind, payment: Payment | None) -> DeskItem:
    return DeskItem(
        key=f"line:{line.pk}",
        kind=kind,
        account_id=line.account_id,
        payment=payment,
        line=line,
        amount=line.amount,
        currency=line.currency,
    )


@transaction.atomic
def decide(
    item: DeskItem, *, decision: str, note: str = "", payment: Payment | None = None, by: User
) -> None:
    """What becomes of it. To accept takes the money in for the payment named, or the one it is about.

    Raises:
        InvalidTransition: somebody decided first.
        DomainError: there is nothing to accept it for, or it fits no payment in that currency and account.
    """
    if decision not in DECISIONS:
        raise DomainError(_("Chọn cách xử lý."))
    if decision != "accept" and not note.strip():
        raise DomainError(_("Hãy ghi lý do, ví dụ số giao dịch hoàn tiền."))
    transition(
        item,
        DeskState.CLOSED,
        table=DESK_TRANSITIONS,
        by=by,
        reason=decision,
        also={
            "decision": decision,
            "note": note.strip()[:500],
            "decided_by": by,
            "decided_at": clock.now(),
        },
    )
    if decision == "accept":
        _accept(item, payment, by=by)
    elif item.line is not None:
        StatementLine.objects.filter(pk=item.line.pk).update(state="ignored", content="")


def _accept(item: DeskItem, payment: Payment | None, *, by: User) -> None:
    chosen = payment or item.payment
    if chosen is None:
        raise DomainError(_("Chọn khoản thanh toán mà số tiền này trả cho."))
    row = Payment.objects.select_for_update(of=("self",)).get(pk=chosen.pk)
    if row.account_id != item.account_id or row.currency != item.currency:
        raise DomainError(_("Số tiền này không vào tài khoản của khoản thanh toán đó."))
    if item.line is None and item.kind != DeskKind.LATE:
        raise DomainError(_("Việc này không có tiền để nhận; hãy ghi chú rồi đóng."))
    line = item.line
    if line is None:
        key = item.key.partition(":")[2]
        incoming = Incoming(key=key, amount=item.amount, on=clock.today())
    else:
        incoming = Incoming(key=f"line:{line.pk}", amount=line.amount, on=line.booked_on)
    take_in(row, incoming, by=by)
    DeskItem.objects.filter(pk=item.pk).update(payment=row)
    if line is not None:
        StatementLine.objects.filter(pk=line.pk).update(state="matched", payment=row)
