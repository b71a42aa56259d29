"""Standard licences: offered in versions, accepted exactly and once, and the contract and its first payment with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.idempotency import FIELD
from marketplace.deals.models import (
    ContractRecord,
    Deal,
    ExpressionOfInterest,
    LicenceAcceptance,
    Milestone,
    StandardLicence,
)
from marketplace.deals.services import express_interest
from marketplace.deals.services.disclosure import StaleText
from marketplace.deals.services.licences import LicenceTerms, offer_licence, withdraw_licence
from marketplace.deals.services.terms import PlanLine
from marketplace.notifications.models import Notice
from marketplace.payments.models import Payment
from marketplace.payments.services import ledger
from marketplace.payments.services.accounts import retire_account
from marketplace.payments.services.licences import accounts_for, buy_licence
from marketplace.payments.services.payments import confirm_receipt
from tests.cms.conftest import staff_member
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    OrganizationFactory,
    asked_again,
    factor_given,
    second_factor,
)
from tests.factories.deals import offered_terms
from tests.factories.listings import EquipmentFactory, OfferFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db

TERMS = LicenceTerms(
    replace(
        offered_terms(),
        plan=(PlanLine("Khi chấp nhận", 30_000_000), PlanLine("Bàn giao", 60_000_000)),
    ),
    days=(7, None),
)
ONCE = LicenceTerms(
    replace(offered_terms(), price_form="lump_sum", plan=(PlanLine("Trả một lần", 90_000_000),)),
    days=(15,),
)


@pytest.fixture
def signer(institute):
    return second_factor(MembershipFactory(organization=institute, role="owner").user)


@pytest.fixture
def director(firm):
    return second_factor(MembershipFactory(organization=firm, role="owner").user)


@pytest.fixture
def offer(institute, signer):
    return OfferFactory(organization=institute, contact=signer, published=True)


@pytest.fixture
def licence(offer, signer):
    return offer_licence(offer, kind="offer", terms=TERMS, by=signer)


@pytest.fixture
def buy(firm, director, account):
    def bought(licence, **values):
        given = {"buyer": firm, "account": account, "sha256": licence.sha256, "by": director}
        return buy_licence(licence, **given | values)

    return bought


def test_accepted_it_is_a_contract_with_its_first_payment_asked_for(
    licence, firm, institute, director, signer, account, buy, frozen_clock
):
    payment = buy(licence)
    deal = Deal.objects.get()
    assert (deal.buyer, deal.seller, deal.kind, deal.state) == (
        firm, institute, "licence", "contracted",
    )  # fmt: skip
    assert (payment.payer, payment.payee, payment.account) == (firm, institute, account)
    assert (payment.amount, payment.state) == (30_000_000, "waiting")
    due = clock.today() + timedelta(days=7)
    assert payment.due_on == due
    assert list(deal.milestones.values_list("amount", "state", "due_on")) == [
        (30_000_000, "requested", due), (60_000_000, "planned", None),
    ]  # fmt: skip

    # What is signed names the exact version, and both sides' people.
    sheet, contract = deal.sheets.get(), deal.contracts.get()
    assert licence.sha256 in sheet.contents["other"]
    assert any(licence.sha256 in text for _heading, text in contract.sections)
    assert set(contract.confirmations.values_list("organization", "confirmed_by", "sha256")) == {
        (firm.pk, director.pk, contract.sha256), (institute.pk, signer.pk, contract.sha256),
    }  # fmt: skip
    taken = LicenceAcceptance.objects.get()
    assert (taken.deal, taken.sha256, taken.accepted_by) == (deal, licence.sha256, director)
    assert set(deal.members.values_list("user", flat=True)) == {director.pk, signer.pk}
    assert deal.readiness.exists()
    assert deal.follow_ups.count() == 3

    confirm_receipt(payment, amount=payment.amount, on=clock.today(), key="k", by=signer)
    assert deal.milestones.get(number=1).state == "paid"
    assert ledger.outstanding(payment) == 0


def test_each_person_reads_how_it_ended_and_no_step_between(licence, director, signer, buy):
    buy(licence)
    standing = Notice.objects.filter(retired_at=None)
    told = {(row.recipient, row.context["event"]) for row in standing if "event" in row.context}
    assert told == {(signer, "contracted"), (director, "requested")}


def test_again_it_leads_to_what_came_of_it(licence, buy, signer):
    first = buy(licence)
    withdraw_licence(licence, by=signer)
    assert buy(licence) == first
    counts = [
        model.objects.count()
        for model in (ExpressionOfInterest, Deal, ContractRecord, LicenceAcceptance, Payment)
    ]
    assert counts == [1] * 5
    assert Milestone.objects.count() == 2


def test_an_interest_that_waits_becomes_the_deal(licence, offer, firm, director, buy):
    colleague = MembershipFactory(organization=firm, role="contributor").user
    waiting = express_interest(
        offer, kind="offer", asker=firm, why="Cần", wants="quote", by=colleague
    )
    buy(licence)
    assert Deal.objects.get().origin == waiting
    assert set(Deal.objects.get().members.values_list("user", flat=True)) >= {
        colleague.pk, director.pk,
    }  # fmt: skip


def test_another_version_ends_the_one_before(licence, offer, signer, buy):
    with pytest.raises(DomainError, match="giống hệt"):
        offer_licence(offer, kind="offer", terms=TERMS, by=signer)
    second = offer_licence(offer, kind="offer", terms=ONCE, by=signer)
    licence.refresh_from_db()
    assert (licence.state, second.number, second.state) == ("replaced", 2, "offered")
    with pytest.raises(InvalidTransition, match="không còn mở"):
        buy(licence)
    with pytest.raises(StaleText):
        buy(second, sha256=licence.sha256)
    assert not ExpressionOfInterest.objects.exists()
    buy(second)
    with pytest.raises(InvalidTransition, match="có bản mới hơn"):
        withdraw_licence(licence, by=signer)


def test_an_exclusive_one_ends_with_the_first(offer, signer, buy, account):
    licence = offer_licence(offer, kind="offer", terms=replace(ONCE, is_exclusive=True), by=signer)
    first = buy(licence)
    licence.refresh_from_db()
    assert licence.state == "taken"
    late = MembershipFactory(role="owner")
    with pytest.raises(InvalidTransition, match="không còn mở"):
        buy(licence, buyer=late.organization, by=late.user)
    assert buy(licence) == first


def test_it_stands_while_who_offered_it_signs_for_the_seller(licence, institute, signer, buy):
    assert StandardLicence.objects.standing().get() == licence
    institute.memberships.filter(user=signer).update(role="manager")
    assert not StandardLicence.objects.standing().exists()
    with pytest.raises(InvalidTransition, match="không còn mở"):
        buy(licence)


def test_it_stands_while_the_row_is_open_and_says_whose_it_is(licence, offer, buy):
    type(offer).objects.filter(pk=offer.pk).update(hide_owner=True)
    with pytest.raises(DomainError, match="không còn mở"):
        buy(licence)
    assert not Deal.objects.exists()


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (replace(TERMS, terms=replace(TERMS.terms, price_form="lump_sum")), "đúng một mốc"),
        (replace(ONCE, terms=replace(ONCE.terms, price_form="instalments")), "đúng một mốc"),
        (replace(ONCE, terms=replace(ONCE.terms, price_form="capital")), "bằng tiền"),
        (replace(ONCE, days=(-1,)), "Số ngày"),
        (replace(ONCE, terms=replace(ONCE.terms, contents={})), "Hãy ghi"),
    ],
)
def test_terms_that_cannot_be_accepted_and_paid_at_once_are_refused(terms, said, offer, signer):
    with pytest.raises(DomainError, match=said):
        offer_licence(offer, kind="offer", terms=terms, by=signer)
    assert not StandardLicence.objects.exists()


def test_only_what_may_be_licensed_and_names_its_owner(institute, signer):
    machine = EquipmentFactory(organization=institute, contact=signer, published=True)
    hidden = OfferFactory(organization=institute, contact=signer, published=True, hide_owner=True)
    draft = OfferFactory(organization=institute, contact=signer)
    nobodys = ResultFactory(organization=None)
    for row, kind in (
        (machine, "equipment"), (hidden, "offer"), (draft, "offer"), (nobodys, "result"),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            offer_licence(row, kind=kind, terms=ONCE, by=signer)
    result = ResultFactory(organization=institute)
    assert offer_licence(result, kind="result", terms=ONCE, by=signer).number == 1


def test_where_it_cannot_be_paid_nothing_of_it_is_left(licence, account, signer, buy):
    assert accounts_for(licence) == [account]
    retire_account(account, by=signer)
    with pytest.raises(DomainError):
        buy(licence)
    assert not ExpressionOfInterest.objects.exists()
    assert not Deal.objects.exists()
    assert accounts_for(licence) == []


# --- pages ------------------------------------------------------------------------------------------

FORM = {
    "price_form": "lump_sum", "currency": "VND", "plan_1_title": "Trả một lần",
    "plan_1_amount": "90 triệu", "plan_1_days": "15",
} | {f"content_{code}": text for code, text in offered_terms().contents.items()}  # fmt: skip
PEOPLE = [
    "owner", "colleague", "reader", "director", "buyer_colleague", "stranger", "nobody", "curator",
    "money_staff",
]  # fmt: skip


@pytest.fixture
def people(firm, institute, signer, director, account):
    from cms.setup import set_up_curation

    set_up_curation()

    def member(organization, role):
        return second_factor(MembershipFactory(organization=organization, role=role).user)

    return {
        "owner": signer,
        "colleague": member(institute, "manager"),
        "reader": member(institute, "viewer"),
        "director": director,
        "buyer_colleague": member(firm, "manager"),
        "stranger": member(OrganizationFactory(), "owner"),
        "nobody": second_factor(MembershipFactory(role="viewer").user),
        "curator": second_factor(CuratorFactory()),
        "money_staff": staff_member("finance"),
    }


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (StandardLicence, ExpressionOfInterest, Deal, LicenceAcceptance, Payment)
    ]


def signed_in(client, person):
    client.force_login(person)
    factor_given(client, person)
    return asked_again(client)


@pytest.mark.parametrize(
    ("act", "may"),
    [("offer", {"owner"}), ("withdraw", {"owner"}), ("buy", {"director", "stranger"})],
)
def test_who_binds_a_side_offers_takes_back_and_buys_and_nobody_else(
    act, may, licence, offer, account, people, client
):
    args = ["offer", offer.public_id] if act == "offer" else [licence.public_id]
    form = {
        "offer": FORM,
        "withdraw": {},
        "buy": {"account": account.public_id, "has_read": "on", "sha256": licence.sha256},
    }[act]
    before = everything()
    for who, person in people.items():
        signed_in(client, person)
        with transaction.atomic():
            answer = client.post(reverse(f"payments:licence_{act}", args=args), form)
            assert answer.status_code == (302 if who in may else 404), who
            assert (everything() != before) == (who in may), who
            transaction.set_rollback(True)


def test_without_a_second_factor_nobody_is_bound(licence, offer, firm, account, client):
    bare = MembershipFactory(organization=firm, role="owner").user
    client.force_login(bare)
    form = {"account": account.public_id, "has_read": "on", "sha256": licence.sha256}
    path = reverse("payments:licence_buy", args=[licence.public_id])
    assert client.post(path, form).url == reverse("mfa_index")
    assert not Deal.objects.exists()


def test_from_the_page_of_the_offer_to_the_payment(licence, offer, account, director, client):
    signed_in(client, director)
    page, licence_page = client.get(offer.get_absolute_url()), licence.get_absolute_url()
    page = page.content.decode()
    assert licence_page in page
    assert "90.000.000" in page
    path = reverse("payments:licence_buy", args=[licence.public_id])
    for prefix in ("/en", ""):
        shown = client.get(prefix + licence_page).content.decode()
        assert licence.sha256 in shown
        assert "Quy trình sấy lạnh" in shown
    unread = client.post(path, {"account": account.public_id, "sha256": licence.sha256})
    assert unread.status_code == 400
    assert "Hãy đọc bản điều khoản" in unread.content.decode()
    stale = client.post(
        path, {"account": account.public_id, "sha256": "x", "has_read": "on", FIELD: "a"}
    )
    assert stale.status_code == 400
    assert "Văn bản đã thay đổi" in stale.content.decode()
    form = {"account": account.public_id, "sha256": licence.sha256, "has_read": "on", FIELD: "b"}
    answers = [client.post(path, form) for _time in range(2)]
    payment = Payment.objects.get()
    assert [one.url for one in answers] == [payment.get_absolute_url()] * 2
    assert payment.reference in client.get(payment.get_absolute_url()).content.decode()
    # The page leads to the deal now, and asks for nothing again.
    after = client.get(licence.get_absolute_url()).content.decode()
    assert Deal.objects.get().get_absolute_url() in after
    assert path not in after


def test_the_seller_writes_it_on_a_page_and_another_version_after(offer, account, signer, client):
    signed_in(client, signer)
    path = reverse("payments:licence_offer", args=["offer", offer.public_id])
    assert path in client.get(offer.get_absolute_url()).content.decode()
    template = client.get(path).content.decode()
    assert "Ba năm kể từ ngày hai bên xác nhận." in template
    wrong = client.post(path, FORM | {"plan_2_title": "Nữa", "plan_2_amount": "5 triệu"})
    assert wrong.status_code == 400
    assert "đúng một mốc" in wrong.content.decode()
    foreign = client.post(path, FORM | {"currency": "USD", "plan_1_amount": "90"})
    assert "xác minh tài khoản" in foreign.content.decode()
    assert client.post(path, FORM).status_code == 302
    licence = StandardLicence.objects.get()
    assert licence.plan == [
        {"title": "Trả một lần", "amount": 90_000_000, "due_on": "", "days": 15}
    ]
    shown = client.get(licence.get_absolute_url()).content.decode()
    assert "trong 15 ngày từ ngày chấp nhận" in shown
    again = client.get(path).content.decode()
    assert "Quy trình sấy lạnh 300 kg mỗi giờ" in again
    assert client.post(path, FORM | {"is_exclusive": "on"}).status_code == 302
    assert client.get(f"/en{path}").status_code == 200
    withdraw = reverse(
        "payments:licence_withdraw", args=[StandardLicence.objects.first().public_id]
    )
    assert client.post(withdraw).status_code == 302
    assert not StandardLicence.objects.standing().exists()
    assert client.get(licence.get_absolute_url()).status_code == 200


def test_one_that_ended_is_read_by_the_seller_and_who_took_it(
    licence, people, signer, director, buy, client
):
    buy(licence)
    withdraw_licence(licence, by=signer)
    for who, person in people.items():
        client.force_login(person)
        sees = who in ("owner", "colleague", "reader", "director", "buyer_colleague")
        answer = client.get(licence.get_absolute_url())
        assert answer.status_code == (200 if sees else 404), who


def test_a_closed_row_takes_its_licence_from_strangers(licence, offer, people, client):
    type(offer).objects.filter(pk=offer.pk).update(hide_owner=True)
    for who in ("director", "stranger", "curator"):
        client.force_login(people[who])
        assert client.get(licence.get_absolute_url()).status_code == 404
    client.force_login(people["owner"])
    assert client.get(licence.get_absolute_url()).status_code == 200
    client.logout()
    assert licence.public_id not in client.get(offer.get_absolute_url()).content.decode()


def test_the_page_asks_as_often_for_a_long_plan(licence, offer, signer, director, client):
    def queries(url):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    client.force_login(director)
    short = queries(licence.get_absolute_url())
    plan = tuple(PlanLine(f"Đợt {number}", 1_000_000) for number in range(1, 6))
    longer = LicenceTerms(replace(TERMS.terms, plan=plan), days=(None,) * 5)
    second = offer_licence(offer, kind="offer", terms=longer, by=signer)
    assert queries(second.get_absolute_url()) == short
