"""One way into the admin: allauth's login, with a second factor."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import UserFactory, proved

PASSWORD = "mat-khau-thu"


def sign_in(user) -> tuple[Client, object]:
    if not user.emailaddress_set.exists():
        proved(user)
    client = Client()
    page = client.post(
        f"{reverse('account_login')}?next=/admin/", {"login": user.email, "password": PASSWORD}
    )
    return client, page


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/tin-dang/nhu-cau/", "/admin/ban-lien-he/", "/admin/api/main/pages/"],
)
def test_strangers_are_sent_to_allauth(address, db):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer.url.startswith(("/admin/login/", reverse("account_login")))


def test_wagtails_login_leads_to_allauth_and_keeps_the_way(db):
    answer = Client().get("/admin/login/?next=/admin/to-chuc/")

    assert answer.url == f"{reverse('account_login')}?next=%2Fadmin%2Fto-chuc%2F"


def test_wagtails_login_leads_nowhere_else(db):
    answer = Client().get("/admin/login/?next=https://example.com/")

    assert answer.url == f"{reverse('account_login')}?next=%2Fadmin%2F"


def test_wagtails_login_takes_no_password(officer):
    client = Client()

    client.post("/admin/login/", {"username": officer.email, "password": PASSWORD})

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/admin/password_reset/",
        "/admin/password_reset/confirm/MQ/set-password/",
        "/admin/password_reset/complete/",
    ],
)
def test_wagtails_password_reset_leads_to_allauth(address, db):
    assert Client().get(address).url == reverse("account_reset_password")


@pytest.mark.parametrize(
    "address", ["/login/", "/accounts/login/", "/django-admin/", "/_util/login/"]
)
def test_there_is_no_other_login(address, db):
    answer = Client().get(address)

    assert answer.status_code in (302, 404)
    assert answer.status_code == 404 or answer.url.startswith(reverse("account_login"))


def test_staff_with_a_second_factor_enter_after_the_code(officer):
    secret = generate_totp_secret()
    officer.authenticator_set.all().delete()
    TOTP.activate(officer, secret)
    client, page = sign_in(officer)
    assert page.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/admin/").status_code == 302

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.get("/admin/").status_code == 200


def test_wrong_code_opens_nothing(officer):
    client, _page = sign_in(officer)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert client.get("/admin/").status_code == 302


def test_staff_without_a_second_factor_are_sent_to_set_one_up(officer):
    officer.authenticator_set.all().delete()
    client, _page = sign_in(officer)

    answer = client.get("/admin/")

    assert answer.status_code == 302
    assert answer.url == reverse("mfa_index")


def test_a_right_without_the_mark_of_staff_needs_a_second_factor_too(desk):
    """A group is enough for Wagtail; the guard must not ask less than Wagtail does."""
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client, _page = sign_in(user)

    answer = client.get("/admin/")

    assert answer.status_code == 302
    assert answer.url == reverse("mfa_index")


def test_posters_are_told_no_without_going_to_and_fro(poster, desk):
    client, page = sign_in(poster)
    assert page.status_code == 302

    answer = client.get("/admin/tin-dang/nhu-cau/", follow=True)

    assert answer.status_code == 403
    assert len(answer.redirect_chain) <= 2
    assert (
        "nhu cầu công nghệ"
        not in answer.content.decode().lower().split("<main")[0].split("</header>")[-1]
    )


def test_posters_learn_nothing_of_what_exists(poster, submission, as_user):
    client = as_user(poster)

    known = client.get(f"/admin/tin-dang/nhu-cau/review/{submission.pk}/")
    unknown = client.get("/admin/tin-dang/nhu-cau/review/999999/")

    assert known.status_code == unknown.status_code == 302
    assert known.url.split("?")[0] == unknown.url.split("?")[0]


def test_background_requests_of_posters_are_refused_outright(poster, desk, as_user):
    answer = as_user(poster).get("/admin/", headers={"x-requested-with": "XMLHttpRequest"})

    assert answer.status_code == 403
