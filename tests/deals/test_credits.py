"""A broker is credited with the contract that came of a need which it found."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.deals.models import FinderCredit
from marketplace.deals.services import contracts
from marketplace.deals.services.credits import credit_finder
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.mandates.models import Mandate, MandateState
from tests.factories.accounts import OrganizationFactory
from tests.factories.deals import offered_terms, opened_deal
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(db):
    return OrganizationFactory(name="Trung tâm Xúc tiến Thử", kind="intermediary")


@pytest.fixture
def mandate(broker, firm):
    return Mandate.objects.create(
        broker=broker,
        firm=firm,
        state=MandateState.ACTIVE,
        confirmed_at=clock.now() - timedelta(days=9),
        expires_at=clock.now() + timedelta(days=90),
    )


@pytest.fixture
def need(firm, buyer, broker):
    return NeedFactory(organization=firm, contact=buyer, found_by=broker, published=True)


def contracted(need, firm, institute, buyer, inventor):
    deal = opened_deal(need, by=inventor, asker=institute, accepted_by=buyer)
    sheet = offer_terms(deal, offered_terms(), side=firm, by=buyer)
    accept_terms(sheet, side=institute, sha256=sheet.sha256, by=inventor)
    deal.refresh_from_db()
    contract = contracts.draw_contract(deal, by=buyer)
    for side, by in ((firm, buyer), (institute, inventor)):
        contracts.confirm_contract(
            contract, side=side, sha256=contract.sha256, signed_as="signatory", by=by
        )
    return deal


def test_contract_credits_who_found_the_need_and_its_page_says_so(
    client, mandate, need, broker, firm, institute, buyer, inventor
):
    deal = contracted(need, firm, institute, buyer, inventor)
    credit = FinderCredit.objects.get()
    assert (credit.deal, credit.broker, credit.earned_on) == (deal, broker, clock.today())
    assert AuditEntry.objects.filter(action="deal.finder_credited").count() == 1
    assert credit_finder(deal) == credit
    assert AuditEntry.objects.filter(action="deal.finder_credited").count() == 1
    page = client.get(broker.get_absolute_url()).content.decode()
    assert "Nhu cầu tìm ra đã thành hợp đồng" in page


def test_consent_taken_back_after_the_talks_began_takes_no_credit_back(
    mandate, need, firm, institute, buyer, inventor, frozen_clock
):
    Mandate.objects.update(
        confirmed_at=clock.now() - timedelta(days=9), expires_at=clock.now() + timedelta(days=90)
    )
    deal = opened_deal(need, by=inventor, asker=institute, accepted_by=buyer)
    frozen_clock.move(days=1)
    Mandate.objects.update(state=MandateState.WITHDRAWN, ended_at=clock.now())
    frozen_clock.move(days=1)
    assert credit_finder(deal) is not None


@pytest.mark.parametrize(
    "values",
    [
        {"may_post": False},
        {"state": "withdrawn", "ended_at": clock.now() - timedelta(days=2)},
        {"expires_at": clock.now() - timedelta(days=2)},
        {"confirmed_at": clock.now() + timedelta(days=9)},
    ],
    ids=["for matches alone", "taken back before", "over before", "given after"],
)
def test_without_consent_when_the_talks_began_nobody_is_credited(
    values, mandate, need, firm, institute, buyer, inventor
):
    Mandate.objects.update(**values)
    deal = opened_deal(need, by=inventor, asker=institute, accepted_by=buyer)
    assert credit_finder(deal) is None
    assert not FinderCredit.objects.exists()


def test_need_that_the_firm_posted_itself_credits_nobody(firm, institute, buyer, inventor, mandate):
    own = NeedFactory(organization=firm, contact=buyer, published=True)
    deal = opened_deal(own, by=inventor, asker=institute, accepted_by=buyer)
    assert credit_finder(deal) is None


def test_page_of_who_found_nothing_says_nothing(client, broker):
    assert "Nhu cầu tìm ra" not in client.get(broker.get_absolute_url()).content.decode()
