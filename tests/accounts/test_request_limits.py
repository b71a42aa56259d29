"""So many requests a minute of one address, one account, one organisation: then 429, and nothing happens."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.privacy.models import SubjectRequest
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
SEARCH = "/nhu-cau/?q=xoai"


@pytest.fixture(autouse=True)
def _few(settings, frozen_clock):
    """Counts are of one minute of the clock, which stands while a test sends its requests."""
    settings.REQUEST_LIMITS = {
        "write": {"address": 2, "account": 2, "organization": 3},
        "ask": {"address": 2, "account": 2, "organization": 3},
    }


def of(user):
    client = Client()
    client.force_login(user)
    return client


def codes(client, times, path=SEARCH, **more):
    return [client.get(path, **more).status_code for _each in range(times)]


def test_one_address_is_refused_and_told_when_to_come_again(client, frozen_clock):
    assert codes(client, 3) == [200, 200, 429]
    answer = client.get(SEARCH)
    assert answer["Retry-After"] == "60"
    assert "đợi một phút" in answer.content.decode()
    assert codes(client, 1, REMOTE_ADDR="10.0.0.9") == [200]
    frozen_clock.move(seconds=61)
    assert codes(client, 1) == [200]


def test_account_counts_wherever_it_comes_from():
    client = of(UserFactory())
    assert codes(client, 1, REMOTE_ADDR="10.0.0.1") == [200]
    assert codes(client, 2, REMOTE_ADDR="10.0.0.2") == [200, 429]


def test_organization_counts_all_its_people(frozen_clock):
    one = MembershipFactory()
    other = MembershipFactory(organization=one.organization, role="viewer")
    assert codes(of(one.user), 2) == [200, 200]
    assert codes(of(other.user), 2) == [200, 429]
    assert codes(of(MembershipFactory().user), 1) == [200]


def test_form_that_is_refused_changes_nothing(frozen_clock):
    client = of(UserFactory())
    sent = [
        client.post(reverse("privacy:ask"), {"kind": "erase", "text": f"Xóa {number}"}).status_code
        for number in range(4)
    ]
    assert sent == [302, 302, 429, 429]
    assert SubjectRequest.objects.count() == 2


def test_knocks_at_the_doors_count_by_address_and_by_account_named(client, settings):
    settings.REQUEST_LIMITS = {"door": {"address": 3, "account": 2}}

    def knock(name, email, address):
        return client.post(reverse(name), {"email": email, "login": email}, REMOTE_ADDR=address)

    one = [
        ("account_login", "a@viện.vn", "10.0.0.1"),
        ("account_reset_password", "A@xn--vin-5kz.vn", "10.0.0.2"),
    ]
    assert all(knock(*each).status_code != 429 for each in one)
    refused = knock("account_request_login_code", "a@viện.vn", "10.0.0.3")
    assert refused.status_code == 429
    assert "không có gì bị khóa" in refused.content.decode()
    assert [knock("account_login", f"{n}@b.vn", "10.0.0.9").status_code for n in range(4)][
        -1
    ] == 429
    assert client.get(reverse("account_login")).status_code == 200


@pytest.mark.parametrize("path", ["/nhu-cau/", "/health/live", "/du-lieu-mo/"])
def test_pages_without_a_question_are_not_counted(client, path):
    assert 429 not in codes(client, 5, path)
