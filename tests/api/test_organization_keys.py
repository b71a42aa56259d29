"""Keys of organisations: shown once, within a scope, until a day, at a rate, and never more."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from marketplace.api.keys import MOST, create_key, organization_key_of, revoke_key
from marketplace.api.models import KeyScope, OrganizationKey
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    asked_again,
    second_factor,
)
from tests.factories.listings import NeedFactory, OfferFactory, ServiceFactory
from tests.factories.matching import MatchFactory

pytestmark = pytest.mark.django_db
CANARY = "PHAN-BAO-MAT"


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture
def owner(organization):
    return MembershipFactory(organization=organization).user


@pytest.fixture
def make(organization, owner):
    def made(scopes=tuple(KeyScope.values), days=30):
        last_day = clock.today() + timedelta(days=days)
        return create_key(organization, name="Kho", scopes=scopes, last_day=last_day, by=owner)

    return made


@pytest.fixture
def ask(client):
    def asked(path, text, **values):
        answer = client.get(path, values, headers={"Authorization": f"Bearer {text}"})
        return answer.status_code, answer

    return asked


def test_text_is_kept_nowhere_and_the_beginning_tells_which(make):
    key, text = make()
    prefix, _separator, secret = text.partition("_")
    row = OrganizationKey.objects.values().get()
    assert key.prefix == prefix
    assert prefix.startswith("sgd")
    assert secret not in str(row)
    entry = AuditEntry.objects.get(action="api_key.created")
    assert (entry.data["key"], secret in str(entry.data)) == (prefix, False)
    assert organization_key_of(text) == key
    for other in (f"{text}x", prefix, f"{prefix}_", secret, "", "\0", "a" * 500):
        assert organization_key_of(other) is None


def test_key_reads_its_organisations_listings_and_no_others(make, ask, organization):
    _key, text = make()
    mine = NeedFactory(organization=organization, confidential=CANARY, published=True)
    draft = NeedFactory(organization=organization, confidential=CANARY)
    NeedFactory(published=True)
    ServiceFactory(organization=organization)

    status, answer = ask("/api/v1/listings/need", text)

    told = answer.json()
    assert status == 200
    assert [one["id"] for one in told["listings"]] == [mine.public_id, draft.public_id]
    assert [one["status"] for one in told["listings"]] == ["published", "draft"]
    assert [one["address"] is None for one in told["listings"]] == [False, True]
    assert CANARY not in answer.content.decode()
    after = ask("/api/v1/listings/need", text, after=mine.public_id)[1].json()
    assert [one["id"] for one in after["listings"]] == [draft.public_id]
    assert ask("/api/v1/listings/need", text, after="khong-co")[0] == 400
    assert ask("/api/v1/listings/other", text)[0] == 404
    assert len(ask("/api/v1/listings/service", text)[1].json()["listings"]) == 1


def test_key_reads_the_matches_of_both_sides_and_no_others(make, ask, organization):
    _key, text = make([KeyScope.MATCHES])
    mine = MatchFactory(need=NeedFactory(organization=organization, published=True))
    theirs = MatchFactory(
        need=NeedFactory(published=True, confidential=CANARY),
        candidate=OfferFactory(organization=organization, published=True),
    )
    MatchFactory()
    MatchFactory(need=mine.need, held_at=clock.now())
    MatchFactory(need=mine.need, retired_at=clock.now())
    MatchFactory(need=NeedFactory(organization=organization))

    status, answer = ask("/api/v1/matches", text)

    told = answer.json()["matches"]
    assert status == 200
    assert [(one["id"], one["side"]) for one in told] == [
        (theirs.public_id, "supply"),
        (mine.public_id, "need"),
    ]
    assert told[0]["need"]["title"] == theirs.need.title
    assert CANARY not in answer.content.decode()
    after = ask("/api/v1/matches", text, before=theirs.public_id)[1].json()
    assert [one["id"] for one in after["matches"]] == [mine.public_id]
    assert ask("/api/v1/matches", text, before="khong-co")[0] == 400
    assert ask("/api/v1/matches", make([KeyScope.LISTINGS])[1])[0] == 403


def test_key_opens_only_its_scope(make, ask, client):
    _key, text = make([KeyScope.RECORDS])
    status, answer = ask("/api/v1/listings/need", text)
    assert (status, answer.json()["error"]) == (403, "out_of_scope")
    assert ask("/api/v1/key", text)[1].json()["scopes"] == ["records.read"]
    assert ask("/oai", text, verb="Identify")[0] == 200
    _other, without = make([KeyScope.LISTINGS])
    assert ask("/oai", without, verb="Identify")[0] == 403
    assert client.get("/api/v1/key").status_code == 401
    assert client.post("/api/v1/key").status_code == 405


@pytest.mark.parametrize("end", ["revoked", "expired", "hidden"])
def test_key_that_is_over_opens_nothing(make, ask, owner, organization, monkeypatch, end):
    key, text = make()
    if end == "revoked":
        revoke_key(key, by=owner)
        with pytest.raises(InvalidTransition):
            revoke_key(key, by=owner)
    elif end == "hidden":
        organization.is_hidden = True
        organization.save()
    else:
        later = clock.now() + timedelta(days=40)
        monkeypatch.setattr(clock, "now", lambda: later)
    for path in ("/api/v1/key", "/oai?verb=Identify"):
        status, answer = ask(path, text)
        assert status == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_each_key_has_a_rate_of_its_own(make, ask, settings, frozen_clock):
    settings.API_REQUESTS_A_MINUTE = 2
    cache.clear()
    (_key, text), (_other, second) = make(), make()
    assert [ask("/api/v1/key", text)[0] for _n in range(3)] == [200, 200, 429]
    assert ask("/oai", text, verb="Identify")[1]["Retry-After"] == "60"
    assert ask("/api/v1/key", second)[0] == 200


def test_last_use_is_written_once_in_a_while(make, ask, django_assert_num_queries, monkeypatch):
    key, text = make()
    ask("/api/v1/key", text)
    first = OrganizationKey.objects.get().last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        organization_key_of(text)
    later = first + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    ask("/api/v1/key", text)
    key.refresh_from_db()
    assert key.last_used_at == later


def test_too_many_no_scope_and_days_out_of_reach_are_refused(make):
    for scopes, days in (
        ([], 30),
        (["khong-co"], 30),
        (KeyScope.values, 0),
        (KeyScope.values, 400),
    ):
        with pytest.raises(DomainError):
            make(scopes, days)
    for _n in range(MOST):
        make()
    with pytest.raises(DomainError):
        make()
    assert OrganizationKey.objects.count() == MOST


def test_page_shows_the_key_once_and_takes_it_back(client, organization, owner):
    second_factor(owner)
    client.force_login(owner)
    asked_again(client)
    address = reverse("api_pages:organization_keys", args=[organization.public_id])
    form = {
        "name": "Kho dữ liệu",
        "scopes": ["listings.read"],
        "last_day": (clock.today() + timedelta(days=9)).isoformat(),
    }
    assert client.post(address, form | {"name": ""}).status_code == 400
    assert client.post(address, form).status_code == 302
    key = OrganizationKey.objects.get()
    first, second = (client.get(address).content.decode() for _n in range(2))
    assert f"{key.prefix}_" in first
    assert f"{key.prefix}_" not in second
    assert key.prefix in second
    english = client.get(f"/en{address}").content.decode()
    assert "API keys" in english

    client.post(address, {"thu-hoi": key.prefix})
    key.refresh_from_db()
    assert key.revoked_by == owner


def test_keys_are_for_those_who_manage_the_organisation(client, organization, owner):
    address = reverse("api_pages:organization_keys", args=[organization.public_id])
    key, _text = create_key(
        organization,
        name="Có sẵn",
        scopes=KeyScope.values,
        last_day=clock.today() + timedelta(days=9),
        by=owner,
    )
    before = list(OrganizationKey.objects.values())
    people = (
        MembershipFactory(organization=organization, role="contributor").user,
        MembershipFactory().user,
        UserFactory(is_staff=True),
    )
    for person in people:
        second_factor(person)
        client.force_login(person)
        asked_again(client)
        assert client.get(address).status_code == 404
        for form in ({"name": "x", "scopes": ["records.read"]}, {"thu-hoi": key.prefix}):
            assert client.post(address, form).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302
    # Without a second factor the owner is led to where it is set up.
    client.force_login(owner)
    assert client.post(address, {"thu-hoi": key.prefix})["Location"] == reverse("mfa_index")
    assert list(OrganizationKey.objects.values()) == before
