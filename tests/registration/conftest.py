import pytest

from marketplace.accounts.models import Membership
from marketplace.registration import rules
from marketplace.registration.models import FocalOfficer
from marketplace.taxonomy import clocks
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.factories.registration import FocalOfficerFactory, FocalPointFactory


@pytest.fixture(autouse=True)
def _fresh_rules():
    rules.forget_books()
    clocks.forget_calendar()
    yield
    rules.forget_books()
    clocks.forget_calendar()


@pytest.fixture
def organization(db):
    return OrganizationFactory(kind="institute", province_code="68")


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization, role=Membership.Role.OWNER).user


@pytest.fixture
def colleague(organization):
    """Writes, and leaves filing to who manages the organisation."""
    return MembershipFactory(organization=organization, role=Membership.Role.CONTRIBUTOR).user


@pytest.fixture
def viewer(organization):
    return MembershipFactory(organization=organization, role=Membership.Role.VIEWER).user


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def curator(db):
    return CuratorFactory()


@pytest.fixture
def ministry(db):
    return FocalPointFactory()


@pytest.fixture
def province(db):
    return FocalPointFactory(province=True)


@pytest.fixture
def agency(db):
    return FocalPointFactory(agency=True)


@pytest.fixture
def officer(ministry):
    """Of the right focal point; signs too."""
    return FocalOfficerFactory(focal_point=ministry).user


@pytest.fixture
def reader(ministry):
    """Of the right focal point, without the right to sign."""
    return FocalOfficerFactory(focal_point=ministry, role=FocalOfficer.Role.OFFICER).user


@pytest.fixture
def other_officer(province):
    return FocalOfficerFactory(focal_point=province).user


@pytest.fixture
def agency_officer(agency):
    return FocalOfficerFactory(focal_point=agency).user
