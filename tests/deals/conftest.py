"""A firm that looks, an institute that has something, and their people."""

import pytest

from cms.setup import set_up_curation
from marketplace.deals.services import accept_interest
from tests.cms.conftest import staff_member
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import contracted_deal, sent_expression
from tests.factories.listings import OfferFactory


@pytest.fixture
def firm(db):
    return OrganizationFactory(name="Công ty Cơ khí Thử", province_code="75")


@pytest.fixture
def buyer(firm):
    return MembershipFactory(organization=firm, role="contributor").user


@pytest.fixture
def institute(db):
    return OrganizationFactory(name="Viện Sấy Thử", kind="institute", province_code="92")


@pytest.fixture
def inventor(institute):
    return MembershipFactory(organization=institute, role="contributor").user


@pytest.fixture
def offer(institute, inventor):
    return OfferFactory(organization=institute, contact=inventor, published=True)


@pytest.fixture
def desk(db):
    set_up_curation()


@pytest.fixture
def officer(desk):
    return staff_member("officers", full_name="Nguyễn Thu Hà")


@pytest.fixture
def expression(offer, firm, buyer):
    return sent_expression(offer, by=buyer, asker=firm)


@pytest.fixture
def deal(expression, inventor):
    """The firm buys, the institute sells."""
    return accept_interest(expression, by=inventor)


@pytest.fixture
def milestones(deal, buyer):
    return contracted_deal(deal, by=buyer)
