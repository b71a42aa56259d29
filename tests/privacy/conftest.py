import pytest

from tests.factories.accounts import MembershipFactory, UserFactory


@pytest.fixture
def person(db):
    return UserFactory(full_name="Lê Thị Riêng", phone="0912 345 678", email="rieng@example.vn")


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def as_user(client):
    def login(user):
        client.force_login(user)
        return client

    return login
