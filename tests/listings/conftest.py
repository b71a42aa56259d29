import pytest

from marketplace.accounts.models import Membership
from tests.factories.accounts import (
    CuratorFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.factories.listings import one_step_workflow


@pytest.fixture
def organization(db):
    return OrganizationFactory()


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization, role=Membership.Role.OWNER).user


@pytest.fixture
def colleague(organization):
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
def workflow(db):
    """A workflow of one step; gives the person whose approval publishes."""
    return one_step_workflow()


@pytest.fixture
def as_user(client):
    def login(user):
        client.force_login(user)
        return client

    return login
