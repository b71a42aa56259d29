"""Closing an account: a wait in which a mind may change, then nothing in it names the person."""

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.audit.checking import check_chain
from marketplace.core.models import AuditEntry
from marketplace.core.personal_data import register_stops
from marketplace.privacy.models import Closing
from marketplace.privacy.services import (
    CannotClose,
    ask_for_closing,
    ask_for_copy,
    cancel_closing,
    close_due,
    make_copy,
)
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def known(person):
    """Somebody of whom much is kept."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    TOTP.activate(person, generate_totp_secret())
    return person


def traces(*texts):
    """Where in the database something of the person still stands."""
    found = []
    for model in apps.get_models():
        for row in model._base_manager.order_by("pk").values():
            line = json.dumps(row, default=str, ensure_ascii=False)
            found += [model._meta.label for text in texts if text in line]
    return found


def test_account_is_closed_after_its_days_and_nothing_names_the_person(known, frozen_clock):
    need = NeedFactory(published=True, contact=UserFactory())
    ask_for_copy(known)
    make_copy()
    closing = ask_for_closing(known)
    assert closing.due_on == clock.today() + timedelta(days=14)
    frozen_clock.move(days=13)
    assert close_due() == 0
    frozen_clock.move(days=1)
    assert close_due() == 1
    assert close_due() == 0

    gone = User.objects.get(pk=known.pk)
    assert not gone.is_active
    assert not gone.has_usable_password()
    assert gone.email.endswith("@closed.invalid")
    assert traces("rieng@example.vn", "Lê Thị Riêng", "0912 345 678") == []
    assert not Authenticator.objects.filter(user=gone).exists()
    assert not gone.notices.exists()
    need.refresh_from_db()
    assert need.live
    assert check_chain().holds


def test_address_is_free_again_for_a_new_account(known, frozen_clock):
    ask_for_closing(known)
    frozen_clock.move(days=15)
    close_due()
    assert User.objects.create_user("rieng@example.vn").pk != known.pk


def test_mind_may_change_until_the_day(known, frozen_clock, as_user):
    ask_for_closing(known)
    browser = as_user(known)
    assert "Giữ tài khoản" in browser.get(reverse("privacy:mine")).content.decode()
    browser.post(reverse("privacy:keep"))
    frozen_clock.move(days=20)
    assert close_due() == 0
    assert not cancel_closing(known)
    assert User.objects.get(pk=known.pk).is_active


def test_staff_do_not_close_their_own_account():
    with pytest.raises(CannotClose):
        ask_for_closing(UserFactory(is_staff=True))
    assert not Closing.objects.exists()


def test_what_has_to_be_settled_first_is_said_and_tried_again_every_day(
    known, frozen_clock, monkeypatch
):
    stops = []
    monkeypatch.setattr("marketplace.core.personal_data._stops", [])
    register_stops(lambda user: stops)
    ask_for_closing(known)
    frozen_clock.move(days=14)
    stops.append("Bạn là chủ duy nhất của một tổ chức.")
    assert close_due() == 1
    assert close_due() == 0
    closing = Closing.objects.get()
    assert (closing.done_at, closing.held_by) == (None, stops[0])
    assert User.objects.get(pk=known.pk).is_active
    stops.clear()
    frozen_clock.move(days=1)
    assert close_due() == 1
    assert not User.objects.get(pk=known.pk).is_active


def test_page_says_what_happens_and_asks_for_a_fresh_login_and_a_tick(person, as_user):
    browser = as_user(person)
    address = reverse("privacy:close")
    assert "reauthenticate" in browser.get(address)["Location"]
    browser.post(reverse("account_reauthenticate"), {"password": "mat-khau-thu"})
    page = browser.get(address).content.decode()
    assert "14 ngày" in page
    assert browser.post(address, {}).status_code == 400
    assert not Closing.objects.exists()
    assert browser.post(address, {"understood": "on"}).status_code == 302
    assert Closing.objects.waiting().get().user == person


@pytest.mark.kill
def test_closing_killed_in_the_middle_has_done_nothing(known, frozen_clock, monkeypatch):
    from marketplace.privacy.services import closing as stage

    ask_for_closing(known)
    frozen_clock.move(days=14)
    lines = AuditEntry.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(stage, "_blank", lambda user: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close_due()
    assert User.objects.get(pk=known.pk).email == "rieng@example.vn"
    assert Authenticator.objects.filter(user=known).exists()
    assert AuditEntry.objects.count() == lines
    frozen_clock.move(days=1)
    assert close_due() == 1
    assert not User.objects.get(pk=known.pk).is_active
