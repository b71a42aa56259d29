"""What is kept of pages and forgotten with them: ways, what stands around a page, news."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from cms.pages.following import follow_pages
from cms.pages.models import ArticlePage, SectionPage
from cms.pages.reading import PageVisit
from marketplace.core import clock
from tests.factories.pages import make_page

pytestmark = pytest.mark.django_db(transaction=True)
NEWS = "/trang/tin-tuc/"


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEPT_PAGES_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def section(site):
    return make_page("Tin tức", kind=SectionPage, slug="tin-tuc", shows="news")


@pytest.fixture
def pair(section):
    return [
        make_page(title, kind=ArticlePage, slug=slug, under=section, shown_on=clock.today())
        for title, slug in (("Máy mới về", "may-moi"), ("Hội thảo sấy lạnh", "hoi-thao"))
    ]


def text(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def anew(client) -> str:
    """The front page with a parameter that it does not know: made anew, of parts that are kept."""
    return text(client, "/?lam-moi=1")


def test_second_reader_costs_less_and_reads_the_same(client, pair):
    robot = {"user-agent": "Googlebot"}
    follow_pages()
    asked, pages = [], []
    for _reader in range(2):
        with CaptureQueriesContext(connection) as queries:
            pages.append(client.get(f"{NEWS}may-moi/", headers=robot).content.decode())
        asked.append(len(queries))
    assert asked[1] <= 4 < asked[0]
    assert "Hội thảo sấy lạnh" in pages[1]
    assert f'<a href="{NEWS}">Tin tức</a>' in pages[1]
    front = [anew(client), anew(client)]
    assert all("Hội thảo sấy lạnh" in page for page in front)


@pytest.mark.parametrize("act", ["unpublish", "delete", "restrict"])
def test_what_is_gone_is_gone_at_once(client, pair, act):
    gone, other = pair
    follow_pages()
    for _reader in range(2):
        assert "Máy mới về" in text(client, f"{NEWS}hoi-thao/")
        assert "Máy mới về" in anew(client)
        assert "Máy mới về" in text(client, f"{NEWS}may-moi/")
    if act == "unpublish":
        gone.unpublish()
    elif act == "delete":
        gone.delete()
    else:
        PageViewRestriction.objects.create(page=gone, restriction_type="groups")
    assert client.get(f"{NEWS}may-moi/").status_code == 404
    if act == "restrict":
        follow_pages()
    assert "Máy mới về" not in text(client, other.url)
    assert "Máy mới về" not in anew(client)


def test_page_that_moved_is_found_where_it_is(client, pair, section):
    page = pair[0]
    assert "Máy mới về" in text(client, f"{NEWS}may-moi/")
    page.slug = "may-say"
    page.save()
    assert client.get(f"{NEWS}may-moi/").status_code == 404
    assert "Máy mới về" in text(client, f"{NEWS}may-say/")
    section.refresh_from_db()
    section.slug = "tin"
    section.save()
    assert client.get(f"{NEWS}may-say/").status_code == 404
    assert "Máy mới về" in text(client, "/trang/tin/may-say/")


def test_changed_text_is_read_at_once(client, pair):
    assert "Máy mới về" in text(client, f"{NEWS}may-moi/")
    pair[0].title = "Máy sấy mới về"
    pair[0].save()
    assert "Máy sấy mới về" in text(client, f"{NEWS}may-moi/")
    assert "Máy sấy mới về" in anew(client)


def test_ways_of_a_page_of_its_own_lead_where_they_did(client, pair):
    for _reader in range(2):
        assert "Máy mới về" in text(client, NEWS)
        month = f"{NEWS}{clock.today().year}/{clock.today().month}/"
        assert "Máy mới về" in text(client, month)
        assert client.get(f"{NEWS}1999/12/").status_code == 404
        assert client.post(f"{NEWS}may-moi/").status_code == 405


def test_views_are_counted_of_each_reader(client, pair):
    for _reader in range(3):
        client.get(f"{NEWS}may-moi/", headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    assert PageVisit.objects.filter(page_id=pair[0].pk).count() == 3
