"""A session counts for what was proved in it: one from before a factor was added is asked, or ended."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core.models import AuditEntry
from tests.factories.accounts import MembershipFactory, UserFactory, asked_again, proved
from tests.factories.registration import FocalOfficerFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu"


@pytest.fixture
def person():
    return proved(UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def old(person):
    """By password alone, before there was another factor."""
    return signed_in(person)


def signed_in(person, code=""):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    if code:
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in client.session
    return client


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def switched_on(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


@pytest.mark.parametrize("path", ["/admin/", "/admin/groups/"])
def test_old_session_enters_the_admin_only_after_the_factor(person, old, path):
    secret = switched_on(person)

    answer = old.get(path)
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    page = old.get(answer["Location"]).content.decode()
    assert "chưa qua bước xác thực thứ hai" in page

    led = old.post(answer["Location"], {"code": code_of(secret)})
    assert led["Location"] == path
    assert old.get(path).status_code != 302


def test_form_of_an_old_session_changes_nothing_before_the_factor(person, old):
    switched_on(person)
    answer = old.post("/admin/groups/new/", {"name": "Nhóm mới"})

    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Group.objects.filter(name="Nhóm mới").exists()


def test_password_again_is_no_second_factor(person, old):
    switched_on(person)
    old.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert old.get("/admin/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_session_with_the_factor_enters(person):
    secret = switched_on(person)
    assert signed_in(person, code_of(secret)).get("/admin/").status_code == 200


def test_factor_that_was_taken_away_counts_no_more(person):
    secret = switched_on(person)
    client = signed_in(person, code_of(secret))
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    Authenticator.objects.create(user=person, type="webauthn", data={})

    where = client.get("/admin/")["Location"]
    assert where.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_records_of_another_account_do_not_count(person, old):
    switched_on(person)
    session = old.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "id": Authenticator.objects.get().pk, "at": time.time()}
    ]
    session["account_authentication_methods_user"] = "0"
    session.save()

    assert old.get("/admin/").status_code == 302


def test_step_that_cannot_be_taken_back_waits_for_the_factor_and_goes_on():
    owner = MembershipFactory(user=proved(UserFactory()))
    viewer = MembershipFactory(organization=owner.organization, role="viewer")
    client = signed_in(owner.user)
    secret = switched_on(owner.user)
    asked_again(client)  # the password alone
    path = reverse("accounts:change_role", args=[owner.organization.public_id, viewer.reference])

    answer = client.post(path, {"role": "owner"})
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Membership.objects.get(pk=viewer.pk).role == "viewer"

    client.post(answer["Location"], {"code": code_of(secret)})
    assert Membership.objects.get(pk=viewer.pk).role == "owner"


def test_desk_of_a_focal_point_asks_an_old_session():
    officer = proved(FocalOfficerFactory().user)
    client = signed_in(officer)
    switched_on(officer)

    answer = client.get(reverse("registration:desk"))
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


# --- a way in changes ------------------------------------------------------------------------------


def change(client, person, what):
    """Does it on its page as the person would; the other way in is there already where it is needed."""
    asked_again(client)
    if what == "totp_added":
        page = client.get(reverse("mfa_activate_totp"))
        return client.post(
            reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)}
        )
    if what == "totp_removed":
        return client.post(reverse("mfa_deactivate_totp"))
    if what == "key_removed":
        key = Authenticator.objects.get(user=person, type="webauthn")
        return client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    if what == "recovery_codes_made":
        return client.post(reverse("mfa_generate_recovery_codes"))
    if what == "password_changed":
        new = "hoa-ban-trang-1975"
        data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        return client.post(reverse("account_change_password"), data)
    raise AssertionError(what)


@pytest.mark.parametrize(
    "what", ["totp_added", "totp_removed", "key_removed", "recovery_codes_made", "password_changed"]
)
def test_change_of_a_way_in_ends_the_other_sessions_and_says_so(person, old, what):
    here = signed_in(person)
    if what in ("totp_removed", "recovery_codes_made"):
        switched_on(person)
    if what == "key_removed":
        Authenticator.objects.create(
            user=person, type="webauthn", data={"name": "khóa", "credential": {}}
        )

    answer = change(here, person, what)

    assert answer.status_code == 302, answer.context["form"].errors
    assert "phiên đăng nhập khác" in here.get(answer["Location"]).content.decode()
    assert here.get(reverse("dashboard:home")).status_code == 200
    assert "login" in old.get(reverse("dashboard:home"))["Location"]
    entry = AuditEntry.objects.get(action="account.way_in_changed")
    assert entry.data == {"change": what, "ended": 1}


def test_factor_that_was_just_switched_on_is_not_asked_for_again(person, old):
    change(old, person, "totp_added")

    assert old.get("/admin/").status_code == 200
    assert not AuditEntry.objects.filter(data__ended__gt=0).exists()


def test_changes_without_a_fresh_login_end_nothing(person, old):
    here = signed_in(person)
    switched_on(person)

    assert here.post(reverse("mfa_deactivate_totp"))["Location"].startswith("/tai-khoan/")

    assert Authenticator.objects.filter(user=person).exists()
    assert old.get(reverse("dashboard:home")).status_code == 200


@pytest.mark.parametrize("everybody", [False, True])
def test_who_runs_the_exchange_ends_the_sessions_of_one_or_of_all(person, everybody):
    theirs, another = signed_in(person), signed_in(proved(UserFactory()))
    for client in (theirs, another):
        assert client.get(reverse("accounts:profile")).status_code == 200
    whose = "--everybody" if everybody else person.email.upper()

    call_command("end_sessions", whose, reason="máy bị lấy mất")

    answers = [client.get(reverse("accounts:profile")).status_code for client in (theirs, another)]
    assert answers == [302, 302 if everybody else 200]
    line = AuditEntry.objects.get(action="sessions.ended")
    assert line.data == {"count": 2 if everybody else 1, "reason": "máy bị lấy mất"}
    assert person.email not in str(line.__dict__)
    with pytest.raises(CommandError):
        call_command("end_sessions", "khong-co@example.vn", reason="x")


def test_where_everybody_has_to_every_page_of_ones_own_waits_for_the_factor(settings):
    settings.SECOND_FACTOR_OF_EVERYBODY = True
    member = proved(MembershipFactory().user)
    browser, home = signed_in(member), reverse("dashboard:home")

    assert browser.get(home)["Location"] == reverse("mfa_index")
    assert browser.post(reverse("listings:need_create"), {"text": "x"}).status_code == 302
    for open_page in ("/", reverse("mfa_index"), reverse("account_logout")):
        assert browser.get(open_page).status_code == 200

    secret = switched_on(member)
    assert browser.get(home)["Location"].startswith(reverse("mfa_reauthenticate"))
    assert signed_in(member, code_of(secret)).get(home).status_code == 200


def test_sessions_elsewhere_are_not_ended_by_who_found_the_browser_open():
    member = proved(MembershipFactory().user)
    here, there = signed_in(member), signed_in(member)
    home = reverse("dashboard:home")
    for browser in (here, there):
        browser.get(home)

    answer = here.post(reverse("usersessions_list"))

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert there.get(home).status_code == 200
    here.post(answer["Location"], {"password": PASSWORD})
    here.post(reverse("usersessions_list"))
    assert there.get(home).status_code == 302
