"""Cards that are none: for the demo and for tests. Its page says so in large letters; no number is asked.

It keeps to the port as a real one does: a payment is opened once under its public id, answers come by signed
calls that may repeat, and the money is read from here again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from marketplace.core import clock
from marketplace.payments.models.inbox import DemoCharge
from marketplace.payments.providers.base import (
    Event,
    ForgedEvent,
    Opened,
    ProviderProblem,
    Remote,
    RemoteState,
)

if TYPE_CHECKING:
    from marketplace.payments.models import Payment, Refund

_STATES: dict[str, RemoteState] = {"open": "open", "paid": "paid", "closed": "closed"}


class DemoCardProvider:
    def open(self, payment: Payment) -> Opened:
        charge, _made = DemoCharge.objects.get_or_create(
            payment_id_said=payment.public_id,
            defaults={
                "reference": f"demo_{payment.public_id}",
                "amount": payment.amount,
                "currency": payment.currency,
            },
        )
        return Opened(charge.reference, reverse("payments:demo_card", args=[payment.public_id]))

    def fetch(self, payment: Payment) -> Remote:
        return _remote(_charge(payment))

    def close(self, payment: Payment) -> None:
        closed = DemoCharge.objects.filter(reference=payment.provider_reference, state="open")
        if not closed.update(state="closed", changed_at=clock.now()):
            raise ProviderProblem("not_open", is_temporary=False)

    def refund(self, refund: Refund) -> str:
        charge = _charge(refund.payment)
        if charge.state != "paid" or charge.refunded + refund.amount > charge.amount:
            raise ProviderProblem("not_refundable", is_temporary=False)
        # The conditional UPDATE is the provider's idempotency: one refund of this size at a time.
        before = refund.payment.refunded
        DemoCharge.objects.filter(pk=charge.pk, refunded=before).update(
            refunded=before + refund.amount, changed_at=clock.now()
        )
        return f"demo_refund_{refund.public_id}"

    def event_of(self, body: bytes, signature: str) -> Event:
        if not hmac.compare_digest(signed(body), signature):
            raise ForgedEvent
        said = json.loads(body)
        return Event(said["id"], said["type"], said["object"], said.get("payment", ""))

    def changed_since(self, moment: datetime) -> Iterator[Remote]:
        for charge in DemoCharge.objects.filter(changed_at__gte=moment).iterator():
            yield _remote(charge)


def pay(reference: str) -> bool:
    """What the page's button does: the card is charged, unless it was closed or charged before."""
    return _move(reference, "paid")


def decline(reference: str) -> bool:
    return _move(reference, "closed")


def signed(body: bytes) -> str:
    key = str(settings.SECRET_KEY).encode()
    return hmac.new(key, b"demo card " + body, "sha256").hexdigest()


def call_about(reference: str) -> tuple[bytes, str]:
    """A call as a provider makes it when something has happened: body and signature."""
    charge = DemoCharge.objects.get(reference=reference)
    said = {
        "id": f"demo_event_{reference}_{charge.state}_{charge.refunded}",
        "type": f"charge.{charge.state}",
        "object": reference,
        "payment": charge.payment_id_said,
    }
    body = json.dumps(said).encode()
    return body, signed(body)


def _move(reference: str, to: str) -> bool:
    rows = DemoCharge.objects.filter(reference=reference, state="open")
    return bool(rows.update(state=to, changed_at=clock.now()))


def _charge(payment: Payment) -> DemoCharge:
    found = DemoCharge.objects.filter(reference=payment.provider_reference).first()
    if found is None:
        raise ProviderProblem("unknown", is_temporary=False)
    return found


def _remote(charge: DemoCharge) -> Remote:
    return Remote(
        reference=charge.reference,
        state=_STATES[charge.state],
        amount=charge.amount,
        currency=charge.currency,
        charge=f"{charge.reference}_money" if charge.state == "paid" else "",
        refunded=charge.refunded,
        said=charge.payment_id_said,
    )
