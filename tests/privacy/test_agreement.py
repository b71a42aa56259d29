"""What is part of having an account is agreed to when it is made, and again when a new version comes."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Membership, User
from marketplace.accounts.services import invite_member
from marketplace.core.models import AuditEntry
from marketplace.privacy import ledger
from marketplace.privacy.models import Consent
from marketplace.privacy.services import consents as stage
from marketplace.privacy.services import missing_documents
from tests.factories.accounts import MembershipFactory, UserFactory, proved

pytestmark = pytest.mark.django_db
SIGN_UP = {"email": "mai@example.vn", "full_name": "Trần Thị Mai", "password1": "hoa-xoan-1975"}
HOME = "/bang-dieu-khien/"


@pytest.fixture
def new_version(tmp_path, monkeypatch):
    """From 1 December 2026 on other operating rules are in force."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in ledger._DATA.iterdir():
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with (folder / "consents.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[documents]]\ncode = "terms"\nversion = "2026-12"\nvalid_from = 2026-12-01\n'
            'required = true\nvi = "Quy chế mới"\nen = "New rules"\ntext_vi = "Thêm phí."\ntext_en = "Fees."\n'
        )
    monkeypatch.setattr(ledger, "_DATA", folder)
    ledger._documents.cache_clear()
    yield
    ledger._documents.cache_clear()


def agreed(user):
    return set(Consent.objects.filter(user=user).values_list("document", "version"))


@pytest.mark.parametrize("way", ["form", "passkey", "invitation"])
def test_every_way_in_records_what_was_agreed_to(client, way):
    address, data = reverse("account_signup"), dict(SIGN_UP)
    if way == "passkey":
        address = reverse("account_signup_by_passkey")
        del data["password1"]
    if way == "invitation":
        owner = MembershipFactory()
        letter = invite_member(
            owner.organization, email=data["email"], role=Membership.Role.VIEWER, by=owner.user
        )
        data["next"] = f"/vao-to-chuc/{letter.public_id}/"
    page = client.get(address).content.decode()
    assert "bạn đồng ý với" in page
    assert "2026-01" in page

    client.post(address, data)

    user = User.objects.get(email=SIGN_UP["email"])
    assert agreed(user) == {("terms", "2026-01"), ("privacy", "2026-01")}
    assert AuditEntry.objects.filter(action="privacy.consent_given").count() == 2


def test_account_without_its_consents_is_not_made(client, monkeypatch):
    monkeypatch.setattr(stage.audit, "record", lambda *args, **data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post(reverse("account_signup"), SIGN_UP)
    assert not User.objects.exists()


def test_new_version_is_asked_once_and_leads_back(new_version, frozen_clock):
    person = proved(UserFactory())
    browser = Client()
    frozen_clock.move(days=18)
    browser.post(reverse("account_login"), {"login": person.email, "password": "mat-khau-thu"})
    there = reverse("notifications:preferences") + "?x=1"
    assert browser.get(there).status_code == 200

    frozen_clock.move(days=2)  # the session is still good
    answer = browser.get(there)
    assert answer["Location"].startswith(reverse("privacy:agree"))
    page = browser.get(answer["Location"]).content.decode()
    assert "Quy chế mới" in page
    assert "Trước đây bạn đồng ý bản 2026-01" in page

    led = browser.post(answer["Location"], {"documents": ["terms:2026-12"]})
    assert led["Location"] == there
    assert browser.get(there).status_code == 200
    assert ("terms", "2026-12") in agreed(person)
    assert ("terms", "2026-01") in agreed(person)


def test_version_that_was_replaced_meanwhile_is_not_what_was_agreed_to(new_version, frozen_clock):
    person = proved(UserFactory())
    browser = Client()
    browser.force_login(person)
    frozen_clock.move(days=20)

    answer = browser.post(reverse("privacy:agree"), {"documents": ["terms:2026-01"]})

    assert answer.status_code == 200
    assert "vừa có bản mới" in answer.content.decode()
    assert [document.version for document in missing_documents(person)] == ["2026-12"]


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_agreement_leads_nowhere_else(person, as_user, onward):
    answer = as_user(person).post(
        f"{reverse('privacy:agree')}?next={onward}",
        {"documents": ["terms:2026-01", "privacy:2026-01"]},
    )
    assert answer["Location"] == HOME


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("dashboard:home", True),
        ("notifications:preferences", True),
        ("privacy:mine", False),
        ("privacy:close", False),
        ("listings:need_list", False),
        ("account_email", False),
        ("mfa_index", False),
    ],
)
def test_what_stays_open_to_who_has_not_agreed(person, name, asked):
    browser = Client()
    browser.force_login(person)
    session = browser.session
    del session["agreed_to"]
    session.save()

    answer = browser.get(reverse(name))

    assert (answer.headers.get("Location", "").startswith(reverse("privacy:agree"))) == asked
    if asked:
        form = browser.post(reverse("privacy:ask"), {"kind": "erase", "text": "Xóa"})
        assert form["Location"] == reverse("privacy:mine")


def test_versions_in_force_are_those_of_the_day(new_version, frozen_clock):
    assert {one.version for one in ledger.required_documents()} == {"2026-01"}
    frozen_clock.move(days=20)
    assert {one.key for one in ledger.required_documents()} == {"terms:2026-12", "privacy:2026-01"}
    assert ledger.clock.today() == date(2026, 12, 1)
