"""OpenID Connect both ways: the exchange is the provider, over real HTTP, and the site that asks it."""

import json
import re
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.idp.oidc.models import Client as ConnectedSite
from allauth.idp.oidc.models import Token
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings as settings_of
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.accounts.grants import USED
from marketplace.accounts.models import User
from marketplace.accounts.oidc import _NONCES, CheckedProvider, ProviderAdapter
from marketplace.core.models import AuditEntry
from marketplace.settings import oidc
from tests.factories.accounts import (
    MembershipFactory,
    UserFactory,
    agreed,
    proved,
    second_factor,
)

SECRET = "bi-mat-cua-trang"
ELSEWHERE = "mai@noi-khac.vn"
VERIFIER = "mot-chuoi-du-dai-ma-chi-trang-ket-noi-biet-2026"
CALLBACK = "http://testserver/tai-khoan/oidc/san-ban/login/callback/"


class Elsewhere(ProviderAdapter):
    """One database serves both ends here: over there the person has another address, and is known so well."""

    level = ""

    def get_claims(self, *args, **kwargs):
        claims = super().get_claims(*args, **kwargs)
        claims |= {"email": ELSEWHERE} if "email" in claims else {}
        return claims | ({"acr": self.level} if self.level else {})


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
    # A machine that does other things too takes longer between two steps than a person does.
    settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 600
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


def configured(settings, **more):
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"] |= more


@pytest.mark.parametrize(("level", "enters"), [("muc-2", True), ("muc-1", False), ("", False)])
def test_provider_that_proves_too_little_opens_nothing(
    client, provider, person, settings, monkeypatch, level, enters
):
    configured(settings, acr=["muc-2", "muc-3"])
    monkeypatch.setattr(Elsewhere, "level", level)
    address = ask(client)
    assert parse_qs(urlsplit(address).query)["acr_values"] == ["muc-2 muc-3"]

    answer = come_back(client, consent(person, address))

    assert (answer["Location"] == reverse("socialaccount_signup")) is enters
    if not enters:
        assert answer["Location"] == reverse("account_login")
        assert "mức mà sàn yêu cầu" in client.get(answer["Location"]).content.decode()


def test_address_that_leads_to_a_provider_asks_for_nothing_more(client, provider):
    login = reverse("openid_connect_login", args=["san-ban"])
    address = client.post(f"{login}?scope=organizations&auth_params=prompt%3Dnone")["Location"]
    query = parse_qs(urlsplit(address).query)
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in query


def test_provider_that_says_it_is_another_signs_nobody_in(client, provider, person, settings):
    configured(settings, issuer="https://san-that.example")
    come_back(client, consent(person, ask(client)))
    assert signed_in(client) is None
    assert not client.session.get("socialaccount_sociallogin")


def test_word_that_another_key_signed_is_not_taken(provider, rf):
    request = rf.get("/")
    request.session = {_NONCES: ["mot", "hai"]}
    adapter = CheckedProvider(request, "san-ban")
    app = adapter.get_provider().app
    (key,) = requests.get(f"{provider}/.well-known/jwks.json", timeout=30).json()["keys"]
    claims = {
        "iss": provider, "aud": "trang", "sub": "1", "exp": time.time() + 60, "jti": "a", "nonce": "mot",
    }  # fmt: skip
    forged = jwt.encode(claims, oidc._new_key(), "RS256", headers={"kid": key["kid"]})
    with pytest.raises(OAuth2Error):
        adapter._decode_id_token(app, forged)

    def signed(**changed):
        key_of = settings_of.IDP_OIDC_PRIVATE_KEY
        return jwt.encode(claims | changed, key_of, "RS256", headers={"kid": key["kid"]})

    assert adapter._decode_id_token(app, signed())["sub"] == "1"
    # Of another browser, of a login that is over, of none.
    for word, nonce in (("b", "cua-nguoi-khac"), ("c", "mot"), ("d", None)):
        with pytest.raises(OAuth2Error):
            adapter._decode_id_token(app, signed(jti=word, nonce=nonce))
    assert request.session[_NONCES] == ["hai"]


def test_each_login_asks_for_a_word_of_its_own(client, provider):
    asked_for = [parse_qs(urlsplit(ask(client)).query)["nonce"][0] for _ in range(7)]
    assert len(set(asked_for)) == 7
    assert client.session[_NONCES] == asked_for[-5:]


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


def asked(scope, **changed):
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": "trang", "redirect_uri": CALLBACK, "response_type": "code", "scope": scope,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"/identity/o/authorize?{urlencode(query | changed)}"


def code_for(person, provider, scope):
    back = consent(person, f"{provider}{asked(scope)}")
    return parse_qs(urlsplit(back).query)["code"][0]


def exchange_code(provider, code, secret=SECRET, verifier=VERIFIER):
    return requests.post(
        f"{provider}/identity/o/api/token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": "trang",
            "client_secret": secret,
            "code_verifier": verifier,
        },
        timeout=30,
    )


@pytest.mark.parametrize("scope", ["openid", "openid profile organizations"])
def test_connected_site_learns_what_was_agreed_to(provider, person, scope):
    tokens = exchange_code(provider, code_for(person, provider, scope)).json()
    told = requests.get(
        f"{provider}/identity/o/api/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=30,
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


def test_code_that_comes_again_ends_what_came_of_it(provider, person):
    """Somebody else has it too, and nobody knows which of the two is the site."""
    code = code_for(person, provider, "openid")
    given = exchange_code(provider, code).json()
    assert reads(provider, given).status_code == 200

    assert exchange_code(provider, code, secret="khac").status_code == 401
    assert reads(provider, given).status_code == 200
    assert exchange_code(provider, code).status_code == 400

    assert reads(provider, given).status_code == 401
    entry = AuditEntry.objects.get(action="account.site_came_twice")
    assert (entry.data["site"], entry.data["ended"]) == ("trang", 2)


def renew(provider, given):
    return requests.post(
        f"{provider}/identity/o/api/token",
        {
            "grant_type": "refresh_token",
            "refresh_token": given["refresh_token"],
            "client_id": "trang",
            "client_secret": SECRET,
        },
        timeout=30,
    )


@pytest.fixture
def lasting(provider, person):
    """A site that staff let come again without its person; what it was given first."""
    ConnectedSite.objects.update(grant_types="authorization_code\nrefresh_token")
    return exchange_code(provider, code_for(person, provider, "openid")).json()


def test_refresh_token_that_comes_again_ends_the_whole(provider, person, lasting):
    second = renew(provider, lasting).json()
    third = renew(provider, second).json()
    assert reads(provider, third).status_code == 200

    assert renew(provider, lasting).json() == {"error": "invalid_grant"}

    assert [reads(provider, one).status_code for one in (lasting, second, third)] == [401] * 3
    assert renew(provider, third).status_code == 400
    assert not Token.objects.exists()


def test_no_renewal_moves_the_end(provider, person, lasting, settings):
    began = timezone.now()
    assert lasting["refresh_expires_in"] > 29 * 24 * 3600
    settings.OIDC_GRANT_ENDS_AFTER = 600
    second = renew(provider, lasting).json()
    third = renew(provider, second).json()

    for given in (second, third):
        assert max(given["expires_in"], given["refresh_expires_in"]) <= 600
    ends = Token.objects.exclude(type=USED).order_by("pk").values_list("expires_at", flat=True)
    assert set(ends[2:]) == {ends[2]}
    assert ends[2] < began + timedelta(seconds=600)
    Token.objects.update(expires_at=began)
    assert renew(provider, third).status_code == 400
    assert reads(provider, third).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [{"redirect_uri": "https://ke-gian.example/"}, {"client_id": "khong-co"}],
)
def test_nobody_is_led_to_a_place_that_was_not_agreed(provider, person, client, changed):
    client.force_login(person)
    answer = client.get(asked("openid", **changed))

    assert "Location" not in answer.headers
    assert "ke-gian" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["plain", ""])
def test_site_proves_that_the_code_is_its_own(provider, person, client, method):
    client.force_login(person)
    refused = client.get(asked("openid", code_challenge_method=method))
    assert refused.status_code == 400
    assert "Location" not in refused.headers

    code = code_for(person, provider, "openid")
    assert exchange_code(provider, code, verifier="x" * 43).status_code == 400


def test_what_was_agreed_to_is_seen_and_ended(provider, person, client):
    """By whose it is alone: another's stays."""
    page = reverse("accounts:connected_sites")
    told = exchange_code(provider, code_for(person, provider, "openid profile")).json()
    other = proved(UserFactory(email="hoa@example.vn"))
    theirs = exchange_code(provider, code_for(other, provider, "openid")).json()
    client.force_login(person)
    agreed(client)
    for language, words in (("", "Ngừng cho đọc"), ("/en", "Stop")):
        shown = client.get(language + page.removeprefix("/en")).content.decode()
        assert "Trang kết nối" in shown
        assert words in shown

    client.post(page, {"trang": "khong-co"})
    assert Token.objects.filter(user=person).exists()
    client.post(page, {"trang": "trang"})

    assert [reads(provider, one).status_code for one in (told, theirs)] == [401, 200]
    assert AuditEntry.objects.get(action="account.site_ended").data["site"] == "trang"
    assert "Hiện không trang nào" in client.get(page).content.decode()


def reads(provider, tokens):
    address = f"{provider}/identity/o/api/userinfo"
    given = {"Authorization": f"Bearer {tokens['access_token']}"}
    return requests.get(address, headers=given, timeout=30)


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
