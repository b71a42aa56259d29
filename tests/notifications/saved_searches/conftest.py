import pytest
from django.core import mail
from django.http import QueryDict

from marketplace.accounts.models import Membership
from marketplace.notifications.alerts import match_new
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Frequency
from marketplace.notifications.saved_searches import save_search
from marketplace.notifications.telling import tell_due
from search.sync import sync_all
from tests.factories.accounts import MembershipFactory, UserFactory


@pytest.fixture
def notice_kinds():
    """These tests use the kind of notice that the app itself registers."""


@pytest.fixture
def owner(db):
    return MembershipFactory().user


@pytest.fixture
def colleague(owner):
    organization = owner.memberships.get().organization
    return MembershipFactory(organization=organization, role=Membership.Role.OWNER).user


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def curator(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def save():
    def run(owner, address, frequency=Frequency.IMMEDIATE, **values):
        return save_search(QueryDict(address), owner=owner, frequency=frequency, **values)[0]

    return run


@pytest.fixture
def index(search_engine):
    return sync_all


@pytest.fixture
def clock_runs(index):
    """Everything the clock does within some seconds: index, hits, notices, mails."""

    def run():
        index()
        while match_new():
            pass
        tell_due()
        while deliver_batch():
            pass
        return mail.outbox

    return run
