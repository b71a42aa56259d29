"""A broker with a firm's consent: from its desk to the match, an interest for the firm, and the credit of the contract."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.models import ExpressionOfInterest, FinderCredit
from marketplace.deals.services import accept_interest, withdraw_interest
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.mandates.models import Mandate, Scope
from marketplace.mandates.services import ask_for_mandate, confirm_mandate, withdraw_mandate
from marketplace.matching.models import MatchRun
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import offered_terms
from tests.factories.listings import NeedFactory
from tests.factories.matching import MatchFactory

pytestmark = pytest.mark.django_db

ASKED = {"wants": "transfer", "why": "Doanh nghiệp cần cho vụ tới."}


@pytest.fixture
def broker(db):
    return OrganizationFactory(name="Trung tâm Xúc tiến Thử", kind="intermediary")


@pytest.fixture
def agent(broker):
    return MembershipFactory(organization=broker, role="contributor").user


@pytest.fixture
def owner(firm):
    return MembershipFactory(organization=firm, role="owner").user


def consent(broker, firm, agent, owner, scopes=tuple(Scope)):
    mandate = ask_for_mandate(broker, firm=firm, scopes=list(Scope), by=agent)
    last_day = clock.today() + timedelta(days=30)
    confirm_mandate(mandate, scopes=list(scopes), last_day=last_day, by=owner)
    return mandate


@pytest.fixture
def need(firm, owner, broker):
    return NeedFactory(organization=firm, contact=owner, found_by=broker, published=True)


@pytest.fixture
def match(need, offer):
    MatchRun.objects.create(
        need=need, content_version=1, ran_at=clock.now(), duration_ms=1, shown=1, abstained=False
    )
    return MatchFactory(need=need, candidate=offer)


def asking(match):
    path = reverse("deals:express", args=[match.kind, match.candidate.public_id])
    return f"{path}?goi-y={match.public_id}"


def test_from_the_desk_to_the_credit_of_the_contract(
    match, need, offer, broker, firm, institute, agent, owner, inventor, client
):
    consent(broker, firm, agent, owner)
    client.force_login(agent)
    desk = client.get(reverse("dashboard:broker_desk")).content.decode()
    assert need.get_absolute_url() in desk
    assert asking(match) in client.get(need.get_absolute_url()).content.decode()
    page = client.get(asking(match)).content.decode()
    assert f"Bạn gửi thay {firm.name}" in page

    form = ASKED | {"organization": firm.public_id}
    sent = client.post(asking(match), form)
    made = ExpressionOfInterest.objects.get()
    assert sent.url == made.get_absolute_url()
    assert (made.asker, made.receiver, made.sent_by, made.match) == (firm, institute, agent, match)
    assert "Đã gửi" in client.get(sent.url).content.decode()
    listed = client.get(reverse("deals:expressions"), {"loai": "da-gui"}).content.decode()
    assert made.get_absolute_url() in listed

    deal = accept_interest(made, by=inventor)
    told = Notice.objects.filter(kind="interest.changed", context__event="accepted")
    assert {row.recipient for row in told} == {agent, owner}
    # The deal is the firm's: who manages it was called, and the broker does not sit in it.
    assert client.get(deal.get_absolute_url()).status_code == 404
    assert not deal.members.filter(organization=firm).exists()
    sheet = offer_terms(deal, offered_terms(), side=institute, by=inventor)
    accept_terms(sheet, side=firm, sha256=sheet.sha256, by=owner)
    contract = draw_contract(deal, by=owner)
    for side, person in ((firm, owner), (institute, inventor)):
        confirm_contract(contract, side=side, sha256=contract.sha256, signed_as="owner", by=person)
    assert FinderCredit.objects.get().broker == broker
    desk = client.get(reverse("dashboard:broker_desk")).content.decode()
    assert '<dt>Hợp đồng có từ đó</dt><dd class="num">1</dd>' in desk
    assert client.get("/en" + asking(match)).status_code == 200


@pytest.mark.parametrize("lets", [[Scope.POST, Scope.MATCHES], [Scope.CONNECT]])
def test_the_firms_consent_says_whether_it_asks(lets, match, broker, firm, agent, owner, client):
    """Without reading matches there is none to ask from; without asking, the broker asks for itself alone."""
    consent(broker, firm, agent, owner, lets)
    client.force_login(agent)
    page = client.get(asking(match)).content.decode()
    assert "Bạn gửi thay" not in page
    client.post(asking(match), ASKED | {"organization": firm.public_id})
    assert not ExpressionOfInterest.objects.filter(asker=firm).exists()


def test_it_asks_from_a_match_of_that_firm_alone(match, offer, broker, firm, agent, owner, client):
    consent(broker, firm, agent, owner)
    client.force_login(agent)
    bare = reverse("deals:express", args=["offer", offer.public_id])
    client.post(bare, ASKED | {"organization": firm.public_id})
    client.post(
        f"{bare}?goi-y={MatchFactory().public_id}", ASKED | {"organization": firm.public_id}
    )
    assert not ExpressionOfInterest.objects.filter(asker=firm).exists()


def test_with_the_consent_its_sight_of_it_ends(match, broker, firm, agent, owner, client):
    mandate = consent(broker, firm, agent, owner)
    client.force_login(agent)
    client.post(asking(match), ASKED | {"organization": firm.public_id})
    made = ExpressionOfInterest.objects.get()
    helper = MembershipFactory(organization=broker, role="contributor").user
    viewer = MembershipFactory(organization=broker, role="viewer").user
    others = MembershipFactory(organization=OrganizationFactory(kind="intermediary")).user

    def reading():
        people = {"agent": agent, "helper": helper, "viewer": viewer, "others": others}
        rows = ExpressionOfInterest.objects
        return {who for who, one in people.items() if rows.visible_to(one).exists()}

    assert reading() == {"agent", "helper"}
    withdraw_mandate(Mandate.objects.get(pk=mandate.pk), by=owner)
    assert reading() == set()
    path = reverse("deals:withdraw", args=[made.public_id])
    assert client.post(path).status_code == 404
    made.refresh_from_db()
    assert made.is_waiting
    withdraw_interest(made, by=owner)


def test_an_answer_finds_who_asked_for_the_firm_and_may_be_taken_back(
    match, broker, firm, agent, owner, client
):
    consent(broker, firm, agent, owner)
    client.force_login(agent)
    client.post(asking(match), ASKED | {"organization": firm.public_id})
    made = ExpressionOfInterest.objects.get()
    assert client.post(reverse("deals:withdraw", args=[made.public_id])).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"
