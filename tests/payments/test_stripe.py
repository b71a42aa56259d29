"""Cards by Stripe, against a server of our own that keeps states: every order of events ends right."""

import os

import pytest
from django.urls import reverse

from marketplace.payments import providers
from marketplace.payments.models import Payment, Reconciliation, WebhookEvent
from marketplace.payments.providers import ProviderProblem
from marketplace.payments.services import ledger
from marketplace.payments.services.desk import decide
from marketplace.payments.services.inbox import inbox_batch
from marketplace.payments.services.nightly import compare_batch
from marketplace.payments.services.payments import ask_refund, cancel_payment
from marketplace.payments.services.remote import ask_batch, refund_batch
from tests.factories.accounts import UserFactory
from tests.factories.payments import payment_into, verified_account
from tests.payments.stripe_server import StripeServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings):
    server = StripeServer()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_test"
    settings.STRIPE_API_BASE = server.url
    yield server
    server.stop()


@pytest.fixture
def opened(stripe, institute, firm):
    account = verified_account(
        institute, number="acct_1NzYtest00", kind="stripe", in_currency="USD"
    )
    payment = payment_into(account, payer=firm, amount=1250)
    assert ask_batch() == 1
    payment.refresh_from_db()
    return payment


def call(client, stripe, payment, **said):
    body, signature = stripe.call(payment.provider_reference, **said)
    return post(client, body, signature)


def post(client, body, signature):
    return client.post(
        reverse("payments:webhook", args=["stripe"]),
        body,
        content_type="application/json",
        headers={"stripe-signature": signature},
    )


def settled(payment):
    payment.refresh_from_db()
    assert payment.receipts.count() == 1
    assert ledger.outstanding(payment) == 0
    return payment.state == "settled"


def test_the_session_is_made_on_the_payees_own_account_under_our_id(opened, stripe):
    assert opened.state == "waiting"
    assert opened.checkout_url == "https://checkout.example/cs_test_1"
    _method, _path, form, key, account = stripe.requests[0]
    assert (key, account) == (opened.public_id, "acct_1NzYtest00")
    assert form["line_items[0][price_data][unit_amount]"] == "1250"
    assert form["line_items[0][price_data][currency]"] == "usd"


def test_a_call_settles_by_what_the_provider_says_when_asked(opened, stripe, client):
    stripe.pay("cs_test_1")
    assert call(client, stripe, opened).status_code == 204
    event = WebhookEvent.objects.get()
    # Stored, and nothing else: the payment waits for the tick.
    assert (event.state, event.object_id) == ("new", "cs_test_1")
    assert Payment.objects.get().state == "waiting"
    assert inbox_batch() == 1
    assert settled(opened)
    assert opened.provider_charge == "pi_test_1"


def test_repeated_and_reordered_calls_settle_once(opened, stripe, client):
    call(client, stripe, opened, kind="checkout.session.async_payment_succeeded", event_id="evt_2")
    inbox_batch()
    opened.refresh_from_db()
    assert opened.state == "waiting"  # not paid yet, whatever the call is named
    stripe.pay("cs_test_1")
    for _time in range(3):
        call(client, stripe, opened, event_id="evt_1")
    assert WebhookEvent.objects.count() == 2
    inbox_batch()
    assert settled(opened)
    call(client, stripe, opened, kind="checkout.session.expired", event_id="evt_0")
    inbox_batch()
    assert settled(opened)


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "v1=", "x"])
def test_a_forged_call_is_refused_and_leaves_nothing(opened, stripe, client, signature):
    body, _right = stripe.call("cs_test_1")
    answer = post(client, body, signature)
    assert answer.status_code == 400
    assert answer["Content-Length"] == "0"
    assert not WebhookEvent.objects.exists()


def test_a_busy_minute_of_the_provider_is_not_a_flood(opened, stripe, client, settings):
    settings.REQUEST_LIMITS = {"write": {"address": 2, "account": 2, "organization": 2}}
    for number in range(4):
        assert call(client, stripe, opened, event_id=f"evt_{number}").status_code == 204
    assert WebhookEvent.objects.count() == 4


def test_an_old_call_and_a_changed_one_are_refused(opened, stripe, client, frozen_clock):
    body, signature = stripe.call("cs_test_1")
    # Signed by a clock that stands days before the machine's.
    assert post(client, body, signature).status_code == 400
    assert post(client, body + " ", signature).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_without_a_call_the_payment_is_asked_about(opened, stripe):
    stripe.pay("cs_test_1")
    Payment.objects.update(next_try_at="2026-01-01T00:00Z")
    assert ask_batch() == 1
    assert settled(opened)
    assert ask_batch() == 0


@pytest.mark.parametrize(
    ("said", "kind"),
    [({"amount_total": 1249}, "amount"), ({"currency": "eur"}, "currency")],
)
def test_another_sum_or_currency_is_for_the_desk(opened, stripe, client, said, kind):
    stripe.pay("cs_test_1", **said)
    for number in range(2):
        call(client, stripe, opened, event_id=f"evt_{number}")
        inbox_batch()
    opened.refresh_from_db()
    assert (opened.state, opened.received) == ("waiting", 0)
    assert opened.desk_items.get().kind == kind


def test_given_up_is_closed_there_and_paid_before_that_is_for_the_desk(opened, stripe):
    stripe.pay("cs_test_1")
    by = UserFactory()
    cancel_payment(opened, by=by)
    assert ask_batch() == 1
    opened.refresh_from_db()
    item = opened.desk_items.get()
    assert (opened.state, item.kind) == ("cancelled", "late")
    decide(item, decision="accept", by=by)
    assert settled(opened)


def test_given_up_before_anybody_paid_closes_the_session(opened, stripe):
    cancel_payment(opened, by=UserFactory())
    ask_batch()
    assert stripe.sessions["cs_test_1"]["status"] == "expired"
    assert ask_batch() == 0
    assert ledger.outstanding(opened) == 0


def test_an_expired_session_fails_and_another_may_be_asked_for(opened, stripe, client):
    stripe.sessions["cs_test_1"]["status"] = "expired"
    call(client, stripe, opened, kind="checkout.session.expired")
    inbox_batch()
    opened.refresh_from_db()
    assert opened.state == "failed"
    again = payment_into(opened.account, payer=opened.payer, amount=1250, subject=opened.subject)
    assert again.state == "prepared"


def test_a_provider_that_is_down_is_asked_again_with_the_same_key(stripe, institute, firm):
    account = verified_account(
        institute, number="acct_1NzYtest00", kind="stripe", in_currency="USD"
    )
    payment = payment_into(account, payer=firm, amount=1250)
    stripe.failing = (1, 500)
    ask_batch()
    payment.refresh_from_db()
    assert (payment.state, payment.tries) == ("prepared", 1)
    Payment.objects.update(next_try_at="2026-01-01T00:00Z")
    ask_batch()
    payment.refresh_from_db()
    assert payment.state == "waiting"
    assert {key for *_rest, key, _account in stripe.requests} == {payment.public_id}


def test_the_call_may_come_before_we_know_the_sessions_name(stripe, institute, firm, client):
    account = verified_account(
        institute, number="acct_1NzYtest00", kind="stripe", in_currency="USD"
    )
    payment = payment_into(account, payer=firm, amount=1250)
    # The session was made; the process ended before the answer was written.
    providers.remote("stripe").open(payment)
    stripe.pay("cs_test_1")
    body, signature = stripe.call("cs_test_1")
    post(client, body, signature)
    inbox_batch()
    assert settled(payment)
    assert len(stripe.sessions) == 1


def test_a_call_about_somebody_elses_object_is_left_alone(opened, stripe, client):
    stripe.sessions["cs_other"] = {"metadata": {}}
    body, signature = stripe.call("cs_other")
    post(client, body, signature)
    for _try in range(9):
        WebhookEvent.objects.update(next_try_at="2026-01-01T00:00Z")
        inbox_batch()
    assert WebhookEvent.objects.get().state == "ignored"


def test_a_refund_goes_out_once_and_one_made_there_comes_in(opened, stripe, client):
    stripe.pay("cs_test_1")
    call(client, stripe, opened)
    inbox_batch()
    opened.refresh_from_db()
    ask_refund(opened, amount=250, reason="thừa", by=UserFactory())
    assert refund_batch() == 1
    assert refund_batch() == 0
    assert list(stripe.refunds.values())[0]["amount"] == "250"
    opened.refresh_from_db()
    assert (opened.refunded, opened.state) == (250, "settled")
    stripe.give_back("cs_test_1", 1000)
    for number in range(2):
        call(client, stripe, opened, event_id=f"evt_{number}")
        inbox_batch()
    opened.refresh_from_db()
    assert (opened.refunded, opened.state) == (1250, "refunded")
    assert ledger.outstanding(opened) == 0


def test_a_refund_that_stripe_refuses_fails(opened, stripe, client):
    stripe.pay("cs_test_1")
    call(client, stripe, opened)
    inbox_batch()
    refund = ask_refund(opened, amount=1250, reason="", by=UserFactory())
    stripe.failing = (1, 400)
    refund_batch()
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert Payment.objects.get().refunded == 0


def test_the_night_finds_what_no_call_told(settings, stripe, firm):
    from marketplace.accounts.models import Exchange

    account = verified_account(
        Exchange.default(), number="acct_1NzYtest00", kind="stripe", in_currency="USD",
        holder="San",
    )  # fmt: skip
    payment = payment_into(account, payer=firm, amount=1250, purpose="fee")
    ask_batch()
    assert stripe.requests[0][4] == ""
    stripe.pay("cs_test_1")
    while compare_batch():
        pass
    assert settled(payment)
    made = Reconciliation.objects.get(provider="stripe")
    assert (made.compared, made.differences) == (1, 1)
    del stripe.sessions["cs_test_1"]
    Reconciliation.objects.all().delete()
    while compare_batch():
        pass
    assert payment.desk_items.get().kind == "missing"


def test_switched_off_there_is_no_such_address(settings, client, institute):
    assert not providers.is_on("stripe")
    assert post(client, "{}", "").status_code == 404
    with pytest.raises(LookupError):
        providers.remote("stripe")


@pytest.mark.skipif(
    not os.environ.get("STRIPE_API_BASE"), reason="asks stripe-mock (STRIPE_API_BASE)"
)
def test_stripes_own_mock_finds_every_request_well_formed(settings, institute, firm):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", "whsec_test"
    settings.STRIPE_API_BASE = os.environ["STRIPE_API_BASE"]
    account = verified_account(
        institute, number="acct_1NzYtest00", kind="stripe", in_currency="USD"
    )
    payment = payment_into(account, payer=firm, amount=1250)
    port = providers.remote("stripe")
    opened = port.open(payment)
    assert opened.reference.startswith("cs_")
    payment.provider_reference, payment.provider_charge = opened.reference, "pi_1"
    assert port.fetch(payment).reference
    port.close(payment)
    assert next(iter(port.changed_since(payment.created_at))).reference
    payment.received, payment.state = 1250, "settled"
    payment.settled_at = payment.created_at
    payment.save()
    refund = ask_refund(payment, amount=1250, reason="", by=UserFactory())
    assert port.refund(refund).startswith("re_")
    # It looks at shapes alone.
    payment.amount, payment.public_id = "nhiều", "another"
    with pytest.raises(ProviderProblem) as refused:
        port.open(payment)
    assert not refused.value.is_temporary


def test_a_call_costs_one_question_and_passes_by_what_serves_people(
    opened, stripe, client, django_assert_num_queries
):
    client.force_login(UserFactory())
    with django_assert_num_queries(1):
        answer = call(client, stripe, opened)
    assert answer.status_code == 204
    # Neither a session nor a language was looked at.
    assert not answer.cookies
    assert "Content-Language" not in answer.headers
    assert WebhookEvent.objects.count() == 1


def test_a_call_of_a_provider_that_is_none_is_not_found(client):
    assert (
        client.post(
            "/thanh-toan/goi-lai/khong-co/", "{}", content_type="application/json"
        ).status_code
        == 404
    )
    assert client.get("/thanh-toan/goi-lai/stripe/").status_code == 405
