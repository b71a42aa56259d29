"""Each stage ended by SIGKILL after a statement chosen by a seed, and run again: nothing lost, nothing doubled."""

import pytest

from marketplace.payments.models import DemoCharge, Payment, Posting, StatementLine
from marketplace.payments.providers import demo_card
from marketplace.payments.services import ledger
from marketplace.payments.services.inbox import store_event
from marketplace.payments.services.nightly import _books
from marketplace.payments.services.payments import ask_refund
from marketplace.payments.services.remote import ask_batch
from marketplace.payments.services.statements import import_statement
from tests.factories.payments import payment_into, verified_account
from tests.payments.test_statements import csv_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]
CARD = "import marketplace.settings.embedded; from django.conf import settings; settings.PAYMENTS_DEMO_CARD = True"


def whole():
    """Every payment is paid once, and the books say so."""
    for payment in Payment.objects.all():
        assert (payment.state, payment.received) == ("settled", payment.amount)
        assert payment.receipts.count() == 1
        assert payment.postings.filter(what="received").count() == 2
        assert ledger.outstanding(payment) == 0
    assert _books()[1] == 0


def test_a_statement_is_settled_once_wherever_the_stage_is_ended(account, firm, kill_stage):
    payments = [payment_into(account, payer=firm, amount=100 + one) for one in range(6)]
    rows = [("11/11/2026", "", one.amount, one.reference, "") for one in payments]
    import_statement(account, data=csv_of(rows), file_name="a.csv", by=account.added_by)
    killed = kill_stage(
        "reconcile_batch(2)",
        "from marketplace.payments.services.reconciling import reconcile_batch",
        count=7,
        most=30,
    )
    assert killed >= 2
    from marketplace.payments.services.reconciling import reconcile_batch

    while reconcile_batch():
        pass
    whole()
    assert set(StatementLine.objects.values_list("state", flat=True)) == {"matched"}


def test_cards_are_opened_and_settled_once_wherever_a_stage_is_ended(
    card_account, firm, kill_stage
):
    for one in range(3):
        payment_into(card_account, payer=firm, amount=100 + one)
    opened = kill_stage(
        "ask_batch(2)",
        f"{CARD}; from marketplace.payments.services.remote import ask_batch",
        count=7,
        most=25,
    )
    while ask_batch():
        pass
    assert DemoCharge.objects.count() == 3
    for charge in DemoCharge.objects.all():
        demo_card.pay(charge.reference)
        body, signature = demo_card.call_about(charge.reference)
        store_event("demo_card", demo_card.DemoCardProvider().event_of(body, signature))
    settled = kill_stage(
        "inbox_batch(2)",
        f"{CARD}; from marketplace.payments.services.inbox import inbox_batch",
        count=6,
        most=30,
    )
    assert opened + settled >= 4
    from marketplace.payments.services.inbox import inbox_batch

    while inbox_batch():
        pass
    whole()


def test_a_refund_goes_out_once_wherever_the_stage_is_ended(firm, institute, kill_stage):
    account = verified_account(institute, number="demo0001", kind="demo")
    payment = payment_into(account, payer=firm, amount=500)
    ask_batch()
    payment.refresh_from_db()
    demo_card.pay(payment.provider_reference)
    from marketplace.payments.services.remote import ask_about, refund_batch

    ask_about(payment)
    ask_refund(payment, amount=200, reason="", by=account.added_by)
    kill_stage(
        "refund_batch(1)",
        f"{CARD}; from marketplace.payments.services.remote import refund_batch",
        count=7,
        most=20,
    )
    while refund_batch():
        pass
    payment.refresh_from_db()
    assert DemoCharge.objects.get().refunded == payment.refunded == 200
    assert Posting.objects.filter(what="refunded").count() == 2
    assert _books()[1] == 0
