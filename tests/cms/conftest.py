"""The desk's cast: an officer of the first step, a lead of the last, a poster, a stranger, and submissions."""

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from cms.setup import group_named, set_up_curation
from marketplace.accounts.models import Membership
from marketplace.listings.examining.technology import PROHIBITED, RESTRICTED
from marketplace.listings.services import submit
from marketplace.taxonomy.models import Term, Vocabulary
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.listings import NeedFactory


@pytest.fixture
def desk(db):
    set_up_curation()


def staff_member(group: str, **values):
    user = UserFactory(is_staff=True, **values)
    user.groups.add(group_named(group))
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def officer(desk):
    return staff_member("officers", full_name="Nguyễn Thu Hà")


@pytest.fixture
def lead(desk):
    return staff_member("leads", full_name="Đỗ Minh Khoa")


@pytest.fixture
def administrator(desk):
    user = UserFactory(is_staff=True, is_superuser=True)
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def organization(db):
    return OrganizationFactory(name="Công ty Hạt điều Bình Phước")


@pytest.fixture
def poster(organization):
    return MembershipFactory(organization=organization).user


@pytest.fixture
def colleague(organization, poster):
    return MembershipFactory(organization=organization, role=Membership.Role.CONTRIBUTOR).user


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def draft(organization, poster):
    return NeedFactory(organization=organization, contact=poster, title="Tách vỏ cứng hạt điều")


@pytest.fixture
def submission(desk, draft, poster):
    """A need that waits for the first step."""
    return submit(draft, by=poster)


@pytest.fixture
def as_user():
    """A browser in which this person has signed in."""

    def browser(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser


# --- lists of technology --------------------------------------------------------------------------


def load_list(scheme: str, *phrases: str, status: str = "official") -> Vocabulary:
    edition = Vocabulary.objects.create(
        code=f"{scheme}-test",
        scheme=scheme,
        label_vi=scheme,
        status=status,
        valid_from=date(2026, 1, 1),
    )
    for number, phrase in enumerate(phrases, start=1):
        Term.objects.create(
            vocabulary=edition, code=str(number), label_vi=phrase.capitalize(), aliases=[phrase]
        )
    return edition


@pytest.fixture
def lists(db):
    load_list(PROHIBITED, "điều chế ma túy")
    load_list(RESTRICTED, "vật liệu nổ")
