"""What a provider knows, brought over: stages that ask it, each outside of a transaction, and settle in one.

Killed anywhere, a stage does the same again: a payment is opened under its public id, a refund under its
own, and money counts once by the provider's name for it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Sum

from marketplace.core import audit, clock
from marketplace.payments import providers
from marketplace.payments.models import Payment, Refund
from marketplace.payments.providers import ProviderProblem, Remote
from marketplace.payments.services import ledger
from marketplace.payments.services.desk import put_on_desk
from marketplace.payments.services.payments import (
    ASK_STAGE,
    REFUND_STAGE,
    fail_refund,
    finish_refund,
)
from marketplace.payments.services.receipts import Incoming, take_in
from marketplace.payments.states import (
    OPEN_STATES,
    DeskKind,
    PaymentState,
    RefundState,
)

logger = structlog.get_logger(__name__)

#: Asked again where no call comes: soon at first, then less often.
_POLL: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
#: A provider that does not answer is tried for ever, but no more often than that.
_LONGEST: Final = timedelta(hours=1)


def pause_after(tries: int) -> timedelta:
    return min(timedelta(seconds=10 * 2 ** min(tries, 12)), _LONGEST)


def ask_batch(limit: int = 20) -> int:
    """Opens what was asked for, asks about what waits, closes what was given up."""
    rows = Payment.objects.filter(next_try_at__lte=clock.now()).order_by("next_try_at", "pk")
    due = list(rows.with_sides()[:limit])
    for payment in due:
        act: Callable[[Payment], None] = {
            PaymentState.PREPARED: open_at_provider,
            PaymentState.CANCELLED: _close,
        }.get(PaymentState(payment.state), ask_about)
        try:
            act(payment)
        except ProviderProblem as problem:
            _later(payment, problem)
        except LookupError:
            # The provider was switched off: nothing can be asked until somebody switches it on again.
            Payment.objects.filter(pk=payment.pk).update(next_try_at=clock.now() + _LONGEST)
    return len(due)


def open_at_provider(payment: Payment) -> None:
    """Raises ProviderProblem, LookupError."""
    opened = providers.remote(payment.provider).open(payment)
    with transaction.atomic():
        row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        row.provider_reference, row.checkout_url = opened.reference, opened.url
        if row.state == PaymentState.PREPARED:
            row.state = PaymentState.WAITING
            row.next_try_at = clock.now() + _POLL[0]
            audit.record(
                f"state.{row.state}",
                f"payment:{row.public_id}",
                by=ASK_STAGE,
                before=PaymentState.PREPARED,
            )
        row.tries = 0
        row.save(
            update_fields=["provider_reference", "checkout_url", "state", "next_try_at", "tries"]
        )
    payment.refresh_from_db()


def ask_about(payment: Payment) -> None:
    """What the provider says now is what holds. Raises ProviderProblem, LookupError."""
    apply_remote(payment, providers.remote(payment.provider).fetch(payment))


@transaction.atomic
def apply_remote(payment: Payment, remote: Remote) -> None:
    """Brings our row to where the provider's stands; the same answer twice changes nothing."""
    row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if remote.state == "paid":
        _paid(row, remote)
    elif remote.state == "closed" and row.is_unpaid:
        _failed(row)
    elif row.is_unpaid:
        step = min(row.tries, len(_POLL) - 1)
        Payment.objects.filter(pk=row.pk).update(
            next_try_at=clock.now() + _POLL[step], tries=row.tries + 1
        )
    else:
        Payment.objects.filter(pk=row.pk).update(next_try_at=None)
    payment.refresh_from_db()


def _paid(row: Payment, remote: Remote) -> None:
    Payment.objects.filter(pk=row.pk).update(next_try_at=None)
    if remote.currency != row.currency or remote.amount != row.amount:
        kind = DeskKind.CURRENCY if remote.currency != row.currency else DeskKind.AMOUNT
        # In the payment's currency where it is not known what another one is worth.
        put_on_desk(row, kind, amount=remote.amount, key=f"{row.provider}:{remote.reference}")
        return
    key = f"{row.provider}:{remote.charge or remote.reference}"
    if row.state in OPEN_STATES:
        incoming = Incoming(key=key, amount=remote.amount, on=clock.today())
        take_in(row, incoming, by=ASK_STAGE, charge=remote.charge)
    elif row.state in (PaymentState.CANCELLED, PaymentState.FAILED):
        if not row.receipts.filter(key=key).exists():
            Payment.objects.filter(pk=row.pk).update(provider_charge=remote.charge)
            put_on_desk(row, DeskKind.LATE, amount=remote.amount, key=key)
        return
    if remote.refunded:
        _returned(row, remote)


def _returned(row: Payment, remote: Remote) -> None:
    """Somebody gave money back at the provider itself: our books follow."""
    ours = row.refunds.exclude(state=RefundState.FAILED).aggregate(sum=Sum("amount"))["sum"] or 0
    more = min(remote.refunded, row.received) - ours
    if more > 0:
        refund = Refund.objects.create(
            payment=row, amount=more, reason="", reference=f"external:{remote.refunded}"
        )
        finish_refund(refund, reference=refund.reference, by=ASK_STAGE)


def _failed(row: Payment) -> None:
    changed = Payment.objects.filter(pk=row.pk, state=row.state).update(
        state=PaymentState.FAILED, ended_at=clock.now(), next_try_at=None
    )
    if changed:
        ledger.post(row, "given_up", amount=row.amount, key=row.public_id)
        audit.record("state.failed", f"payment:{row.public_id}", by=ASK_STAGE, before=row.state)


def _close(payment: Payment) -> None:
    """What was given up is closed at the provider; where it was paid first, the desk hears of it."""
    provider = providers.remote(payment.provider)
    if not payment.provider_reference:
        # Perhaps it was opened and the answer lost: opened again under its id, it is the same one.
        open_at_provider(payment)
    try:
        provider.close(payment)
    except ProviderProblem as problem:
        if problem.is_temporary:
            raise
        apply_remote(payment, provider.fetch(payment))
    Payment.objects.filter(pk=payment.pk).update(next_try_at=None)


def _later(payment: Payment, problem: ProviderProblem) -> None:
    logger.warning("provider", payment=payment.public_id, problem=str(problem.message))
    if problem.is_temporary or payment.state != PaymentState.PREPARED:
        Payment.objects.filter(pk=payment.pk).update(
            tries=payment.tries + 1, next_try_at=clock.now() + pause_after(payment.tries)
        )
        return
    with transaction.atomic():
        row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        if row.is_unpaid:
            _failed(row)


def refund_batch(limit: int = 20) -> int:
    """Asks providers to give money back, each once under the refund's public id."""
    rows = Refund.objects.filter(state=RefundState.ASKED, next_try_at__lte=clock.now())
    due = list(rows.select_related("payment__account").order_by("next_try_at", "pk")[:limit])
    for refund in due:
        try:
            reference = providers.remote(refund.payment.provider).refund(refund)
        except ProviderProblem as problem:
            if not problem.is_temporary:
                fail_refund(refund, reason=str(problem.message))
                continue
            Refund.objects.filter(pk=refund.pk).update(
                tries=refund.tries + 1, next_try_at=clock.now() + pause_after(refund.tries)
            )
        except LookupError:
            Refund.objects.filter(pk=refund.pk).update(next_try_at=clock.now() + _LONGEST)
        else:
            finish_refund(refund, reference=reference, by=REFUND_STAGE)
    return len(due)
