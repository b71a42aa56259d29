"""Connected sites in the admin: who keeps them, what is told once, what is refused."""

import re

import pytest
from allauth.idp.oidc.models import Client

pytestmark = pytest.mark.django_db
ADD = "/admin/trang-ket-noi/new/"
SITE = {
    "name": "Sàn của tỉnh",
    "redirect_uris": "https://san.example.vn/tro-lai/",
    "scopes": ["email"],
}


@pytest.mark.parametrize("person", ["officer", "lead", "poster", "stranger"])
def test_connected_sites_are_kept_by_administrators(as_user, person, request):
    client = as_user(request.getfixturevalue(person))

    client.post(ADD, SITE)

    assert not Client.objects.exists()
    assert client.get("/admin/trang-ket-noi/").status_code == 302


def test_secret_is_told_once_and_kept_as_a_hash(as_user, administrator):
    client = as_user(administrator)

    page = client.post(ADD, SITE, follow=True).content.decode()

    site = Client.objects.get()
    secret = re.search(r"chỉ hiện lần này: (\S+)", page).group(1).split("<")[0]
    assert site.get_scopes() == ["openid", "email"]
    assert site.get_grant_types() == ["authorization_code", "refresh_token"]
    assert not site.skip_consent
    assert secret not in site.secret
    edit = f"/admin/trang-ket-noi/edit/{site.pk}/"
    assert "chỉ hiện lần này" not in client.get(edit).content.decode()

    before = site.secret
    client.post(f"/admin/trang-ket-noi/bi-mat-moi/{site.pk}/")

    site.refresh_from_db()
    assert site.secret != before


@pytest.mark.parametrize("address", ["http://san.example.vn/", "javascript:alert(1)", ""])
def test_nobody_is_led_back_over_an_open_line(as_user, administrator, address):
    page = as_user(administrator).post(ADD, SITE | {"redirect_uris": address})

    assert page.status_code == 200
    assert not Client.objects.exists()


def test_connected_site_is_taken_away_with_what_it_was_given(as_user, administrator):
    client = as_user(administrator)
    client.post(ADD, SITE)
    site = Client.objects.get()

    assert site.name in client.get(f"/admin/trang-ket-noi/delete/{site.pk}/").content.decode()
    page = client.post(f"/admin/trang-ket-noi/delete/{site.pk}/", follow=True).content.decode()

    assert "Đã xóa Sàn của tỉnh" in page
    assert not Client.objects.exists()
