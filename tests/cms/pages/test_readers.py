"""Views and stars of articles, and old addresses that lead on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from wagtail.models import Page

from cms.pages import reading
from cms.pages.following import follow_pages
from cms.pages.former import FormerAddress
from cms.pages.models import ArticlePage, SectionPage
from cms.pages.reading import (
    KEPT_VOTES,
    MOST_VOTES,
    AlreadyRated,
    PageFigures,
    PageVisit,
    StarVote,
    count_visits,
    forget_votes,
    rate,
)
from marketplace.core import clock
from tests.factories.pages import make_page

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
ADDRESS = "/trang/tin/bai/"


@pytest.fixture
def article(site):
    section = make_page("Tin", kind=SectionPage, slug="tin", shows="news")
    return make_page("Bài", kind=ArticlePage, under=section, slug="bai", shown_on=clock.today())


def figures(page) -> tuple[int, int, int]:
    row = PageFigures.objects.get(page_id=page.pk)
    return row.views, row.votes, row.stars


def test_people_are_counted_and_robots_are_not(client, article):
    for agent in (BROWSER, BROWSER, "Googlebot/2.1", "", "curl/8"):
        client.get(ADDRESS, headers={"User-Agent": agent})
    client.head(ADDRESS, headers={"User-Agent": BROWSER})
    assert PageVisit.objects.count() == 2
    assert count_visits() == 2
    assert count_visits() == 0
    assert figures(article) == (2, 0, 0)
    assert "2 lượt xem" in client.get(ADDRESS).content.decode()


def test_reading_asks_for_no_cookie_of_its_own(client, article):
    answer = client.get(ADDRESS, headers={"User-Agent": BROWSER})
    assert set(answer.cookies) <= {"csrftoken"}


def test_visits_are_counted_in_batches(article):
    PageVisit.objects.bulk_create([PageVisit(page_id=article.pk) for _number in range(5)])
    assert [count_visits(2), count_visits(2), count_visits(2), count_visits(2)] == [2, 2, 1, 0]
    assert figures(article) == (5, 0, 0)


def test_counting_that_is_cut_off_leaves_nothing_half_done(article, monkeypatch):
    PageVisit.objects.bulk_create([PageVisit(page_id=article.pk) for _number in range(3)])
    made = reading._figures

    class CutOff(BaseException):
        """As a killed process: nothing of ours catches it."""

    def cut(page):
        made(page).update(views=99)
        raise CutOff

    monkeypatch.setattr(reading, "_figures", cut)
    with pytest.raises(CutOff):
        count_visits()
    monkeypatch.undo()
    assert not PageFigures.objects.exists()
    assert count_visits() == 3
    assert figures(article) == (3, 0, 0)


def give(client, stars, agent=BROWSER, **more):
    return client.post(
        f"{ADDRESS}danh-gia/", {"stars": stars}, headers={"User-Agent": agent}, follow=True, **more
    ).content.decode()


def test_stars_are_given_once_without_a_login(client, article):
    assert "Cảm ơn bạn đã đánh giá." in give(client, 4)
    assert "Bạn đã đánh giá bài này" in give(client, 1)
    assert "Cảm ơn bạn đã đánh giá." in give(client, 5, agent=f"{BROWSER} other")
    assert figures(article)[1:] == (2, 9)
    shown = client.get(ADDRESS).content.decode()
    assert "4,5 trên 5 sao, 2 lượt đánh giá" in shown


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "4.5", "năm", "5 "])
def test_anything_else_than_one_to_five_stars_is_refused(client, article, stars):
    assert "từ một đến năm sao" in give(client, stars)
    assert not StarVote.objects.exists()


def test_one_address_cannot_fill_the_box(article):
    for number in range(MOST_VOTES):
        rate(article, 5, address="203.0.113.9", user_agent=f"{BROWSER} {number}")
    with pytest.raises(AlreadyRated, match="Hôm nay"):
        rate(article, 5, address="203.0.113.9", user_agent=f"{BROWSER} one more")
    rate(article, 1, address="203.0.113.10", user_agent=BROWSER)
    assert figures(article)[1:] == (MOST_VOTES + 1, 5 * MOST_VOTES + 1)


def test_a_vote_tells_nothing_of_its_reader(article):
    other = make_page(
        "Khác", kind=ArticlePage, under=article.get_parent(), shown_on=date(2026, 1, 1)
    )
    for page in (article, other):
        rate(page, 3, address="203.0.113.9", user_agent=BROWSER)
    votes = list(StarVote.objects.order_by("pk"))
    assert votes[0].voter != votes[1].voter
    assert not any("203.0.113" in str(vars(vote)) for vote in votes)


def test_two_clicks_at_once_count_once(article):
    rate(article, 3, address="a", user_agent=BROWSER)
    vote = StarVote.objects.get()
    with pytest.raises(IntegrityError):
        StarVote.objects.create(page_id=article.pk, voter=vote.voter, stars=3, given_at=clock.now())


def test_votes_are_forgotten_and_figures_stay(article):
    rate(article, 3, address="a", user_agent=BROWSER)
    assert forget_votes() == 0
    StarVote.objects.update(given_at=clock.now() - KEPT_VOTES - timedelta(hours=1))
    assert forget_votes() == 1
    assert not StarVote.objects.exists()
    assert figures(article)[1:] == (1, 3)


def test_methods(client, article):
    assert client.post(ADDRESS).status_code == 405
    assert client.get(f"{ADDRESS}danh-gia/").status_code == 405
    assert client.post("/trang/tin/").status_code == 405


def test_old_address_leads_to_the_new_one(client, article):
    while follow_pages():
        pass
    section = Page.objects.get(pk=article.get_parent().pk).specific
    section.slug = "tin-moi"
    section.save_revision().publish()
    follow_pages()
    answer = client.get(ADDRESS)
    assert answer.status_code == 301
    assert answer["Location"] == "/trang/tin-moi/bai/"
    assert client.get("/trang/tin/").status_code == 301
    # What stands there now is shown; what is no longer live leads nowhere.
    make_page("Mục mới", kind=SectionPage, slug="tin")
    assert client.get("/trang/tin/").status_code == 200
    Page.objects.filter(pk=article.pk).update(live=False)
    assert client.get(ADDRESS).status_code == 404


def test_old_address_of_a_deleted_page_is_let_go(client, article):
    while follow_pages():
        pass
    page = ArticlePage.objects.get(pk=article.pk)
    page.slug = "ten-khac"
    page.save_revision().publish()
    follow_pages()
    assert client.get(ADDRESS).status_code == 301
    Page.objects.get(pk=article.pk).delete()
    assert client.get(ADDRESS).status_code == 404
    assert not FormerAddress.objects.exists()


def test_news_sitemap_holds_two_days(client, article):
    from lxml import etree

    section = Page.objects.get(pk=article.get_parent().pk)
    make_page("Cũ", kind=ArticlePage, under=section, shown_on=clock.today() - timedelta(days=3))
    tree = etree.fromstring(client.get("/trang/tin/sitemap/").content)
    assert [node.text for node in tree.iter("{*}title")] == ["Bài"]
    assert [node.text for node in tree.iter("{*}loc")] == ["http://testserver/trang/tin/bai/"]


def test_pages_stand_in_the_map_for_search_engines(client, article):
    make_page("Nháp", slug="nhap", live=False)
    while follow_pages():
        pass
    listed = client.get("/sitemap-trang.xml").content.decode()
    assert f"{ADDRESS}</loc>" in listed
    assert "nhap" not in listed


def test_page_names_its_address_and_languages_once(client, article):
    shown = client.get(ADDRESS).content.decode()
    assert shown.count('rel="canonical"') == 1
    assert shown.count('hreflang="vi"') == shown.count('rel="alternate" hreflang="vi"')
