"""Issues as they are read: page, PDF, feed; and restricted ones, of which nothing is found anywhere else."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from cms.pages.following import KIND, follow_pages
from cms.pages.former import note_former
from cms.pages.types.publication import IssuePage, SeriesPage
from cms.pages.types.section import SectionPage
from cms.publications.readers import may_read
from search import registry
from search.sync import sync_all
from tests.cms.publications.conftest import CANARY, draft_issue, restrict
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.pages import make_page, top
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def text(client, address, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_issue_is_read_as_page_paper_and_feed(client, series, publish, kind):
    publish(series, introduction="Tháng này có gì")
    assert "Số tháng 11" in text(client, "/trang/ban-tin/")
    shown = text(client, "/trang/ban-tin/so-11/")
    assert "Tháng này có gì" in shown
    assert "Số tháng 11" in text(client, f"/trang/ban-tin/{kind}/")
    paper = client.get("/trang/ban-tin/so-11/pdf/")
    assert paper["Content-Type"] == "application/pdf"
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Tháng này có gì" in words


def test_filters_fill_the_choice_and_leave_what_is_there(series, writer):
    old = NeedFactory(published=True, title="Cần cũ", field_codes=["402"])
    need = NeedFactory(published=True, title="Cần sấy", field_codes=["40201"])
    OfferFactory(published=True, title="Chào bán khác ngành", field_codes=["503"])
    NeedFactory(title="Nháp", field_codes=["402"])
    ResultFactory(title="Kết quả khác")
    page = draft_issue(series, writer, kinds=["need", "offer", "result"], field_codes=["402"])
    page.since = date(2020, 1, 1)
    assert page.fill_from_filters() == 2
    assert page.fill_from_filters() == 0
    addresses = {line.address for line in page.chosen.all()}
    assert addresses == {old.get_absolute_url(), need.get_absolute_url()}
    page.until = date(2019, 1, 1)
    page.chosen = []
    assert page.fill_from_filters() == 0


@pytest.fixture
def inner(inner_series, publish):
    body = json.dumps([{"type": "paragraph", "value": f"<p>{CANARY}</p>"}])
    return publish(
        inner_series, title=f"Số {CANARY}", slug="noi-bo", introduction=CANARY, body=body
    )


@pytest.mark.parametrize("who", ["nobody", "poster", "stranger", "officer", "writer"])
@pytest.mark.parametrize("where", ["", "noi-bo/", "noi-bo/pdf/", "rss/", "atom/"])
def test_restricted_pages_are_not_there_for_others(inner, who, where, request, as_user, client):
    browser = client if who == "nobody" else as_user(request.getfixturevalue(who))
    answer = browser.get(f"/trang/lanh-dao/{where}")
    assert answer.status_code == 404
    assert CANARY not in answer.content.decode()


def test_restricted_issue_is_read_by_its_readers_and_kept_by_no_cache(inner, leader, as_user):
    browser = as_user(leader)
    for where in ("", "noi-bo/", "noi-bo/pdf/"):
        answer = browser.get(f"/trang/lanh-dao/{where}")
        assert answer.status_code == 200, where
        assert "no-store" in answer["Cache-Control"], where
    assert CANARY in browser.get("/trang/lanh-dao/noi-bo/").content.decode()
    # Feeds carry only what is for everybody.
    assert CANARY not in browser.get("/trang/lanh-dao/rss/").content.decode()


def test_nobody_is_a_reader_until_a_group_is_chosen(series, publish, leader):
    page = publish(series)
    assert may_read(leader, page)
    restrict(page)
    assert not may_read(leader, page)
    leader.is_active = False
    restrict(page, *leader.groups.all())
    assert not may_read(leader, page)


def test_one_issue_of_an_open_series_may_be_restricted(client, series, publish, leaders):
    publish(series, title="Số mở", slug="mo")
    closed = publish(series, title=f"Số {CANARY}", slug="kin")
    restrict(closed, leaders)
    for address in ("/trang/ban-tin/", "/trang/ban-tin/rss/", "/trang/ban-tin/atom/"):
        shown = text(client, address)
        assert "Số mở" in shown
        assert CANARY not in shown
    text(client, "/trang/ban-tin/kin/", 404)


def test_nothing_of_a_restricted_issue_leaks(client, inner, search_engine, monkeypatch, leaders):
    """The words of a restricted issue stand on no page, in no list, feed, map, index or redirect."""
    monkeypatch.setattr(registry, "_sources", {KIND: registry.source(KIND)})
    section = make_page("Ấn phẩm", kind=SectionPage, slug="an-pham-chung")
    below = make_page("Dưới mục", kind=SeriesPage, under=section, slug="kin", introduction=CANARY)
    restrict(below, leaders)
    IssuePage.objects.filter(pk=inner.pk).update(show_in_menus=True)
    note_former(inner.pk, f"{top().url_path}cho-cu/")
    while follow_pages():
        pass
    sync_all()
    seen = [
        "/", "/trang/", "/trang/an-pham-chung/", "/sitemap.xml", "/sitemap-trang.xml",
        f"/tim-kiem/?q={CANARY}", f"/tim-kiem/?q={CANARY}&muc=trang", "/tim-kiem/?q=kin&muc=trang",
    ]  # fmt: skip
    for address in seen:
        answer = client.get(address)
        shown = answer.content.decode().replace(f'value="{CANARY}"', "")
        for mark in ("noi-bo", "lanh-dao", "Bản tin lãnh đạo", "Dưới mục"):
            assert mark not in shown, (address, mark)
    assert client.get("/trang/cho-cu/").status_code == 404


def test_a_page_that_becomes_restricted_leaves_the_index(
    client, series, publish, leaders, search_engine, monkeypatch
):
    monkeypatch.setattr(registry, "_sources", {KIND: registry.source(KIND)})
    page = publish(series, title=f"Số {CANARY}")

    def found():
        while follow_pages():
            pass
        sync_all()
        return "/trang/ban-tin/so-11/" in text(client, f"/tim-kiem/?q={CANARY}&muc=trang")

    assert found()
    restrict(page, leaders)
    # At once, before the tick has noticed.
    assert "/trang/ban-tin/so-11/" not in text(client, f"/tim-kiem/?q={CANARY}&muc=trang")
    assert not found()
    IssuePage.objects.get(pk=page.pk).view_restrictions.all().delete()
    assert found()
