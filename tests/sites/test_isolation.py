"""A site of its own listings alone never shows another exchange's, in any output."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.urls import reverse

from marketplace.accounts.models import Exchange
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS, DailyViews
from marketplace.listings.services import give_number
from search.sync import sync_all
from tests.factories.accounts import CuratorFactory
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory, OfferFactory
from tests.sites.conftest import HOST

OURS, THEIRS = "Sấy xoài của Cần Thơ", "Sấy xoài của nơi khác"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def pair(province):
    """Of each kind one listing of the province's exchange and one of the default's."""
    made = {}
    for kind, factory in FACTORIES.items():
        ours = factory(published=True, title=f"{OURS} ({kind})", exchange=province.exchange)
        theirs = factory(published=True, title=f"{THEIRS} ({kind})")
        made[kind] = ours, theirs
    return made


def public_pages(pair):
    """Every page that lists listings, and what machines read instead."""
    ours, theirs = pair["offer"]
    yield "/"
    yield "/en/"
    for kind in LISTING_MODELS:
        yield reverse(f"listings:{kind}_list")
        yield f"/sitemap-{kind}.xml"
        yield reverse("api:public_list", args=[kind])
    for row in (ours, theirs):
        yield row.organization.get_absolute_url()
    chosen = "&".join(f"chon={kind}:{row.public_id}" for kind, rows in pair.items() for row in rows)
    yield f"{reverse('listings:compare')}?{chosen}"
    yield from (f"{reverse('search:search')}?q=s%E1%BA%A5y+xo%C3%A0i", reverse("search:search"))
    yield f"{reverse('search:export')}?q=s%E1%BA%A5y"
    yield f"{reverse('search:suggestions')}?q=s%E1%BA%A5y"
    yield ours.get_absolute_url()


def seen(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # JSON writes letters as numbers, and marks part a suggestion.
    text = content.decode()
    return text.encode().decode("unicode_escape") if "goi-y" in path else text


def test_nothing_of_another_exchange_is_in_any_output(province, pair, search_engine):
    sync_all()
    ids = {row.public_id for _ours, row in pair.values()}
    paths = list(public_pages(pair))
    shown = set()
    for path in paths:
        text = seen(province.client, path)
        assert THEIRS not in text, path
        if "chon=" not in path:
            assert not [one for one in ids if one in text], path
        shown |= {path} if OURS in text or pair["need"][0].public_id in text else set()
    # Or the pages had shown nothing at all.
    assert len(shown) > len(paths) / 3


def test_page_of_a_field_shows_its_own(rf, province, pair):
    page = Template("{% load listings %}{% field_listings '401' %}")
    for host, shows_theirs in ((HOST, False), ("testserver", True)):
        text = page.render(Context({"request": rf.get("/", SERVER_NAME=host)}))
        assert OURS in text
        assert (THEIRS in text) == shows_theirs


def test_default_site_shows_all(client, province, pair, search_engine):
    sync_all()
    for kind, (ours, theirs) in pair.items():
        text = client.get(reverse(f"listings:{kind}_list")).content.decode()
        assert str(ours) in text
        assert str(theirs) in text
    text = client.get(f"{reverse('search:search')}?q=sấy xoài").content.decode()
    assert text.count("của Cần Thơ")
    assert text.count("nơi khác")


def test_site_of_all_shows_its_own_first(province, pair):
    province.shows(Exchange.Shows.ALL)
    newest = OfferFactory(published=True, title="Mới nhất của nơi khác")
    text = province.text(reverse("listings:offer_list"))
    places = [text.index(str(one)) for one in (pair["offer"][0], newest, pair["offer"][1])]
    assert places == sorted(places)


def test_order_that_a_reader_chose_stands(province, pair):
    province.shows(Exchange.Shows.ALL)
    soon = NeedFactory(
        published=True, title="Sắp hết hạn", deadline=clock.today() + timedelta(days=3)
    )
    text = province.text(f"{reverse('listings:need_list')}?xep=han")
    assert text.index(str(soon)) < text.index(OURS)


def test_counts_and_facets_are_of_the_site(province, pair, search_engine):
    sync_all()
    page = province.client.get(f"{reverse('search:search')}?q=sấy xoài").context
    assert page["total"] == 4
    kinds = next(group for group in page["groups"] if group["name"] == "loai")
    assert {option.count for option in kinds["options"]} == {1}
    figures = province.client.get("/").context["figures"]
    assert [item["value"] for item in figures[:1]] == [1]
    assert figures[2]["value"] == 3


def test_search_without_an_engine_is_narrowed_too(province, pair):
    page = province.client.get(f"{reverse('search:search')}?q=sấy xoài")
    assert page.context["is_restoring"]
    shown = [str(item["object"]) for item in page.context["hits"]]
    assert len(shown) == 4
    assert all(OURS in title for title in shown)


def test_index_that_lags_behind_leaks_nothing(province, pair, search_engine):
    """A listing that went over to another exchange, before the index knows."""
    sync_all()
    moved = pair["offer"][0]
    type(moved).objects.filter(pk=moved.pk).update(exchange=Exchange.default())
    assert str(moved) not in province.text(f"{reverse('search:search')}?q=sấy xoài")


def test_documents_from_before_the_setting_are_written_again(province, search_engine, desk_form):
    province.shows(Exchange.Shows.ALL)
    offer = OfferFactory(published=True, title=OURS, exchange=province.exchange)
    sync_all()
    desk_form(province.exchange, shows="own")
    offer.refresh_from_db()
    assert offer.indexed_version < offer.content_version


@pytest.fixture
def desk_form():
    from cms.sites.exchanges import ExchangeForm, ExchangeViewSet

    def save(exchange, **values):
        bound = ExchangeViewSet().get_edit_handler() or ExchangeViewSet.edit_handler
        form_class = bound.bind_to_model(Exchange).get_form_class()
        assert issubclass(form_class, ExchangeForm)
        data = {
            name: getattr(exchange, name)
            for name in ("name", "name_en", "operator", "address", "hotline", "email", "shows")
        }
        form = form_class(data | values, instance=exchange)
        assert form.is_valid(), form.errors
        return form.save()

    return save


class TestPageOfAnothersListing:
    def test_leads_to_the_site_of_its_exchange(self, province, pair):
        theirs = pair["need"][1]
        answer = province.client.get(theirs.get_absolute_url())
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"http://testserver{theirs.get_absolute_url()}",
        )

    def test_is_not_there_where_no_site_shows_it(self, province, client, pair):
        lonely = Exchange.objects.create(slug="x", name="Không có trang", shows="own")
        listing = NeedFactory(published=True, exchange=lonely)
        default = Exchange.default()
        default.shows = Exchange.Shows.OWN
        default.save()
        for reader in (client, province.client):
            assert reader.get(listing.get_absolute_url()).status_code == 404

    def test_draft_is_not_there(self, province):
        assert province.client.get(NeedFactory().get_absolute_url()).status_code == 404

    def test_its_own_people_and_curators_read_it_wherever_they_are(self, province, pair):
        theirs = pair["need"][1]
        province.client.force_login(theirs.contact)
        assert province.client.get(theirs.get_absolute_url()).status_code == 200
        province.client.force_login(CuratorFactory())
        assert province.client.get(theirs.get_absolute_url()).status_code == 200

    def test_machines_and_forms_find_nothing(self, province, pair):
        theirs = pair["need"][1]
        for path in (
            reverse("api:public_record", args=["need", theirs.public_id]),
            reverse("listings:report", args=["need", theirs.public_id]),
        ):
            assert province.client.get(path).status_code == 404, path
        views = reverse("listings:count_view", args=["need", theirs.public_id])
        province.client.post(views, headers={"User-Agent": FIREFOX})
        assert not DailyViews.objects.exists()

    def test_says_which_page_is_its_own_where_both_show_it(self, client, province, pair):
        ours = pair["offer"][0]
        text = client.get(ours.get_absolute_url()).content.decode()
        address = f"http://cantho.localhost{ours.get_absolute_url()}"
        assert f'<link rel="canonical" href="{address}">' in text
        at_home = province.text(ours.get_absolute_url())
        assert f'<link rel="canonical" href="{address}">' in at_home


def test_json_names_the_page_on_the_site_of_the_exchange(client, province, pair):
    ours = pair["offer"][0]
    told = client.get(reverse("api:public_record", args=["offer", ours.public_id])).json()
    assert told["address"] == f"http://cantho.localhost{ours.get_absolute_url()}"


@pytest.mark.django_db(transaction=True)
class TestKeptPages:
    @pytest.fixture(autouse=True)
    def _kept(self, settings):
        settings.KEPT_PAGES_SECONDS = 60
        cache.clear()
        yield
        cache.clear()

    @pytest.mark.parametrize("path", ["/", "/thiet-bi/"])
    def test_page_of_one_host_is_never_anothers(self, client, province, path):
        EquipmentFactory(published=True, title=OURS, exchange=province.exchange)
        EquipmentFactory(published=True, title=THEIRS)
        first, second = client.get(path).content.decode(), province.text(path)
        assert THEIRS in first
        assert OURS in second
        assert THEIRS not in second
        # Both are kept now.
        assert THEIRS in client.get(path).content.decode()
        assert THEIRS not in province.text(path)
        assert "<strong>Sàn giao\u00a0dịch Cần Thơ</strong>" in province.text(path)

    def test_change_of_a_look_is_seen_at_once(self, province):
        assert 'data-theme="blue"' in province.text("/")
        look = province.look
        look.theme = "plum"
        look.save()
        assert 'data-theme="plum"' in province.text("/")

    def test_change_of_what_it_shows_is_seen_at_once(self, province):
        NeedFactory(published=True, title=THEIRS)
        assert THEIRS not in province.text("/nhu-cau/")
        province.shows(Exchange.Shows.ALL)
        assert THEIRS in province.text("/nhu-cau/")


def test_number_is_one_listing_on_all_sites(province):
    ours, theirs = NeedFactory(exchange=province.exchange), NeedFactory()
    numbers = {give_number(ours), give_number(theirs), give_number(ours)}
    assert len(numbers) == 2
