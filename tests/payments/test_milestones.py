"""A milestone is asked for on the deal's page, paid by statement or card, given back, and never twice."""

import pytest
from django.urls import reverse

from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.models import Milestone
from marketplace.deals.services import milestone_paid
from marketplace.notifications.models import Notice
from marketplace.payments.models import Payment
from marketplace.payments.providers import demo_card
from marketplace.payments.services import ledger
from marketplace.payments.services.inbox import inbox_batch
from marketplace.payments.services.payments import (
    ask_refund,
    cancel_payment,
    confirm_receipt,
    request_milestone_payment,
)
from marketplace.payments.services.remote import ask_batch, refund_batch
from marketplace.payments.services.telling import tell_batch
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import contracted_deal, opened_deal
from tests.factories.listings import OfferFactory
from tests.factories.payments import verified_account
from tests.payments.test_statements import DAY, take
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def milestone(firm, institute):
    buyer = MembershipFactory(organization=firm, role="contributor").user
    inventor = MembershipFactory(organization=institute, role="contributor").user
    offer = OfferFactory(organization=institute, contact=inventor, published=True)
    deal = opened_deal(offer, by=buyer, asker=firm, accepted_by=inventor)
    return contracted_deal(deal, by=buyer)[0]


@pytest.fixture
def owner(institute):
    return MembershipFactory(organization=institute, role="owner").user


def state_of(milestone):
    return Milestone.objects.get(pk=milestone.pk).state


def test_asked_for_on_the_deals_page_and_paid_by_an_imported_statement(
    milestone, account, firm, institute, owner, client
):
    client.force_login(owner)
    path = reverse("payments:ask", args=[milestone.public_id])
    assert path in client.get(milestone.deal.get_absolute_url()).content.decode()
    answer = client.post(path, {"account": account.public_id})
    payment = Payment.objects.get()
    assert answer.url == payment.get_absolute_url()
    assert (payment.payer, payment.payee, payment.account) == (firm, institute, account)
    assert (payment.amount, state_of(milestone)) == (300_000_000, "requested")
    assert path not in client.get(milestone.deal.get_absolute_url()).content.decode()

    take(account, (payment.amount, f"TT {payment.reference}"))
    assert state_of(milestone) == "paid"
    assert Milestone.objects.get(pk=milestone.pk).payment_reference == payment.public_id


def test_paid_by_the_card_that_is_none_and_given_back(milestone, card_account, owner):
    payment = request_milestone_payment(milestone, account=card_account, by=owner)
    ask_batch()
    payment.refresh_from_db()
    assert demo_card.pay(payment.provider_reference)
    body, signature = demo_card.call_about(payment.provider_reference)
    from marketplace.payments import providers
    from marketplace.payments.services.inbox import store_event

    for _time in range(2):
        store_event("demo_card", providers.remote("demo_card").event_of(body, signature))
    with pytest.raises(providers.ForgedEvent):
        providers.remote("demo_card").event_of(body + b" ", signature)
    assert inbox_batch() == 1
    assert state_of(milestone) == "paid"
    payment.refresh_from_db()
    ask_refund(payment, amount=payment.amount, reason="dừng", by=owner)
    refund_batch()
    payment.refresh_from_db()
    assert (payment.state, state_of(milestone)) == ("refunded", "requested")
    assert ledger.outstanding(payment) == 0
    # It may be asked for again.
    assert request_milestone_payment(milestone, account=card_account, by=owner).pk != payment.pk


def test_only_into_the_sellers_own_verified_account_and_once(milestone, account, owner):
    others = verified_account(OrganizationFactory(), number="77778888")
    with pytest.raises(DomainError):
        request_milestone_payment(milestone, account=others, by=owner)
    payment = request_milestone_payment(milestone, account=account, by=owner)
    with pytest.raises(DomainError):
        request_milestone_payment(milestone, account=account, by=owner)
    cancel_payment(payment, by=owner)
    assert state_of(milestone) == "planned"
    request_milestone_payment(milestone, account=account, by=owner)


def test_money_for_a_milestone_that_another_one_paid_is_a_fact_for_the_desk(
    milestone, account, owner
):
    from django.db import transaction

    payment = request_milestone_payment(milestone, account=account, by=owner)
    with transaction.atomic():
        milestone_paid(milestone, reference="elsewhere", paid_at=payment.created_at, by=owner)
    confirm_receipt(payment, amount=payment.amount, on=DAY, key="k", by=owner)
    assert payment.state == "settled"
    assert payment.desk_items.get().kind == "double"


def test_both_sides_are_told_once_of_each_state(milestone, account, payer, owner):
    payment = request_milestone_payment(milestone, account=account, by=owner)
    tell_batch()
    assert tell_batch() == 0
    confirm_receipt(payment, amount=payment.amount, on=DAY, key="k", by=owner)
    tell_batch()
    rows = Notice.objects.filter(kind="payment.changed")
    told = {(row.recipient_id, row.context["state"]) for row in rows}
    assert told == {(who.pk, state) for who in (payer, owner) for state in ("waiting", "settled")}
    assert rows.count() == 4


@pytest.mark.django_db(transaction=True)
def test_paid_and_cancelled_at_the_same_moment_ends_in_one_of_them(payment, seller):
    refused = together(
        lambda: confirm_receipt(
            Payment.objects.get(), amount=payment.amount, on=DAY, key="k", by=seller
        ),
        lambda: cancel_payment(Payment.objects.get(), by=seller),
    )
    payment.refresh_from_db()
    assert len(refused) == 1
    assert isinstance(refused[0], InvalidTransition)
    assert (payment.state, payment.received) in [("settled", payment.amount), ("cancelled", 0)]
    assert ledger.outstanding(payment) == 0


@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_the_same_moment_counts_once(payment, seller):
    def confirm(key):
        confirm_receipt(Payment.objects.get(), amount=payment.amount, on=DAY, key=key, by=seller)

    assert len(together(lambda: confirm("a"), lambda: confirm("b"))) == 1
    payment.refresh_from_db()
    assert (payment.received, payment.receipts.count()) == (payment.amount, 1)
