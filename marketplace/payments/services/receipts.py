"""Money that comes in: written once for each piece, in both books, and the payment moves with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.deals.services import milestone_paid
from marketplace.payments.models import DeskItem, LedgerAccount, Payment, Posting, Receipt
from marketplace.payments.services import ledger
from marketplace.payments.states import OPEN_STATES, PAYMENT_TRANSITIONS, DeskKind, PaymentState

_ENDED = (PaymentState.CANCELLED, PaymentState.FAILED)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A piece of money: `key` names it, so that it counts once whatever is repeated."""

    key: str
    amount: int
    on: date


def take_in(payment: Payment, incoming: Incoming, *, by: User | str, charge: str = "") -> bool:
    """Whether it was new. Runs in a transaction in which the payment's row is locked.

    Raises DomainError where the payment has ended and another one for the same thing is open or paid.
    """
    try:
        with transaction.atomic():
            receipt = Receipt.objects.create(
                payment=payment,
                key=incoming.key,
                amount=incoming.amount,
                currency=payment.currency,
                received_on=incoming.on,
                recorded_by=by if isinstance(by, User) else None,
            )
    except IntegrityError:
        return False
    before, after = payment.state, _state_after(payment, incoming.amount)
    changes: dict[str, Any] = {"received": payment.received + incoming.amount, "state": after}
    if after == PaymentState.SETTLED:
        changes |= {"settled_at": payment.settled_at or clock.now(), "next_try_at": None}
    if before in _ENDED:
        changes["ended_at"] = None
    if charge:
        changes["provider_charge"] = charge
    try:
        with transaction.atomic():
            moved = Payment.objects.filter(pk=payment.pk, state=before, received=payment.received)
            if not moved.update(**changes):
                raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    except IntegrityError as error:
        raise DomainError(
            _("Đã có khoản thanh toán khác cho cùng nội dung. Hãy hoàn lại số tiền này.")
        ) from error
    if before in _ENDED:
        # It was given up, and is agreed on again: the books say both.
        ledger.post(payment, "agreed", amount=payment.amount, key=f"again:{receipt.public_id}")
    ledger.post(payment, "received", amount=incoming.amount, key=receipt.public_id, on=incoming.on)
    audit.record(
        f"state.{after}", f"payment:{payment.public_id}", by=by, before=before, money=incoming.key
    )
    payment.refresh_from_db()
    if after == PaymentState.SETTLED and before != PaymentState.SETTLED:
        settle_subject(payment, by=by)
    return True


def take_in_whole(payments: Sequence[tuple[Payment, Incoming]], *, by: str) -> None:
    """Many at once, each of which settles its payment to the dong: what a statement of thousands needs.

    Runs in a transaction in which the rows are locked and were found open and unpaid for that sum; no
    payment stands in it twice.
    """
    now = clock.now()
    receipts = [
        Receipt(
            payment=payment,
            key=incoming.key,
            amount=incoming.amount,
            currency=payment.currency,
            received_on=incoming.on,
            recorded_at=now,
        )
        for payment, incoming in payments
    ]
    Receipt.objects.bulk_create(receipts)
    lines = []
    for payment, incoming in payments:
        if PaymentState.SETTLED not in PAYMENT_TRANSITIONS[PaymentState(payment.state)]:
            raise InvalidTransition(payment.public_id)
        lines.append(
            AuditEntry(
                at=now,
                actor=audit.actor_code(by),
                action=f"state.{PaymentState.SETTLED}",
                subject=f"payment:{payment.public_id}",
                data={"before": payment.state, "money": incoming.key},
            )
        )
        payment.received += incoming.amount
        payment.state, payment.settled_at, payment.next_try_at = PaymentState.SETTLED, now, None
    _settle(payments)
    _post_many(receipts)
    AuditEntry.objects.bulk_create(lines)
    for payment, _incoming in payments:
        settle_subject(payment, by=by)


def _settle(payments: Sequence[tuple[Payment, Incoming]]) -> None:
    """One UPDATE for all of them: each is paid to the dong, so what it has received is what it is of."""
    keys = [payment.pk for payment, _incoming in payments]
    if any(payment.received != payment.amount for payment, _incoming in payments):
        raise InvalidTransition(_("Số tiền không khớp."))
    settled = Payment.objects.filter(pk__in=keys, state__in=OPEN_STATES).update(
        received=F("amount"),
        state=PaymentState.SETTLED,
        settled_at=payments[0][0].settled_at,
        next_try_at=None,
    )
    if settled != len(keys):
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))


def settle_subject(payment: Payment, *, by: User | str) -> None:
    """What was paid for learns of it in the same transaction; where it takes no money any more, the money
    is a fact all the same, and the desk says what becomes of it."""
    if payment.milestone is None:
        return
    paid_at = payment.settled_at or clock.now()
    try:
        with transaction.atomic():
            milestone_paid(payment.milestone, reference=payment.public_id, paid_at=paid_at, by=by)
    except InvalidTransition:
        DeskItem.objects.get_or_create(
            key=f"{DeskKind.DOUBLE}:milestone:{payment.public_id}",
            defaults={
                "kind": DeskKind.DOUBLE,
                "account": payment.account,
                "payment": payment,
                "amount": payment.received,
                "currency": payment.currency,
            },
        )


def _post_many(receipts: Sequence[Receipt]) -> None:
    """As `ledger.post` for each, with the accounts of the books asked for once."""
    agreed = Posting.objects.filter(
        key__in=[
            f"agreed:{one.payment.public_id}:{side}"
            for one in receipts
            for side in ("payer", "payee")
        ]
    )
    debits = dict(agreed.order_by("pk").values_list("key", "debit"))
    named = LedgerAccount.objects.select_related("organization", "exchange")
    accounts_of = named.in_bulk(set(debits.values()))
    books = {key.removeprefix("agreed:"): accounts_of[pk] for key, pk in debits.items()}
    accounts: dict[tuple[Any, ...], LedgerAccount] = {}
    rows = []
    for receipt in receipts:
        for side, legs in zip(("payer", "payee"), ledger.FACTS["received"], strict=True):
            book = books[f"{receipt.payment.public_id}:{side}"]
            debit, credit = (_account(book, kind, accounts) for kind in legs)
            rows.append(
                Posting(
                    key=f"received:{receipt.public_id}:{side}",
                    debit=debit,
                    credit=credit,
                    amount=receipt.amount,
                    currency=receipt.currency,
                    payment=receipt.payment,
                    what="received",
                    posted_on=receipt.received_on,
                )
            )
    Posting.objects.bulk_create(rows)


def _account(
    book: LedgerAccount, kind: str, known: dict[tuple[Any, ...], LedgerAccount]
) -> LedgerAccount:
    key = (book.organization_id, book.exchange_id, kind, book.currency)
    if key not in known:
        known[key], _made = LedgerAccount.objects.get_or_create(
            organization=book.organization,
            exchange=book.exchange,
            kind=kind,
            currency=book.currency,
        )
    return known[key]


def _state_after(payment: Payment, amount: int) -> str:
    if payment.state == PaymentState.REFUNDED:
        raise InvalidTransition(_("Khoản này đã hoàn tiền; tiền đến sau phải hoàn lại."))
    if payment.received + amount >= payment.amount:
        return PaymentState.SETTLED
    return PaymentState.PARTIAL
