"""The books: balanced whatever happens, and the database holds them to it."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marketplace.core.errors import DomainError
from marketplace.payments.models import LedgerAccount, Payment, Posting
from marketplace.payments.services import ledger
from marketplace.payments.services.nightly import _books
from marketplace.payments.services.payments import ask_refund, cancel_payment, confirm_receipt
from marketplace.payments.services.receipts import Incoming, take_in
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.payments import payment_into, verified_account

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 11)
AMOUNT = 1000
STEPS = st.lists(
    st.tuples(st.sampled_from(["confirm", "over", "refund", "cancel", "again"]), st.integers(1, 1500)),
    max_size=7,
)  # fmt: skip


def total():
    debit = Posting.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    return sum(ledger.balance(account).amount for account in LedgerAccount.objects.all()), debit


def walk(payment, steps, by):
    """Each step as a person would try it: what is not possible is refused and changes nothing."""
    for number, (step, amount) in enumerate(steps):
        try:
            with transaction.atomic():
                if step == "confirm":
                    confirm_receipt(payment, amount=amount, on=DAY, key=str(number), by=by)
                elif step in ("over", "again"):
                    key = "same" if step == "again" else f"over{number}"
                    row = Payment.objects.select_for_update().get(pk=payment.pk)
                    take_in(row, Incoming(key=f"{key}:{payment.pk}", amount=amount, on=DAY), by=by)
                elif step == "refund":
                    ask_refund(payment, amount=amount, reason="", reference=f"FT{number}", by=by)
                else:
                    cancel_payment(payment, by=by)
        except DomainError:
            continue
    payment.refresh_from_db()


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # Each example asks the database dozens of times: to make one smaller takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(steps=STEPS)
def test_the_books_balance_to_the_dong_whatever_is_tried(db, steps):
    with transaction.atomic():
        by = UserFactory()
        account = verified_account(OrganizationFactory())
        payment = payment_into(account, amount=AMOUNT)
        walk(payment, steps, by)
        assert total()[0] == 0
        paid = ledger.balances(payment.payer)
        taken = ledger.balances(payment.payee)
        in_hand = payment.received - payment.refunded
        assert taken.get(("bank", "VND"), 0) == -paid.get(("paid", "VND"), 0) == in_hand
        assert taken[("receivable", "VND")] == -paid[("payable", "VND")]
        assert taken[("receivable", "VND")] == ledger.outstanding(payment)
        assert sum(payment.receipts.values_list("amount", flat=True)) == payment.received
        assert _books() == (1, 0)
        transaction.set_rollback(True)


def test_a_fact_is_posted_once(payment):
    before = Posting.objects.count()
    ledger.post(payment, "agreed", amount=payment.amount, key=payment.public_id)
    assert Posting.objects.count() == before == 2


def test_the_database_refuses_to_change_or_remove_a_posting(payment, guarded):
    row = Posting.objects.first()
    for act in (
        lambda: Posting._base_manager.filter(pk=row.pk).update(amount=1),
        lambda: connection.cursor().execute("DELETE FROM payments_posting"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(TypeError):
        Posting.objects.all().delete()
    with pytest.raises(TypeError):
        Posting.objects.update(amount=1)


def test_the_database_keeps_books_and_currencies_apart(payment, guarded):
    first = Posting.objects.order_by("pk").first()
    own = LedgerAccount.objects.get(pk=first.debit_id)
    dollars = LedgerAccount.objects.create(
        organization=own.organization, kind="bank", currency="USD"
    )
    other = LedgerAccount.objects.exclude(organization=own.organization).first()
    for credit, currency in ((dollars, "VND"), (dollars, "USD"), (other, "VND")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.create(
                key=f"x{credit.pk}{currency}", debit=own, credit=credit, amount=1,
                currency=currency, payment=payment, what="received", posted_on=DAY,
            )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"state": "settled"},
        {"state": "partial"},
        {"refunded": 5},
        {"state": "refunded"},
        {"state": "cancelled"},
        {"purpose": "fee"},
        {"payee": None},
    ],
)
def test_the_database_refuses_rows_that_contradict_themselves(payment, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**wrong)


def test_the_night_finds_a_row_that_the_books_do_not_bear_out(payment):
    Payment.objects.filter(pk=payment.pk).update(amount=payment.amount + 1)
    assert _books() == (1, 1)
    assert payment.desk_items.get().kind == "ledger"
    assert _books() == (1, 1)
    assert payment.desk_items.count() == 1
