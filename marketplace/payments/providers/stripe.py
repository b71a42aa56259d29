"""Stripe: Checkout for cards, refunds, signed calls. The one module that imports `stripe`.

Off unless STRIPE_SECRET_KEY is set. Stripe opens no accounts for payees in Vietnam, so it serves a foreign
partner, or an operator elsewhere. What is paid for a milestone is a direct charge on the payee's own Stripe
account (`stripe_account`): the exchange's account sees its own fees alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import stripe
from django.conf import settings
from django.urls import reverse

from marketplace.core import clock
from marketplace.payments.providers.base import (
    BACK,
    Event,
    ForgedEvent,
    Opened,
    ProviderProblem,
    Remote,
    RemoteState,
)

if TYPE_CHECKING:
    from marketplace.payments.models import Payment, Refund

#: A session lives at most a day; Stripe takes no shorter than half an hour.
_SESSION_LIFE: Final = timedelta(hours=23)
_TEMPORARY: Final = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)
_STATES: Final[dict[str, RemoteState]] = {"open": "open", "complete": "open", "expired": "closed"}


class StripeProvider:
    def __init__(self) -> None:
        bases: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
        self._client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses=bases,
            http_client=stripe.RequestsClient(timeout=20),
            # Ticks try again by themselves, and remember it.
            max_network_retries=0,
        )

    def open(self, payment: Payment) -> Opened:
        page = settings.PUBLIC_URL.rstrip("/") + reverse(BACK, args=[payment.public_id])
        params: Any = {
            "mode": "payment",
            "client_reference_id": payment.public_id,
            "metadata": {"payment": payment.public_id},
            "payment_intent_data": {"metadata": {"payment": payment.public_id}},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": payment.currency.lower(),
                        "unit_amount": payment.amount,
                        "product_data": {"name": payment.title[:250]},
                    },
                }
            ],
            "success_url": page,
            "cancel_url": page,
            # The same number at every repeat: with another one Stripe refuses the key.
            "expires_at": int((payment.created_at + _SESSION_LIFE).timestamp()),
        }
        options = self._options(payment, key=payment.public_id)
        session = self._call(lambda: self._client.v1.checkout.sessions.create(params, options))
        return Opened(session.id, session.url or "")

    def fetch(self, payment: Payment) -> Remote:
        params: Any = {"expand": ["payment_intent.latest_charge"]}
        session = self._call(
            lambda: self._client.v1.checkout.sessions.retrieve(
                payment.provider_reference, params, self._options(payment)
            )
        )
        return _remote(session)

    def close(self, payment: Payment) -> None:
        self._call(
            lambda: self._client.v1.checkout.sessions.expire(
                payment.provider_reference, {}, self._options(payment)
            )
        )

    def refund(self, refund: Refund) -> str:
        params: Any = {
            "payment_intent": refund.payment.provider_charge,
            "amount": refund.amount,
            "metadata": {"refund": refund.public_id, "payment": refund.payment.public_id},
        }
        options = self._options(refund.payment, key=refund.public_id)
        made = self._call(lambda: self._client.v1.refunds.create(params, options))
        if "status" in made and made.status in ("failed", "canceled"):
            raise ProviderProblem(str(made.status), is_temporary=False)
        return str(made.id)

    def event_of(self, body: bytes, signature: str) -> Event:
        # What names the object is read as it came: the library would make objects of all of it, for four words.
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, settings.STRIPE_WEBHOOK_SECRET, tolerance=300
            )
            event = json.loads(body)
            about = event["data"]["object"]
            said, named = (event["object"], event["id"], event["type"]), about["id"]
            # A refund or a charge names the payment by its intent.
            if about["object"] in ("charge", "refund"):
                named = about.get("payment_intent") or named
            hint = (about.get("metadata") or {}).get("payment", "")
        except (ValueError, LookupError, TypeError, stripe.SignatureVerificationError) as error:
            raise ForgedEvent from error
        kind_of_object, name, kind = said
        if kind_of_object != "event":
            raise ForgedEvent
        return Event(str(name), str(kind), str(named), str(hint)[:40])

    def changed_since(self, moment: datetime) -> Iterator[Remote]:
        params: Any = {
            "created": {"gte": int(moment.timestamp())},
            "limit": 100,
            "expand": ["data.payment_intent.latest_charge"],
        }
        sessions = self._call(lambda: self._client.v1.checkout.sessions.list(params))
        yield from (_remote(session) for session in sessions.auto_paging_iter())

    @staticmethod
    def _options(payment: Payment, *, key: str = "") -> Any:
        options = {"idempotency_key": key} if key else {}
        if payment.payee_exchange_id is None:
            options["stripe_account"] = payment.account.number
        return options

    @staticmethod
    def _call(ask: Any) -> Any:
        try:
            return ask()
        except _TEMPORARY as error:
            raise ProviderProblem(type(error).__name__, is_temporary=True) from error
        except stripe.StripeError as error:
            # The words of the provider may name people: its code says enough.
            said = getattr(error, "code", None) or type(error).__name__
            raise ProviderProblem(str(said), is_temporary=False) from error


def _remote(session: Any) -> Remote:
    intent = session.payment_intent if "payment_intent" in session else None
    charge = getattr(intent, "latest_charge", None) if intent else None
    paid = session.payment_status == "paid"
    return Remote(
        reference=session.id,
        state="paid" if paid else _STATES.get(session.status or "open", "open"),
        amount=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        charge=str(getattr(intent, "id", intent) or ""),
        refunded=int(getattr(charge, "amount_refunded", 0) or 0),
        said=session.client_reference_id or "",
    )


def is_configured() -> bool:
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def signed_now(body: str) -> str:
    """A header as Stripe signs it, for the server that the tests run in its place."""
    return str(
        stripe.WebhookSignature.generate_signature_header(
            body, settings.STRIPE_WEBHOOK_SECRET, int(clock.now().timestamp())
        )
    )
