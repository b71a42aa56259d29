"""Kept pages: who gets one, that nobody gets another's, and that a change is seen at once."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import kept_pages
from marketplace.core.idempotency import FIELD
from marketplace.listings.models import Need
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'"X-CSRFToken": "(\w+)"')
LIST = "/nhu-cau/"


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEPT_PAGES_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


def text(client, path=LIST, **headers):
    return client.get(path, headers=headers).content.decode()


def test_second_reader_costs_no_query(client, django_assert_num_queries):
    NeedFactory(published=True)
    text(client)
    with django_assert_num_queries(0):
        assert client.get(LIST).status_code == 200


def test_each_reader_gets_a_token_of_their_own(client):
    NeedFactory(published=True)
    first, second = (TOKEN.search(text(type(client)()))[1] for _ in range(2))
    assert first != second
    assert kept_pages._mark() not in first + second
    answer = client.get(LIST)
    assert settings.CSRF_COOKIE_NAME in answer.cookies


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["withdrawn", "renamed", "added"])
def test_change_is_seen_at_once(client, change):
    need = NeedFactory(published=True, title="Sấy xoài")
    assert "Sấy xoài" in text(client)
    if change == "withdrawn":
        Need.objects.filter(pk=need.pk).update(live=False)
        assert "Sấy xoài" not in text(client)
    elif change == "renamed":
        need.title = "Tách vỏ điều"
        need.save()
        assert "Tách vỏ điều" in text(client)
    else:
        NeedFactory(published=True, title="Lọc nước lợ")
        assert "Lọc nước lợ" in text(client)


@pytest.mark.django_db(transaction=True)
def test_page_read_before_a_change_is_not_kept_after_it(rf, client):
    """The view reads, somebody commits, the view answers: its page must not be the next reader's."""
    need = NeedFactory(published=True, title="Sấy xoài")

    @kept_pages.kept()
    def view(request):
        title = Need.objects.get(pk=need.pk).title
        Need.objects.filter(pk=need.pk, title="Sấy xoài").update(title="Tách vỏ điều")
        return HttpResponse(title)

    assert view(rf.get("/x/")).content.decode() == "Sấy xoài"
    assert view(rf.get("/x/")).content.decode() == "Tách vỏ điều"


def test_bookkeeping_forgets_nothing(client):
    need = NeedFactory(published=True)
    before = kept_pages._generation()
    Need.mark_done("indexed_version", [(need.pk, need.content_version)])
    Need.objects.filter(pk=need.pk).update(asked_step=1)
    assert kept_pages._generation() == before


def test_signed_in_reader_neither_fills_nor_gets_it(client):
    user = UserFactory()
    NeedFactory(published=True)
    text(client)
    client.force_login(user)
    assert reverse("account_logout") in text(client)
    assert reverse("account_logout") not in text(type(client)())


@pytest.mark.parametrize("headers", [{"hx-request": "true"}, {"authorization": "Bearer x"}])
def test_request_of_another_kind_is_not_answered_from_it(client, headers):
    NeedFactory(published=True)
    text(client)
    assert not kept_pages._is_for_anybody(client.get(LIST, headers=headers).wsgi_request, ())


def test_query_that_is_not_the_pages_own_is_asked_each_time(client):
    NeedFactory(published=True)
    text(client, f"{LIST}?x=1")
    with CaptureQueriesContext(connection) as queries:
        text(client, f"{LIST}?x=1")
    assert queries.captured_queries


def test_languages_and_hosts_do_not_meet(client):
    NeedFactory(published=True)
    assert 'lang="vi"' in text(client)
    assert '<html lang="en">' in text(client, "/en/nhu-cau/")
    kept = text(client, host="127.0.0.1")
    assert "testserver" not in kept


def test_form_with_a_key_is_never_kept(rf):
    assert f'name="{FIELD}"'.encode() == kept_pages.NEVER_KEPT
    page = HttpResponse(b"<form>" + kept_pages.NEVER_KEPT + b"</form>")
    assert kept_pages._page(page) is None


def test_page_of_an_error_has_no_open_place_for_a_token(client):
    answer = client.get("/nhu-cau/khong-co-abcdefghij/")
    assert answer.status_code == 404
    assert kept_pages._mark() not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_part_is_made_once_and_anew_after_a_change(settings):
    need = NeedFactory(published=True, title="Sấy xoài")
    made = []

    def part():
        made.append(1)
        return Need.objects.get(pk=need.pk).title

    assert [kept_pages.kept_part("title", part) for _reader in range(3)] == ["Sấy xoài"] * 3
    assert kept_pages.kept_part("other", part) == "Sấy xoài"
    assert len(made) == 2
    need.title = "Tách vỏ điều"
    need.save()
    assert kept_pages.kept_part("title", part) == "Tách vỏ điều"
    assert kept_pages.kept_part("title", part, when=False) == "Tách vỏ điều"
    assert len(made) == 4
    settings.KEPT_PAGES_SECONDS = 0
    kept_pages.kept_part("title", part)
    assert len(made) == 5


@pytest.mark.django_db(transaction=True)
def test_part_read_before_a_change_is_not_kept_after_it():
    need = NeedFactory(published=True, title="Sấy xoài")

    def part():
        title = Need.objects.get(pk=need.pk).title
        Need.objects.filter(pk=need.pk, title="Sấy xoài").update(title="Tách vỏ điều")
        return title

    assert kept_pages.kept_part("title", part) == "Sấy xoài"
    assert kept_pages.kept_part("title", part) == "Tách vỏ điều"


def test_nothing_is_kept_where_there_is_nothing():
    made = []
    for _reader in range(2):
        assert kept_pages.kept_part("nothing", lambda: made.append(1)) is None
    assert len(made) == 2


@pytest.mark.django_db(transaction=True)
def test_small_parts_are_made_where_they_are_missing_and_anew_after_a_change(settings, monkeypatch):
    need = NeedFactory(published=True)
    asked = []

    def make(keys):
        asked.append(keys)
        return {key: key.upper() for key in keys if key != "none"}

    def each(*keys):
        return kept_pages.kept_each("letters", keys, make)

    assert each("a", "b") == {"a": "A", "b": "B"}
    assert each("b", "c", "none") == {"b": "B", "c": "C"}
    assert each("none", "c") == {"c": "C"}
    assert kept_pages.kept_each("others", ["a"], make) == {"a": "A"}
    assert asked == [["a", "b"], ["c", "none"], ["none"], ["a"]]
    need.title = "Tách vỏ điều"
    need.save()
    each("a")
    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: 1e12)
    each("a")
    monkeypatch.setattr(kept_pages, "_MOST_EACH", 1)
    each("b")
    each("a")
    settings.KEPT_PAGES_SECONDS = 0
    each("a")
    assert asked[4:] == [["a"], ["a"], ["b"], ["a"], ["a"]]
