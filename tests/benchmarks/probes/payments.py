"""Calls of a provider in any order, and a statement of thousands of lines: how fast, and settled how often."""

import csv
import io
import json
import random
import time

from django.conf import settings
from django.db import transaction
from django.test import Client

from marketplace.payments.models import Payment, Receipt, WebhookEvent
from marketplace.payments.money import Money
from marketplace.payments.services import ledger
from marketplace.payments.services.inbox import inbox_batch
from marketplace.payments.services.nightly import _books
from marketplace.payments.services.payments import request_payment
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.statements import import_statement
from marketplace.payments.states import PaymentState
from tests.factories.accounts import OrganizationFactory
from tests.factories.payments import verified_account
from tests.payments.stripe_server import StripeServer

#: Calls about one payment: what Stripe says of a session besides its completion.
KINDS = (
    "checkout.session.completed",
    "payment_intent.succeeded",
    "charge.succeeded",
    "charge.updated",
)
FORGED, REPEATED, MOVED = 0.01, 0.2, 0.2


def main(events: str, lines: str, seed: str) -> None:
    chance = random.Random(int(seed))
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_bench"
    settings.ALLOWED_HOSTS = ["*"]
    server = StripeServer()
    settings.STRIPE_API_BASE = server.url
    firm, institute = OrganizationFactory(), OrganizationFactory()
    found = _calls(int(events), firm, institute, server, chance)
    server.stop()
    found |= _statement(int(lines), firm, institute, chance)
    compared, differences = _books()
    owed = sum(ledger.balances(one)[kind, code] for one, kind, code in _owed(firm, institute))
    found |= {"compared": compared, "differences": differences, "owed": owed}
    print(json.dumps(found))


def _owed(firm, institute):
    return [
        (one, kind, code)
        for one, kind in ((firm, "payable"), (institute, "receivable"))
        for code in ("USD", "VND")
    ]


def _requested(count, firm, account, chance):
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


def _calls(count, firm, institute, server, chance):
    account = verified_account(
        institute, number="acct_1NzYtest00", kind="stripe", in_currency="USD"
    )
    wanted = [True] * round(count * (1 - FORGED - REPEATED))
    payments = _requested(-(-len(wanted) // len(KINDS)), firm, account, chance)
    for number, payment in enumerate(payments):
        payment.provider_reference = f"cs_{number}"
        payment.state, payment.next_try_at = PaymentState.WAITING, None
        server.sessions[f"cs_{number}"] = {
            "id": f"cs_{number}", "object": "checkout.session", "status": "open",
            "payment_status": "unpaid", "amount_total": payment.amount, "currency": "usd",
            "client_reference_id": payment.public_id, "payment_intent": None, "url": "",
            "metadata": {"payment": payment.public_id}, "account": "acct_1NzYtest00",
        }  # fmt: skip
        server.pay(f"cs_{number}")
    fields = ["provider_reference", "state", "next_try_at"]
    Payment.objects.bulk_update(payments, fields, batch_size=200)
    calls = [server.call(f"cs_{number}", kind) for number in range(len(payments)) for kind in KINDS]
    calls = calls[: len(wanted)]
    for _time in range(round(len(calls) * MOVED)):
        one, other = chance.randrange(len(calls)), chance.randrange(len(calls))
        calls[one], calls[other] = calls[other], calls[one]
    distinct = len(calls)
    for _time in range(round(count * REPEATED)):
        calls.insert(chance.randrange(len(calls)), chance.choice(calls[:distinct]))
    forged = {chance.randrange(len(calls)) for _time in range(round(count * FORGED))}
    statuses = {204: 0, 400: 0}
    client = Client()
    started = time.perf_counter()
    for number, (body, signature) in enumerate(calls):
        if number in forged:
            statuses[_post(client, body.replace("cs_", "cx_"), signature)] += 1
        statuses[_post(client, body, signature)] += 1
    taken = time.perf_counter() - started
    assert statuses[400] == len(forged), statuses
    started = time.perf_counter()
    while inbox_batch():
        pass
    settling = time.perf_counter() - started
    paid = Payment.objects.filter(account=account, state="settled").count()
    receipts = Receipt.objects.filter(payment__account=account).count()
    return {
        "calls": sum(statuses.values()),
        "forged": statuses[400],
        "taken": sum(statuses.values()) / taken,
        "stored": WebhookEvent.objects.count(),
        "distinct": distinct,
        "settled": len(payments) / settling,
        "payments": len(payments),
        "unpaid": len(payments) - paid,
        "doubled": receipts - paid,
    }


def _post(client, body, signature):
    answer = client.post(
        "/thanh-toan/goi-lai/stripe/",
        body,
        content_type="application/json",
        headers={"stripe-signature": signature},
    )
    return answer.status_code


def _statement(count, firm, institute, chance):
    account = verified_account(institute)
    payments = _requested(count, firm, account, chance)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Ngày giao dịch", "Ghi có", "Nội dung giao dịch", "Số tham chiếu"])
    for number, payment in enumerate(payments):
        content = f"CT DEN {number} {payment.reference} CHUYEN TIEN"
        writer.writerow(["11/11/2026", payment.amount, content, f"FT{number}"])
    started = time.perf_counter()
    statement = import_statement(
        account, data=out.getvalue().encode(), file_name="a.csv", by=account.added_by
    )
    read = time.perf_counter() - started
    while reconcile_batch():
        pass
    done = time.perf_counter() - started
    statement.refresh_from_db()
    assert statement.matched_count == count, statement.matched_count
    return {"lines": count, "read": read, "reconciled": done}
