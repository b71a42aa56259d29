"""Pages, letters and addresses where there are two sites: each leads to the site that a thing stands on."""

import pytest
from django.core import mail
from django.db.models import Case, When
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.rich_text import expand_db_html

from cms.pages.models import ContentPage
from cms.pages.types.publication import IssuePage, SeriesPage
from cms.publications.models import IssueSending, Subscription
from cms.publications.sending import send_issues
from cms.sites.models import SiteLook
from marketplace.accounts.fronts import default_front, forget_fronts, front_of, home_of
from marketplace.accounts.models import Exchange
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.letterheads import letterhead_of
from search.sync import sync_all
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.pages import make_page
from tests.factories.research import ResultFactory, TaskFactory

HERE = "http://cantho.localhost"
NAME = "Sàn giao dịch Cần Thơ"
READER = "doc.gia@congty.vn"


@pytest.fixture
def here(province):
    return ContentPage.objects.get(pk=province.site.root_page_id)


def canonical(text):
    return text.partition('rel="canonical" href="')[2].partition('"')[0]


class TestLinksInTexts:
    def test_lead_to_the_site_of_their_page(self, province, here):
        page = make_page("Quy chế", slug="quy-che", under=here)
        assert (
            expand_db_html(f'<a linktype="page" id="{page.pk}">')
            == f'<a href="{HERE}/trang/quy-che/">'
        )

    def test_are_paths_where_there_is_one_site(self, province, here):
        default = ContentPage.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
        page = make_page("Quy chế", slug="quy-che", under=default)
        province.site.delete()
        province.exchange.save()  # forgets what was known of sites
        assert expand_db_html(f'<a linktype="page" id="{page.pk}">') == '<a href="/trang/quy-che/">'


class TestNamesOfOtherExchanges:
    """On a site that shows several exchanges' listings a reader sees whose each is; on its own none is named."""

    @pytest.mark.parametrize("path", ["/nhu-cau/", "/", "/tim-kiem/?q=xoài"])
    def test_cards_and_hits_name_them(self, client, province, search_engine, path):
        NeedFactory(published=True, title="Sấy xoài", exchange=province.exchange)
        sync_all()
        # The main site first: a card that was drawn there must not stand here.
        listed = client.get(path).content.decode()
        main = listed[listed.index("<main") : listed.index("</main")]
        assert NAME in main
        at_home = province.text(path)
        main = at_home[at_home.index("<main") : at_home.index("</main")]
        assert "xoài" in main
        assert NAME not in main

    def test_page_names_it_too(self, client, province):
        need = NeedFactory(published=True, exchange=province.exchange)
        assert f"Tin của {NAME}." in client.get(need.get_absolute_url()).content.decode()
        assert "Tin của" not in province.text(need.get_absolute_url())

    def test_main_exchange_is_named_on_a_site_of_all(self, province):
        province.shows(Exchange.Shows.ALL)
        NeedFactory(published=True)
        assert Exchange.default().name in province.text("/nhu-cau/")

    def test_exchange_without_a_site_is_not_called_by_anothers_name(self, client, province):
        lonely = Exchange.objects.create(slug="x", name="Không có trang")
        NeedFactory(published=True, exchange=lonely)
        assert "card-exchange" not in client.get("/nhu-cau/").content.decode()


class TestOnePageForSearchEngines:
    def test_each_listing_is_in_the_map_of_one_site(self, client, province):
        province.shows(Exchange.Shows.ALL)
        ours = OfferFactory(published=True, exchange=province.exchange)
        theirs = OfferFactory(published=True)
        path = reverse("sitemap", args=["offer"])
        maps = client.get(path).content.decode(), province.text(path)
        assert [ours.public_id in one for one in maps] == [False, True]
        assert [theirs.public_id in one for one in maps] == [True, False]
        assert "offer" in LISTING_MODELS

    @pytest.mark.parametrize(
        ("make", "section"),
        [(ResultFactory, "result"), (TaskFactory, "task"), (OrganizationFactory, "organization")],
    )
    def test_shared_registers_are_the_main_sites(self, client, province, make, section):
        row = make()
        path = row.get_absolute_url()
        assert canonical(province.text(path)) == f"http://testserver{path}"
        assert canonical(client.get(path).content.decode()) == f"http://testserver{path}"
        assert "hreflang" not in province.text(path).partition("</head>")[0]
        where = reverse("sitemap", args=[section])
        assert row.public_id in client.get(where).content.decode()
        assert row.public_id not in province.text(where)

    def test_page_for_machines_names_the_same_address(self, client, province):
        ours = OfferFactory(published=True, exchange=province.exchange)
        text = client.get(ours.get_absolute_url()).content.decode()
        structured = text.partition("application/ld+json")[2].partition("</script>")[0]
        assert f"{HERE}{ours.get_absolute_url()}" in structured
        assert "http://testserver" not in structured


class TestLettersOfPublications:
    @pytest.fixture
    def series(self, here):
        return make_page("Bản tin Cần Thơ", kind=SeriesPage, slug="ban-tin", under=here)

    def issue(self, series, **values):
        """One that is out, whoever signed it."""
        issue = IssuePage(title="Số 1", slug="so-1", number="1", live=False, **values)
        issue.locale = series.locale
        Page.objects.get(pk=series.pk).add_child(instance=issue)
        IssuePage.objects.filter(pk=issue.pk).update(live=True)
        return issue

    def leave(self):
        while send_issues():
            pass
        while deliver_batch():
            pass
        return mail.outbox[-1]

    def test_lead_to_the_site_of_the_series(self, province, series):
        data = {"email": READER, "agreed": "1"}
        assert province.client.post(f"{series.url}dang-ky/", data).status_code == 302
        letter = self.leave()
        assert f"{HERE}/an-pham/nhan/" in letter.body
        assert NAME in letter.body
        assert "http://testserver" not in letter.body
        Subscription.objects.update(confirmed_at=clock.now())
        issue = self.issue(series, goes_out=True)
        letter = self.leave()
        assert f"{HERE}{issue.url}" in letter.body
        assert "http://testserver" not in letter.body
        assert letter.extra_headers["List-Unsubscribe"].startswith(f"<{HERE}/")
        assert province.client.get(issue.url).status_code == 200

    def test_door_of_a_restricted_issue_is_on_its_site(self, client, province, series):
        issue = self.issue(series)
        sending = IssueSending.objects.create(issue=issue, begun_at=clock.now())
        door = reverse("publications:open", args=[sending.public_id])
        assert letterhead_of(door).address == HERE
        client.force_login(OfferFactory().contact)
        assert client.get(door)["Location"] == f"{HERE}{issue.url}"

    def test_issue_is_compiled_of_what_its_site_shows(self, province, series):
        ours = NeedFactory(published=True, exchange=province.exchange)
        NeedFactory(published=True)
        issue = self.issue(series, kinds=["need"])
        assert issue.fill_from_filters() == 1
        assert ours.public_id in issue.chosen.get().address


def test_two_sites_at_ports_of_one_host_are_told_apart(rf, province):
    """As Wagtail does, which serves the pages: a third port is the default site's."""
    root = province.site.root_page
    other = Site.objects.create(hostname=province.site.hostname, port=8443, root_page=root)
    SiteLook.objects.create(site=other, exchange=province.exchange, theme="plum")
    asked = {
        port: front_of(rf.get("/", SERVER_NAME="cantho.localhost", SERVER_PORT=port))
        for port in ("80", "8443", "9000")
    }
    assert [front.theme for front in asked.values()] == ["blue", "plum", ""]
    assert asked["9000"].is_default


def test_an_exchange_without_a_site_is_at_home_on_the_main_one(province):
    """Even where unknown hosts are answered by another's."""
    main = default_front()
    Site.objects.update(is_default_site=Case(When(pk=province.site.pk, then=True), default=False))
    forget_fronts()
    bare = Exchange.objects.create(slug="la", name="Sàn không có trang")
    assert front_of(RequestFactory().get("/", HTTP_HOST="la.example")).exchange == province.exchange
    assert home_of(bare.pk).exchange == main.exchange
