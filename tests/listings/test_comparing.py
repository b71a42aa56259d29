"""Listings side by side, and those like one another."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from marketplace.accounts.fronts import default_front
from marketplace.listings import services
from marketplace.listings.comparison import chosen_listings, compared
from marketplace.listings.models import EquipmentSpecification, OfferSpecification
from search.similar import similar_to
from search.sync import sync_all
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def named(listing):
    return f"{listing.KIND}:{listing.public_id}"


def with_figures(listing, rows, model):
    for name, low in rows:
        listing.specifications.add(model(name=name, low=low, unit="kg"))
    listing.save()
    return listing


def rows_of(*listings):
    return {row.name: row for section in compared(listings) for row in section.rows}


def test_figures_are_aligned_by_name_however_it_is_spelled():
    offer = with_figures(
        OfferFactory(published=True), [("Năng suất", 5), ("Công suất", 7)], OfferSpecification
    )
    machine = with_figures(
        EquipmentFactory(published=True),
        [("NĂNG SUẤT ", 5), ("Khối lượng", 9)],
        EquipmentSpecification,
    )
    rows = rows_of(offer, machine)
    assert rows["Năng suất"].cells == ("≥ 5 kg", "≥ 5 kg")
    assert not rows["Năng suất"].differs
    assert rows["Công suất"].cells == ("≥ 7 kg", "")
    assert rows["Khối lượng"].cells == ("", "≥ 9 kg")
    assert rows["Khối lượng"].differs


def test_rows_that_nobody_fills_are_left_out():
    assert all(any(row.cells) for row in rows_of(NeedFactory(published=True)).values())


def test_chosen_in_the_order_of_the_address_each_once_at_most_four():
    listings = [OfferFactory(published=True) for _ in range(5)]
    names = [named(listing) for listing in reversed(listings)]
    assert (
        chosen_listings([names[0], *names, "offer:", "x", "need:\x00"], default_front())
        == listings[:0:-1]
    )


@pytest.mark.parametrize("kind", list(FACTORIES))
def test_only_public_listings_are_compared(kind, client):
    shown, draft, gone = (
        FACTORIES[kind](published=True, title="Đang hiện"),
        FACTORIES[kind](title="Nháp kín"),
        FACTORIES[kind](published=True, title="Đã rút"),
    )
    services.withdraw(gone, by=gone.contact)
    page = client.get(
        reverse("listings:compare"), {"chon": [named(one) for one in (shown, draft, gone)]}
    ).content.decode()
    assert "Đang hiện" in page
    assert "Nháp kín" not in page
    assert "Đã rút" not in page
    assert "Có mục không so sánh được" in page


def test_hidden_owner_and_confidential_part_stay_hidden(client):
    need = NeedFactory(published=True, hide_owner=True, confidential="Mật danh Vạc Xám")
    page = client.get(reverse("listings:compare"), {"chon": named(need)}).content.decode()
    assert need.organization.name not in page
    assert "Vạc Xám" not in page


def test_only_the_rows_that_differ(client):
    first, second = (OfferFactory(published=True, trl=level) for level in (7, 9))
    query = {"chon": [named(first), named(second)], "khac": "1"}
    sections = client.get(reverse("listings:compare"), query).context["sections"]
    rows = [row for section in sections for row in section.rows]
    assert any(row.cells == ("TRL 7", "TRL 9") for row in rows)
    assert all(row.differs for row in rows)


@pytest.mark.parametrize("query", [{}, {"chon": "x"}, {"chon": ["offer:x"] * 900}, {"khac": "1"}])
def test_strange_addresses_are_no_errors(client, query):
    assert client.get(reverse("listings:compare"), query).status_code == 200


def test_like_one_another(search_engine):
    offer = OfferFactory(published=True, title="Máy sấy bơm nhiệt cho xoài cắt lát")
    like = OfferFactory(published=True, title="Sấy bơm nhiệt cho xoài, mít cắt lát")
    NeedFactory(published=True, title="Cần máy sấy bơm nhiệt cho xoài cắt lát")
    sync_all()
    found = [row for _hit, row in similar_to(offer)]
    assert like in found
    assert offer not in found
    assert {row.KIND for row in found} <= {"offer", "equipment"}


def test_what_was_withdrawn_is_not_shown_from_memory(search_engine):
    offer = OfferFactory(published=True, title="Máy sấy bơm nhiệt cho xoài cắt lát")
    like = OfferFactory(published=True, title="Sấy bơm nhiệt cho xoài, mít cắt lát")
    sync_all()
    assert [row for _hit, row in similar_to(offer)] == [like]
    services.withdraw(like, by=like.contact)
    assert similar_to(offer) == []


def test_page_stands_without_the_search(client, settings, tmp_path):
    settings.SEARCH_URL = f"embedded://{tmp_path}/nothing"
    cache.clear()
    offer = OfferFactory(published=True)
    response = client.get(offer.get_absolute_url())
    assert response.status_code == 200
    assert "Nội dung gần giống" not in response.content.decode()
