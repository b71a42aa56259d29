"""OpenID Connect both ways: the exchange is the provider, over real HTTP, and the site that asks it."""

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.idp.oidc.models import Client as ConnectedSite
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.oidc import ProviderAdapter
from marketplace.settings import oidc
from tests.factories.accounts import MembershipFactory, UserFactory, proved, second_factor

SECRET = "bi-mat-cua-trang"
ELSEWHERE = "mai@noi-khac.vn"
CALLBACK = "http://testserver/tai-khoan/oidc/san-ban/login/callback/"


class Elsewhere(ProviderAdapter):
    """One database serves both ends here: over there the person has another address."""

    def get_claims(self, *args, **kwargs):
        claims = super().get_claims(*args, **kwargs)
        return claims | ({"email": ELSEWHERE} if "email" in claims else {})


@pytest.fixture
def person(transactional_db):
    user = proved(UserFactory(email="mai@example.vn", full_name="Trần Thị Mai"))
    MembershipFactory(user=user, organization__name="Công ty Mai", role="manager")
    return user


@pytest.fixture
def provider(live_server, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": oidc.providers(
                json.dumps(
                    [
                        {
                            "provider_id": "san-ban",
                            "name": "Sàn bạn",
                            "client_id": "trang",
                            "secret": SECRET,
                            "server_url": live_server.url,
                        }
                    ]
                )
            ),
        }
    }
    # Codes lie in the cache, and the server's threads know of no corner of a test's own.
    cache.key_prefix = ""
    settings.IDP_OIDC_ADAPTER = "tests.accounts.test_oidc.Elsewhere"
    site = ConnectedSite(
        id="trang", name="Trang kết nối", scopes="openid\nprofile\nemail\norganizations",
        redirect_uris=CALLBACK,
    )  # fmt: skip
    site.set_secret(SECRET)
    site.save()
    return live_server.url


def ask(browser):
    """The button of the sign-in page; where it leads, at the provider."""
    answer = browser.post(reverse("openid_connect_login", args=["san-ban"]))
    assert answer.status_code == 302
    return answer["Location"]


def consent(person, address, *, action="grant", without=()):
    """The person at the provider, signed in there; where its page of consent leads back to."""
    there = Client()
    there.force_login(person)
    parts = urlsplit(address)
    page = there.get(f"{parts.path}?{parts.query}", headers={"host": parts.netloc})
    assert page.status_code == 200
    assert "form-action 'self' http://testserver" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', text).group(1)
    scopes = [s for s in re.findall(r'name="scopes" value="([^"]+)"', text) if s not in without]
    answer = there.post(
        parts.path,
        {"request": signed, "scopes": scopes, "action": action},
        headers={"host": parts.netloc},
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(CALLBACK)
    return answer["Location"]


def come_back(browser, address):
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def signed_in(browser):
    return browser.session.get("_auth_user_id")


def sign_up(client, person):
    """From the other site to the page that says what is taken over and agreed to, and on."""
    answer = come_back(client, consent(person, ask(client)))
    assert answer["Location"] == reverse("socialaccount_signup")
    form = client.get(answer["Location"]).context["form"]
    return client.post(answer["Location"], {name: form[name].value() for name in form.fields})


def test_person_from_another_site_signs_up_and_comes_again(client, provider, person):
    sign_up(client, person)

    made = User.objects.get(email=ELSEWHERE)
    assert signed_in(client) == str(made.pk)
    assert made.full_name == "Trần Thị Mai"
    assert set(made.consents.values_list("document", flat=True)) == {"terms", "privacy"}
    assert not made.has_usable_password()
    assert made.emailaddress_set.get().verified
    kept = SocialAccount.objects.get().extra_data
    assert set(kept) == {"id_token", "userinfo"}
    assert set(kept["userinfo"]) <= {"sub", "name", "email", "email_verified"}

    again = Client()
    come_back(again, consent(person, ask(again)))

    assert signed_in(again) == str(made.pk)
    assert User.objects.filter(email=ELSEWHERE).count() == 1


def test_another_sites_word_opens_no_account_that_exists(client, provider, person):
    known = proved(UserFactory(email=ELSEWHERE))

    sign_up(client, person)

    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.filter(email=ELSEWHERE).get() == known


def test_second_factor_is_asked_whoever_vouches(client, provider, person):
    sign_up(client, person)
    second_factor(User.objects.get(email=ELSEWHERE))

    again = Client()
    answer = come_back(again, consent(person, ask(again)))

    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert signed_in(again) is None


def test_person_who_says_no_is_told_so(client, provider, person):
    answer = come_back(client, consent(person, ask(client), action="cancel"))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("socialaccount_login_cancelled")
    assert client.get(answer["Location"]).status_code == 200
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("changed", ["code", "state"])
def test_answer_that_was_tampered_with_signs_nobody_in(client, provider, person, changed):
    back = urlsplit(consent(person, ask(client)))
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    query[changed] = "khac"

    answer = client.get(f"{back.path}?{urlencode(query)}")

    assert answer.status_code in (200, 302, 401, 403)
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()


def test_provider_that_does_not_answer(client, settings, db):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": oidc.providers(
                '[{"provider_id": "san-ban", "name": "Sàn bạn", "client_id": "trang",'
                ' "secret": "x", "server_url": "http://127.0.0.1:9"}]'
            )
        }
    }
    answer = client.post(reverse("openid_connect_login", args=["san-ban"]))

    assert answer["Location"] == reverse("account_login")
    assert "Sàn bạn đang không trả lời" in client.get(answer["Location"]).content.decode()
    assert signed_in(client) is None


# --- the exchange as the provider ---------------------------------------------------------------


def code_for(person, provider, scope):
    query = urlencode(
        {"client_id": "trang", "redirect_uri": CALLBACK, "response_type": "code", "scope": scope}
    )
    back = consent(person, f"{provider}/identity/o/authorize?{query}")
    return parse_qs(urlsplit(back).query)["code"][0]


def exchange_code(provider, code, secret=SECRET):
    return requests.post(
        f"{provider}/identity/o/api/token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": "trang",
            "client_secret": secret,
        },
        timeout=5,
    )


@pytest.mark.parametrize("scope", ["openid", "openid profile organizations"])
def test_connected_site_learns_what_was_agreed_to(provider, person, scope):
    tokens = exchange_code(provider, code_for(person, provider, scope)).json()
    told = requests.get(
        f"{provider}/identity/o/api/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=5,
    ).json()

    if scope == "openid":
        assert set(told) == {"sub"}
        return
    assert (told["name"], told["locale"]) == ("Trần Thị Mai", "vi")
    organization = person.memberships.get().organization
    assert told["organizations"] == [
        {
            "id": organization.public_id,
            "name": "Công ty Mai",
            "role": "manager",
            "verified": True,
        }
    ]
    assert "email" not in told


def test_code_is_good_once_and_with_the_secret(provider, person):
    code = code_for(person, provider, "openid")
    assert exchange_code(provider, code, secret="khac").status_code in (400, 401)
    assert exchange_code(provider, code).status_code == 200
    assert exchange_code(provider, code).status_code in (400, 401)


@pytest.mark.parametrize(
    "changed",
    [{"redirect_uri": "https://ke-gian.example/"}, {"client_id": "khong-co"}],
)
def test_nobody_is_led_to_a_place_that_was_not_agreed(provider, person, client, changed):
    client.force_login(person)
    query = {
        "client_id": "trang",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
    }
    answer = client.get(f"/identity/o/authorize?{urlencode(query | changed)}")

    assert "Location" not in answer.headers
    assert "ke-gian" not in answer.headers["Content-Security-Policy"]


def test_provider_describes_itself(client, db):
    described = client.get("/.well-known/openid-configuration").json()

    assert described["issuer"] == "http://testserver"
    assert "organizations" in described["scopes_supported"]
    (key,) = client.get("/.well-known/jwks.json").json()["keys"]
    assert key["kty"] == "RSA"
    assert "d" not in key


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", '[{"provider_id": "x"}]'])
def test_unreadable_setting_is_named(text):
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS"):
        oidc.providers(text)


def test_key_is_made_once_and_for_the_owner_alone(tmp_path):
    path = tmp_path / "oidc-key.pem"

    made = oidc.stored_key(path)

    assert made.startswith("-----BEGIN PRIVATE KEY-----")
    assert oidc.stored_key(path) == made
    assert path.stat().st_mode & 0o777 == 0o600


def test_forms_may_lead_to_the_providers_that_are_named():
    found = oidc.providers(
        '[{"provider_id": "x", "name": "X", "client_id": "c", "secret": "s",'
        ' "server_url": "https://id.example.vn/realms/a"}]'
    )
    assert oidc.origins(found) == ["https://id.example.vn"]
