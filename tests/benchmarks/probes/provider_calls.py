"""Payments by card that a provider calls about: `prepare FILE COUNT SEED`, then `settle FILE DONE` beside the calls."""

import json
import random
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum

from marketplace.accounts.models import Organization
from marketplace.payments.models import Payment, Posting, Receipt, WebhookEvent
from marketplace.payments.money import Money
from marketplace.payments.services import ledger
from marketplace.payments.services.nightly import _books
from marketplace.payments.services.payments import request_payment
from marketplace.payments.states import EventState, PaymentState
from marketplace.payments.tasks import inbox, tell
from tests.factories.accounts import OrganizationFactory
from tests.factories.payments import verified_account
from tests.payments.stripe_server import StripeServer

ACCOUNT = "acct_1NzYtest00"
#: How often the clock of the exchange starts the tick.
PAUSE = 1.0


def main(action: str, *arguments: str) -> None:
    {"prepare": prepare, "settle": settle}[action](*arguments)


def requested(count: int, firm: Any, account: Any, chance: random.Random) -> list[Payment]:
    made = []
    for start in range(0, count, 500):
        with transaction.atomic():
            made += [
                request_payment(
                    firm,
                    account=account,
                    money=Money(chance.randrange(1, 10**9), account.currency),
                    subject=f"{account.pk}:{number}",
                    title=f"Khoản {number}",
                    by=None,
                )
                for number in range(start, min(start + 500, count))
            ]
    return made


def prepare(file: str, count: str, seed: str) -> None:
    """Payments that wait for their card, each with its session at the provider."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_bench"
    firm, institute = OrganizationFactory(), OrganizationFactory()
    account = verified_account(institute, number=ACCOUNT, kind="stripe", in_currency="USD")
    payments = requested(int(count), firm, account, random.Random(int(seed)))
    for number, payment in enumerate(payments):
        payment.provider_reference = f"cs_{number}"
        payment.state, payment.next_try_at = PaymentState.WAITING, None
    fields = ["provider_reference", "state", "next_try_at"]
    Payment.objects.bulk_update(payments, fields, batch_size=200)
    sessions = [(one.provider_reference, one.public_id) for one in payments]
    Path(file).write_text(json.dumps(sessions), encoding="ascii")


def settle(file: str, done: str) -> None:
    """The tick as the worker runs it, until the calls have ended and nothing of them is left to do."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_bench"
    server = StripeServer()
    settings.STRIPE_API_BASE = server.url
    for payment in Payment.objects.filter(provider="stripe").order_by("pk"):
        name = payment.provider_reference
        server.sessions[name] = {
            "id": name, "object": "checkout.session", "status": "open",
            "payment_status": "unpaid", "amount_total": payment.amount, "currency": "usd",
            "client_reference_id": payment.public_id, "payment_intent": None, "url": "",
            "metadata": {"payment": payment.public_id}, "account": ACCOUNT,
        }  # fmt: skip
        server.pay(name)
    print("ready", flush=True)
    before, ticks = time.process_time(), 0
    left = WebhookEvent.objects.filter(state=EventState.NEW)
    while not Path(done).exists() or left.exists():
        ticks += 1
        if not inbox():
            time.sleep(PAUSE)
    tell()
    server.stop()
    print(json.dumps({"ticks": ticks, "worked": time.process_time() - before} | _seen(server)))


def _seen(server: StripeServer) -> dict[str, Any]:
    """What is there in the end, row by row and in the books."""
    payments = Payment.objects.filter(provider="stripe")
    receipts = Receipt.objects.filter(payment__in=payments)
    settled = payments.filter(state=PaymentState.SETTLED, received=F("amount"))
    received = Posting.objects.filter(what="received", payment__in=payments)
    twice = received.values("payment").annotate(n=Count("pk")).filter(n__gt=2)
    posted = received.filter(key__endswith=":payee").aggregate(sum=Sum("amount"))["sum"] or 0
    sums = [ledger.balances(one) for one in Organization.objects.filter(pk__in=_sides(payments))]
    owed = sum(abs(sum_) for each in sums for (kind, _c), sum_ in each.items() if kind in ("payable", "receivable"))  # fmt: skip
    return {
        "payments": payments.count(),
        "unsettled": payments.count() - settled.count(),
        "doubled": receipts.count() - receipts.values("payment").distinct().count() + twice.count(),
        "stored": WebhookEvent.objects.count(),
        "asked": len(server.requests),
        "difference": posted - (payments.aggregate(sum=Sum("amount"))["sum"] or 0),
        "owed": owed,
        "books": _books()[1],
    }


def _sides(payments: Any) -> set[int]:
    return {
        key for pair in payments.values_list("payer", "payee").distinct() for key in pair if key
    }
