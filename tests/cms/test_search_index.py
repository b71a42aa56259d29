"""The page of the search index: figures for staff, buttons for leads, work for a tick."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core.models import AuditEntry
from search.models import IndexRun, note_problem
from search.sync import sync_all
from search.tasks import keep
from tests.factories.listings import NeedFactory

PAGE = "/admin/chi-muc-tim-kiem/"


def is_refused(answer) -> bool:
    return answer.status_code == 403 or (
        answer.status_code == 302
        and (
            answer.url == "/admin/" or answer.url.startswith(("/admin/login/", "/tai-khoan/login/"))
        )
    )


@pytest.fixture
def indexed(desk, search_engine, organization, poster):
    need = NeedFactory(organization=organization, contact=poster, published=True)
    sync_all()
    return need


def test_officer_sees_figures_lag_and_errors(officer, indexed, as_user, search_engine):
    indexed.summary = "Đổi"
    indexed.save()
    note_problem("sync", "the folder of the index cannot be written")
    note_problem("build", "unbuildable", subject="need:abc")

    text = as_user(officer).get(PAGE).content.decode()

    assert search_engine.standing().engine in text
    assert "1 hàng chờ lập chỉ mục" in text
    assert "the folder of the index cannot be written" in text
    assert "need:abc" in text
    assert "Nhu cầu" in text
    assert 'name="confirmed"' not in text


def test_page_stands_without_an_index(officer, desk, settings, tmp_path, as_user):
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"
    answer = as_user(officer).get(PAGE)
    assert answer.status_code == 200
    assert "Không dùng được" in answer.content.decode()


def test_menu_shows_it_under_reports(officer, as_user, desk, search_engine):
    assert PAGE in as_user(officer).get(PAGE).content.decode()


@pytest.mark.parametrize("kind", ["rebuild", "check", "repair"])
def test_lead_asks_and_the_tick_does_it(kind, lead, indexed, as_user):
    IndexRun.objects.all().delete()
    client = as_user(lead)
    address = reverse("ask_for_index_run", args=[kind])

    for _click in range(2):
        answer = client.post(address, {"confirmed": "yes"})

    assert answer.url == PAGE
    run = IndexRun.objects.get()
    assert (run.kind, run.state) == (kind, "asked")
    assert AuditEntry.objects.filter(action=f"search.{kind}_asked").count() == 1
    assert keep() == 1
    run.refresh_from_db()
    assert run.state == "done"
    assert "Xong" in client.get(PAGE).content.decode()


def test_unconfirmed_request_is_no_request(lead, indexed, as_user):
    IndexRun.objects.all().delete()
    as_user(lead).post(reverse("ask_for_index_run", args=["rebuild"]), {})
    assert not IndexRun.objects.exists()


@pytest.mark.parametrize("who", ["poster", "stranger", "nobody", "officer"])
def test_asking_is_refused_to_all_but_leads(who, indexed, as_user, request):
    IndexRun.objects.all().delete()
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    answer = client.post(reverse("ask_for_index_run", args=["rebuild"]), {"confirmed": "yes"})
    assert is_refused(answer)
    assert not IndexRun.objects.exists()


@pytest.mark.parametrize("who", ["poster", "nobody"])
def test_page_is_for_staff(who, indexed, as_user, request):
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    assert is_refused(client.get(PAGE))
