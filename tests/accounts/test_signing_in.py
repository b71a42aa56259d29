"""Coming in: sign-up in three fields, codes and clocks, secrets at rest, sessions ended from afar."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from marketplace.accounts.lookalikes import disguised_letter
from marketplace.accounts.models import Organization, User
from marketplace.core.models import AuditEntry
from marketplace.notifications.models import Notice
from tests.factories.accounts import UserFactory, asked_again, proved

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu"
SIGN_UP = {"email": "Mai@Example.VN", "full_name": "Trần Thị Mai", "password1": "hoa-xoan-1975"}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), SIGN_UP | changes)


def confirm(client):
    code = re.search(r"^\s*([A-Z0-9-]{6,10})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def test_sign_up_asks_three_things_and_leads_to_the_organization(client):
    page = client.get(reverse("account_signup")).content.decode()
    form = page[page.index("<form", page.index("<main")) :]
    asked = re.findall(r'<input type="(?!hidden)\w+" name="(\w+)"', form[: form.index("</form>")])
    assert set(asked) == {"email", "full_name", "password1"}

    sign_up(client)
    answer = confirm(client)

    user = User.objects.get()
    assert (user.email, user.full_name, user.language) == ("mai@example.vn", "Trần Thị Mai", "vi")
    assert user.emailaddress_set.get().verified
    assert answer["Location"] == reverse("accounts:find_organization")


def test_what_a_visitor_began_waits_behind_the_sign_up(client):
    begin = reverse("listings:need_create")
    assert "Tôi đã có tài khoản" in client.get(begin).content.decode()

    led = client.post(begin, {"text": "Cần sấy xoài dẻo không ngả nâu"})

    assert led["Location"] == f"{reverse('account_signup')}?next={begin.replace('/', '%2F')}"
    sign_up(client, next=begin)
    assert confirm(client)["Location"] == begin
    assert "Cần sấy xoài dẻo không ngả nâu" in client.get(begin).content.decode()
    client.post(
        reverse("accounts:create_organization"), {"name": "Công ty Xoài Cát", "kind": "enterprise"}
    )
    mine = client.get(reverse("accounts:my_organizations")).content.decode()
    assert "Bạn đang viết dở" in mine
    client.post(begin, {"text": "Cần sấy xoài dẻo không ngả nâu"})

    need = Organization.objects.get().needs.get()
    assert need.contact == User.objects.get()
    assert "begun_draft" not in client.session


@pytest.mark.parametrize("kind", ["need", "offer", "equipment", "service"])
def test_visitor_stores_nothing_but_their_own_session(client, kind):
    client.post(reverse(f"listings:{kind}_create"), {"text": "x" * 9000})

    assert len(client.session["begun_draft"]["text"]) == 4000
    assert not User.objects.exists()


@pytest.mark.parametrize("again", ["mai@viện.vn", "MAI@VIỆN.vn", "mai@xn--vin-5kz.vn"])
def test_one_mailbox_is_one_account_however_its_domain_is_written(client, again):
    sign_up(client, email="mai@xn--vin-5kz.vn")
    confirm(client)
    assert User.objects.get().email == "mai@viện.vn"

    other = Client()
    sign_up(other, email=again)
    signing_in = Client()
    signing_in.post(reverse("account_login"), {"login": again, "password": SIGN_UP["password1"]})

    assert User.objects.count() == 1
    assert "_auth_user_id" in signing_in.session


def test_plus_addresses_are_accounts_of_their_own(client):
    sign_up(client, email="mai@example.vn")
    sign_up(Client(), email="mai+san@example.vn")

    assert set(User.objects.values_list("email", flat=True)) == {
        "mai@example.vn",
        "mai+san@example.vn",
    }


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Viện Cơ điện", ""),
        ("Viện Cо điện", "о"),  # Cyrillic
        ("Công ty ΑBC", "Α"),  # Greek
        ("Vi\u200bện Cơ điện", "\u200b"),
        ("Cɡ điện", "ɡ"),
        ("株式会社 ABC", ""),
        ("Завод Электрон", ""),
        ("Société Générale Łódź", ""),
        ("ＡＢＣ", ""),  # full width: the same letters
    ],
)
def test_letters_in_disguise(name, letter):
    assert disguised_letter(name) == letter


def test_names_in_disguise_are_refused_with_the_letter_named(client):
    client.force_login(UserFactory())
    Organization.objects.create(name="Viện Cơ điện", status="claimed")

    page = client.post(
        reverse("accounts:create_organization"), {"name": "Viện Cо điện", "kind": "institute"}
    )

    assert "Cyrillic small letter o" in page.content.decode()
    assert Organization.objects.count() == 1
    assert "Greek" in sign_up(Client(), full_name="Τran Mai").content.decode()


# --- second factors -----------------------------------------------------------------------------


@pytest.fixture
def person():
    return proved(UserFactory())


def first_step(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    return client


def came_in(client, code):
    client.post(reverse("mfa_authenticate"), {"code": code})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("steps", "fits"), [(-1, True), (0, True), (1, True), (-3, False), (3, False)]
)
def test_clock_of_the_phone_may_be_off_by_half_a_minute(person, steps, fits):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    # Not at the turn of a step: the code of a moment ago would be one step older still.
    while time.time() % 30 > 28:
        time.sleep(0.2)

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))

    assert came_in(first_step(person), code) == fits


@pytest.mark.parametrize("later", [0, 40])
def test_code_of_the_phone_opens_once_as_long_as_it_fits(person, later, monkeypatch):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    now = int(time.time()) // 30 * 30 + 1
    monkeypatch.setattr(time, "time", lambda: now)
    code = format_hotp_value(hotp_value(secret, now // 30 + 1))  # a clock that is ahead
    assert came_in(first_step(person), code)

    monkeypatch.setattr(time, "time", lambda: now + later)

    assert not came_in(first_step(person), code)
    another = now // 30 + (2 if later else 0)
    assert came_in(first_step(person), format_hotp_value(hotp_value(secret, another)))


def test_recovery_codes_are_shown_once_and_kept_as_hashes(person):
    TOTP.activate(person, generate_totp_secret())
    browser = Client()
    browser.force_login(person)
    asked_again(browser)
    browser.post(reverse("mfa_generate_recovery_codes"))
    sealed = Authenticator.objects.get(type="recovery_codes")
    codes = sealed.wrap().get_unused_codes()

    first, second = (
        browser.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2)
    )

    assert all(code in first and code not in second for code in codes)
    kept = Authenticator.objects.get(type="recovery_codes")
    assert "seed" not in kept.data
    assert not any(code in str(kept.data) for code in codes)
    typed = f"{codes[3][:4]} {codes[3][4:]}"
    assert came_in(first_step(person), typed)
    assert not came_in(first_step(person), typed)
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 9
    assert came_in(first_step(person), codes[4])


def test_recovery_code_opens_once_when_the_phone_or_key_is_lost(person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

    assert came_in(first_step(person), code)
    assert not came_in(first_step(person), code)


def test_code_that_does_not_fit_says_what_to_do_about_the_clock(person):
    TOTP.activate(person, generate_totp_secret())
    browser = first_step(person)

    answer = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "để điện thoại tự đặt giờ" in answer.content.decode()
    answer = browser.post(f"/en{reverse('mfa_authenticate')}", {"code": "000000"})
    assert "let the phone set its clock" in answer.content.decode()


def test_page_of_the_second_step_says_what_to_do_without_the_phone(person):
    TOTP.activate(person, generate_totp_secret())

    page = first_step(person).get(reverse("mfa_authenticate")).content.decode()

    assert "mã dự phòng" in page


def test_secrets_lie_sealed(person, settings):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    row = Authenticator.objects.get(type="totp")
    now = int(time.time()) // 30
    code = format_hotp_value(hotp_value(secret, now))

    old, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another key of this server, after a change of keys",
    )
    assert not row.wrap().validate_code(code)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert row.wrap().validate_code(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_secret_from_before_sealing_still_opens(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    Authenticator.objects.update(data={"secret": secret})

    assert came_in(
        first_step(person), format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    )


# --- sessions -----------------------------------------------------------------------------------


def test_sessions_elsewhere_are_ended_from_here(person):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    home = reverse("dashboard:home")
    assert there.get(home).status_code == 200
    assert person.usersession_set.count() == 2

    asked_again(here).post(reverse("usersessions_list"))

    assert here.get(home).status_code == 200
    assert there.get(home).status_code == 302


# --- everything is lost ---------------------------------------------------------------------------


def test_who_lost_every_factor_begins_anew_and_is_told(person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    browser = Client()
    browser.force_login(person)
    browser.get(reverse("dashboard:home"))  # makes the session one of the person's list

    call_command("reset_second_factor", person.email.upper(), reason="gọi lại số đã đăng ký")

    assert not person.authenticator_set.exists()
    assert browser.get(reverse("dashboard:home")).status_code == 302
    assert Notice.objects.get(recipient=person).kind == "account.second_factor_reset"
    entry = AuditEntry.objects.get(action="account.second_factor_reset")
    assert person.email not in str((entry.subject, entry.data))


@pytest.mark.parametrize("email", ["khong-co@example.vn", ""])
def test_reset_of_nobody_is_an_error(email):
    with pytest.raises(CommandError):
        call_command("reset_second_factor", email, reason="x")


def test_reset_without_a_reason_changes_nothing(person):
    TOTP.activate(person, generate_totp_secret())
    with pytest.raises(CommandError):
        call_command("reset_second_factor", person.email, reason=" ")
    assert person.authenticator_set.exists()
