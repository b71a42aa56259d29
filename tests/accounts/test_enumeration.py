"""Whether an address has an account shows nowhere: not in words, not in where one is led, not in work done."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.notifications.models import Delivery
from tests.factories.accounts import MembershipFactory, UserFactory, proved

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "biet@example.vn", "khong@example.vn"
DOORS = {
    "sign-up": ("account_signup", {"full_name": "Mai", "password1": "hoa-xoan-1975"}, "email"),
    "passkey": ("account_signup_by_passkey", {"full_name": "Mai"}, "email"),
    "reset": ("account_reset_password", {}, "email"),
    "code": ("account_request_login_code", {}, "email"),
    "login": ("account_login", {"password": "sai-mat-khau"}, "login"),
}


@pytest.fixture
def hashed(monkeypatch):
    counted = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: counted.append(1) or encode(*given)
    )
    return counted


def seen(door, address, hashed):
    """All that a stranger can tell apart, but for what they typed themselves."""
    name, data, field = DOORS[door]
    browser, sent = Client(), len(mail.outbox)
    hashed.clear()
    answer = browser.post(reverse(name), data | {field: address})
    work = len(hashed)
    where = answer.headers.get("Location", "")
    page = (browser.get(where) if where else answer).content.decode()
    page = re.sub(r"[\w-]{20,}", "", page).replace(address, "…")
    return {
        "status": answer.status_code,
        "where": where,
        "page": page,
        "cookies": sorted(browser.cookies),
        "hashed": work,
        "mails": len(mail.outbox) - sent,
    }


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_look_the_same(door, hashed):
    proved(UserFactory(email=KNOWN))

    known, unknown = seen(door, KNOWN, hashed), seen(door, UNKNOWN, hashed)

    assert known == unknown
    if door in ("sign-up", "login"):
        assert known["hashed"] > 0


def test_invitation_looks_the_same_for_who_has_an_account(client):
    owner = MembershipFactory(user=proved(UserFactory()))
    proved(UserFactory(email=KNOWN, full_name="Bà Biết"))
    client.force_login(owner.user)
    pages = []
    for address in (KNOWN, UNKNOWN):
        answer = client.post(
            reverse("accounts:invite_member", args=[owner.organization.public_id]),
            {"email": address, "role": Membership.Role.VIEWER},
        )
        page = client.get(answer["Location"]).content.decode()
        assert "Bà Biết" not in page
        row = page[page.index(address) :]
        row = re.sub(r'(value|href|action|id)="[^"]*"', "", row[: row.index("</tr>")])
        pages.append((answer.status_code, answer["Location"], row.replace(address, "…")))
    assert pages[0] == pages[1]
    assert Delivery.objects.count() == 2
