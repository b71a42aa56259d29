from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.mandates import services
from marketplace.mandates.models import Scope
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory


@pytest.fixture
def firm(db):
    return OrganizationFactory(name="Công ty Cơ khí Thử", status="claimed")


@pytest.fixture
def owner(firm):
    return MembershipFactory(organization=firm).user


@pytest.fixture
def broker(db):
    return OrganizationFactory(name="Trung tâm Xúc tiến Thử", kind="intermediary")


@pytest.fixture
def agent(broker):
    """Who works for the broker."""
    return MembershipFactory(organization=broker).user


@pytest.fixture
def asked(broker, firm, owner, agent):
    return services.ask_for_mandate(broker, firm=firm, scopes=list(Scope), by=agent)


def confirm(mandate, by, scopes=tuple(Scope), days=30):
    services.confirm_mandate(
        mandate, scopes=list(scopes), last_day=clock.today() + timedelta(days=days), by=by
    )
    return mandate


@pytest.fixture
def mandate(asked, owner):
    return confirm(asked, owner)


@pytest.fixture
def people(firm, broker, owner, agent):
    """The cast of the permission tests by name."""
    return {
        "owner": owner,
        "manager": MembershipFactory(organization=firm, role="manager").user,
        "contributor": MembershipFactory(organization=firm, role="contributor").user,
        "agent": agent,
        "helper": MembershipFactory(organization=broker, role="contributor").user,
        "viewer": MembershipFactory(organization=broker, role="viewer").user,
        "stranger": MembershipFactory(organization=OrganizationFactory(kind="intermediary")).user,
        "curator": UserFactory(is_staff=True),
    }
