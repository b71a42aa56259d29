"""How a site shows itself: name, colour, logo, menu, languages, fields, pages."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from cms.pages.following import follow_pages
from cms.pages.models import ArticlePage, ContentPage, SectionPage
from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Exchange
from search.sync import sync_all


def test_one_site_is_the_default_exchanges(rf, db):
    front = front_of(rf.get("/"))
    assert front.exchange == Exchange.default()
    assert front.is_default
    assert not front.own_only
    assert (front.theme, front.languages) == ("", ("vi", "en"))


def test_host_says_which_site(rf, province):
    assert front_of(rf.get("/", SERVER_NAME="cantho.localhost")).exchange == province.exchange
    assert front_of(rf.get("/", SERVER_NAME="testserver")).exchange == Exchange.default()
    # Any other host, as one that nobody has set up yet, is the default site.
    assert front_of(rf.get("/", SERVER_NAME="192.0.2.1")).exchange == Exchange.default()


def test_site_costs_no_query_once_it_is_known(rf, province):
    front_of(rf.get("/"))
    with CaptureQueriesContext(connection) as captured:
        assert front_of(rf.get("/", SERVER_NAME="cantho.localhost")).exchange.hotline == "1900 0092"
    assert len(captured) == 0


def test_site_that_names_no_exchange_is_the_default_ones(rf, province):
    look = province.look
    look.exchange = None
    look.save()
    front = front_of(rf.get("/", SERVER_NAME="cantho.localhost"))
    assert front.is_default
    assert front.theme == "blue"


def test_name_hotline_and_colour_are_of_the_site(client, province):
    text = province.text("/")
    assert "Sàn giao dịch Cần Thơ" in text.replace("\u00a0", " ")
    assert "1900 0092" in text
    assert '<html lang="vi" data-theme="blue">' in text
    assert 'content="#0b4f8a"' in text
    assert "Can Tho Exchange" in province.text("/en/")
    other = client.get("/").content.decode()
    assert "Cần Thơ" not in other
    assert '<html lang="vi">' in other


def test_menu_has_the_chosen_entries(client, province):
    look = province.look
    look.sections = ["needs", "services"]
    look.save()
    text = province.text("/")
    bar = text[text.index('class="bar-nav"') : text.index('class="bar-tools"')]
    assert bar.count("<li>") == 2
    assert "/nhu-cau/" in bar
    assert "/dich-vu/" in bar
    other = client.get("/").content.decode()
    assert (
        other[other.index('class="bar-nav"') : other.index('class="bar-tools"')].count("<li>") == 6
    )


def test_logo_stands_beside_the_name(province, media):
    from wagtail.images import get_image_model

    logo = get_image_model().objects.create(title="Sở", file=get_test_image_file())
    look = province.look
    look.logo = logo
    look.save()
    assert 'class="brand-logo" src="/' in province.text("/")


def test_featured_fields_are_the_chosen_ones(province):
    look = province.look
    look.featured_fields = ["405", "401"]
    look.save()
    fields = province.client.get("/").context["fields"]
    assert [one["code"] for one in fields] == ["405", "401"]


class TestLanguages:
    @pytest.fixture(autouse=True)
    def _no_english(self, province):
        look = province.look
        look.offers_english = False
        look.save()

    def test_site_without_english_names_none(self, client, province):
        text = province.text("/nhu-cau/")
        assert 'hreflang="en"' not in text
        assert ">English<" not in text
        assert 'hreflang="en"' in client.get("/nhu-cau/").content.decode()

    @pytest.mark.parametrize(
        ("path", "leads_to"),
        [
            ("/en/nhu-cau/?page=2", "/nhu-cau/?page=2"),
            ("/en/", "/"),
            ("/en//evil.example/", "/evil.example/"),
            ("/en/\\evil.example/", "/%5Cevil.example/"),
        ],
    )
    def test_english_address_leads_to_the_vietnamese(self, province, path, leads_to):
        answer = province.client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, leads_to)

    def test_nothing_is_sent_to_an_english_address(self, province):
        assert province.client.post("/en/tai-khoan/login/", {}).status_code == 404


class TestPages:
    @pytest.fixture
    def news(self, province):
        """An article on each site."""

        def article(top, title):
            section = SectionPage(title=f"Tin {title}", slug="tin", shows="news", locale=top.locale)
            top.add_child(instance=section)
            page = ArticlePage(title=title, slug="bai", locale=top.locale, shown_on="2026-11-02")
            section.add_child(instance=page)
            page.save_revision().publish()
            return ArticlePage.objects.get(pk=page.pk)

        default = Site.objects.get(is_default_site=True).root_page
        here = ContentPage.objects.get(pk=province.site.root_page_id)
        made = article(here, "Tin Cần Thơ"), article(default, "Tin cả nước")
        while follow_pages():
            pass
        cache.clear()
        return made

    def test_each_site_serves_its_own(self, client, province, news):
        ours, theirs = news
        assert province.client.get(ours.url).status_code == 200
        assert client.get(theirs.url).status_code == 200
        assert "Tin Cần Thơ" in province.text("/")
        assert "Tin cả nước" not in province.text("/")
        assert "Tin cả nước" in client.get("/").content.decode()
        assert "Tin Cần Thơ" not in client.get("/").content.decode()

    def test_maps_and_search_have_their_own(self, client, province, news, search_engine):
        sync_all()
        for path in ("/sitemap-trang.xml", "/tim-kiem/?q=tin&muc=trang"):
            here, there = province.text(path), client.get(path).content.decode()
            if "sitemap" in path:
                assert "<loc>http://cantho.localhost/trang/tin/bai/</loc>" in here
                assert "<loc>http://testserver/trang/tin/bai/</loc>" in there
                assert here.count("<loc>") == there.count("<loc>") == 4
            else:
                assert "Cần Thơ" in here
                assert "cả nước" not in here
                assert "cả nước" in there

    def test_footer_is_of_the_site(self, client, province):
        top = ContentPage.objects.get(pk=province.site.root_page_id)
        page = ContentPage(
            title="Liên hệ Cần Thơ", slug="lien-he", show_in_menus=True, locale=top.locale
        )
        top.add_child(instance=page)
        page.save_revision().publish()
        cache.clear()
        assert "Liên hệ Cần Thơ" in province.text("/")
        assert "Liên hệ Cần Thơ" not in client.get("/").content.decode()
