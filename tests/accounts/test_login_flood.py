"""Guessing passwords is refused before any is hashed; who knows theirs gets in from elsewhere meanwhile."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu"


@pytest.fixture(autouse=True)
def _limits_of_production(settings):
    """The demo, from whose settings the tests come, does without: many sign in from one address."""
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def hashed(monkeypatch):
    """How many passwords were hashed or compared."""
    counted = []
    verify, encode = MD5PasswordHasher.verify, MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "verify", lambda *given: counted.append(1) or verify(*given)
    )
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: counted.append(1) or encode(*given)
    )
    return counted


def person(**values):
    user = UserFactory(**values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def attempt(client, email, password, address):
    return client.post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address
    )


def test_one_account_from_many_addresses(client, hashed):
    user = person()
    hashed.clear()
    for number in range(100):
        attempt(client, user.email, f"sai-{number}", f"10.0.{number // 250}.{number % 250 + 1}")
    # A comparison makes a hash of its own; Django hardens its runtime by another.
    assert len(hashed) <= 5 * 3
    assert "_auth_user_id" not in client.session


def test_many_accounts_from_one_address(client, hashed):
    people = [person() for _each in range(5)]
    hashed.clear()
    answers = [
        attempt(client, people[number % 5].email, "sai", "10.9.9.9") for number in range(100)
    ]
    assert len(hashed) <= 10 * 3
    assert answers[-1].status_code == 429


def test_unknown_account_is_answered_like_a_known_one(client):
    known = person()
    first = attempt(client, known.email, "sai", "10.0.0.1")
    second = attempt(client, "khong-co@example.vn", "sai", "10.0.0.2")
    assert first.status_code == second.status_code == 200
    assert first.context["form"].errors == second.context["form"].errors


def test_failed_sign_in_is_a_line_that_names_nobody(client, caplog):
    user = person()
    attempt(client, user.email, "sai", "10.0.0.1")
    attempt(client, user.email.upper(), "sai", "10.0.0.2")
    attempt(client, "khong-co@example.vn", "sai", "10.0.0.3")
    lines = [record.msg for record in caplog.records if "sign-in failed" in str(record.msg)]
    marks = [line["account"] for line in lines]
    assert len(marks) == 3
    assert marks[0] == marks[1] != marks[2]
    assert user.email not in str(lines)
    assert "khong-co" not in str(lines)


def test_others_get_in_meanwhile(client):
    victim, other = person(), person()
    for number in range(40):
        attempt(client, victim.email, "sai", f"10.0.0.{number + 1}")
    answer = attempt(client, other.email, PASSWORD, "10.1.1.1")
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(other.pk)
