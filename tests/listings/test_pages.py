from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.models import (
    LISTING_MODELS,
    DailyViews,
    OfferIpRight,
)
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory, OfferFactory

KINDS = list(FACTORIES)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def list_url(kind):
    return reverse(f"listings:{kind}_list")


def queries_of(client, url):
    """Of a warm page: names of codes are kept for a minute, which may end at any request but not at
    three in a row."""
    counts = []
    for _visit in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    return min(counts)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_list_shows_public_listings_only(kind, client):
    shown = FACTORIES[kind](published=True)
    draft = FACTORIES[kind](title="Bản nháp kín")
    withdrawn = FACTORIES[kind](title="Đã rút rồi", published=True)
    services.withdraw(withdrawn, by=withdrawn.contact)

    page = client.get(list_url(kind)).content.decode()

    assert shown.title in page
    assert draft.title not in page
    assert withdrawn.title not in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_list_and_detail_cost_the_same_for_one_row_and_for_three(kind, client):
    def add():
        listing = FACTORIES[kind](published=True)
        listing.specifications.add(listing.specifications.model(name="Năng suất", low=1, unit="kg"))
        if kind == "offer":
            listing.ip_rights.add(OfferIpRight(number=f"1-{listing.pk}"))
        listing.save()
        return listing

    first = add()
    one = queries_of(client, list_url(kind)), queries_of(client, first.get_absolute_url())
    add(), add()
    first.specifications.add(
        *[first.specifications.model(name=f"Chỉ tiêu {n}", low=n) for n in range(3)]
    )
    first.save()

    assert (queries_of(client, list_url(kind)), queries_of(client, first.get_absolute_url())) == one


@pytest.mark.django_db
def test_list_without_rows_leads_to_the_first_one(client):
    page = client.get(list_url("need")).content.decode()

    assert "Chưa có nhu cầu nào đang mở" in page
    assert reverse("listings:need_create") in page


@pytest.mark.django_db
def test_list_is_filtered_by_field_at_any_level_and_by_province(client):
    cashew = NeedFactory(published=True, field_codes=["40107"], province_code="75")
    steel = NeedFactory(published=True, field_codes=["20511"], province_code="24")

    def titles(query):
        page = client.get(list_url("need") + query).content.decode()
        return {need.title for need in (cashew, steel) if need.title in page}

    assert titles("?linh-vuc=4") == {cashew.title}
    assert titles("?linh-vuc=401") == {cashew.title}
    assert titles("?linh-vuc=4&linh-vuc=2") == {cashew.title, steel.title}
    assert titles("?linh-vuc=2&linh-vuc=203") == set()
    assert titles("?tinh=24") == {steel.title}
    assert titles("?linh-vuc=4&tinh=24") == set()
    assert titles("?linh-vuc=khong-co&tinh=xx&page=9") == {cashew.title, steel.title}


@pytest.mark.django_db
def test_list_pages_keep_the_filters(client, monkeypatch):
    monkeypatch.setattr("marketplace.listings.views.public.PAGE_SIZE", 2)
    NeedFactory.create_batch(3, published=True, province_code="75")

    page = client.get(list_url("need") + "?tinh=75").content.decode()

    assert "tinh=75&amp;page=2" in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_detail_under_an_old_name_leads_to_the_new_one(kind, client):
    listing = FACTORIES[kind](published=True)
    url = listing.get_absolute_url()
    word = url.split("/")[1]

    for old in (f"/{word}/ten-cu-{listing.public_id}/", f"/{word}/{listing.public_id}/"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, url)
    assert client.get(url).status_code == 200
    assert client.get(f"/en{url}").status_code == 200
    assert client.get(f"/{word}/x-2222222222/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_detail_of_what_is_gone_says_so_and_shows_nothing(kind, client, stranger):
    withdrawn, expired = FACTORIES[kind].create_batch(2, published=True, title="Bí mật đã rút")
    services.withdraw(withdrawn, by=withdrawn.contact)
    type(expired).objects.filter(pk=expired.pk).update(
        valid_until=clock.today() - timedelta(days=1)
    )
    for user in (None, stranger):
        if user:
            client.force_login(user)
        for listing in (withdrawn, expired):
            for url in (
                listing.get_absolute_url(),
                f"/{listing.get_absolute_url().split('/')[1]}/x-{listing.public_id}/",
            ):
                response = client.get(url)
                assert response.status_code == 410
                assert "Bí mật" not in response.content.decode()


@pytest.mark.django_db
def test_detail_of_a_draft_was_never_there(client, owner, organization, curator, viewer):
    draft = NeedFactory(organization=organization, contact=owner, title="Bản nháp kín")
    assert client.get(draft.get_absolute_url()).status_code == 404
    for person in (owner, viewer, curator):
        client.force_login(person)
        page = client.get(draft.get_absolute_url())
        assert page.status_code == 200
        assert "Bản nháp" in page.content.decode()


@pytest.mark.django_db
def test_detail_shows_facts_figures_and_the_owner(client):
    need = NeedFactory(
        published=True, budget_min=1_200_000_000, budget_max=1_800_000_000, required_trl=7
    )
    need.specifications.add(need.specifications.model(name="Tỷ lệ nhân nguyên", low=92, unit="%"))
    need.save()

    page = client.get(need.get_absolute_url()).content.decode()

    for text in (
        "1,2–1,8 tỷ đồng",
        "từ TRL 7",
        "Bảo quản và chế biến nông sản",
        "Đồng Nai",
        "≥ 92 %",
        need.organization.name,
        "Đã xác minh",
    ):
        assert text in page


@pytest.mark.django_db
def test_detail_of_an_offer_shows_readiness_transfer_and_rights(client):
    offer = OfferFactory(published=True, ip_status="granted")
    offer.ip_rights.add(
        OfferIpRight(number="2-2021-90417", kind="utility_solution", status="granted")
    )
    offer.save()

    page = client.get(offer.get_absolute_url()).content.decode()

    for text in (
        "TRL 8",
        "Hợp đồng chuyển giao công nghệ độc lập",
        "2-2021-90417",
        "Giải pháp hữu ích",
        "Liên hệ để biết giá",
    ):
        assert text in page


@pytest.mark.django_db
def test_detail_escapes_what_people_write(client):
    need = NeedFactory(published=True, title="<b>x</b></script><script>1", problem="<img src=x>")

    page = client.get(need.get_absolute_url()).content.decode()

    assert "<script>1" not in page
    assert "<img src=x>" not in page


@pytest.mark.django_db
def test_views_are_counted_for_strangers_and_not_for_robots_or_the_owner(
    client, owner, organization
):
    need = NeedFactory(organization=organization, contact=owner, published=True)
    url = reverse("listings:count_view", args=["need", need.public_id])
    client.post(url, headers={"User-Agent": FIREFOX})
    client.post(url, headers={"User-Agent": "Googlebot/2.1"})
    assert client.get(url).status_code == 405
    client.force_login(owner)
    client.post(url, headers={"User-Agent": FIREFOX})

    assert DailyViews.objects.get().count == 1


@pytest.mark.django_db
def test_views_of_what_is_not_public_are_not_counted(client):
    draft = EquipmentFactory()

    client.post(
        reverse("listings:count_view", args=["equipment", draft.public_id]),
        headers={"User-Agent": FIREFOX},
    )

    assert not DailyViews.objects.exists()
    assert not LISTING_MODELS["equipment"].objects.public().exists()
