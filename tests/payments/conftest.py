"""A firm that pays, an institute that is paid into its own account, and who moves their money."""

import pytest

from marketplace.payments import ledger_guard
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.payments import payment_into, verified_account


@pytest.fixture
def firm(db):
    return OrganizationFactory(name="Công ty Cơ khí Thử", province_code="75")


@pytest.fixture
def institute(db):
    return OrganizationFactory(name="Viện Sấy Thử", kind="institute", province_code="92")


@pytest.fixture
def payer(firm):
    return MembershipFactory(organization=firm, role="finance").user


@pytest.fixture
def seller(institute):
    return MembershipFactory(organization=institute, role="finance").user


@pytest.fixture
def account(institute):
    return verified_account(institute)


@pytest.fixture
def card_account(institute):
    return verified_account(institute, number="demo0001", kind="demo")


@pytest.fixture
def payment(account, firm):
    return payment_into(account, payer=firm)


@pytest.fixture
def card_payment(card_account, firm):
    return payment_into(card_account, payer=firm)


@pytest.fixture
def guarded(db):
    """The database's own rules of the ledger, which migrations bring."""
    from django.db import connection

    ledger_guard.install(connection)
