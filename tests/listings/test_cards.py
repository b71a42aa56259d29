"""The card of a listing is drawn once for who looks next: everything that decides how it looks must be in its key."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.translation import override

from marketplace.accounts.models import OrganizationStatus
from marketplace.listings.models import Need, Service, TechnologyOffer
from tests.factories.listings import NeedFactory, OfferFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def card(listing, heading=3):
    source = "{% load listings %}{% listing_card listing heading=heading %}"
    return Template(source).render(Context({"listing": listing, "heading": heading}))


@pytest.mark.parametrize(
    ("make", "field", "value", "shown"),
    [
        (NeedFactory, "title", "Máy sấy chanh leo", "Máy sấy chanh leo"),
        (NeedFactory, "summary", "Giữ màu sau sáu tháng", "Giữ màu sau sáu tháng"),
        (NeedFactory, "language", "en", 'lang="en"'),
        (NeedFactory, "province_code", "01", "Hà Nội"),
        (NeedFactory, "budget_max", 1_800_000_000, "1,8 tỷ"),
        (NeedFactory, "budget_min", 1_200_000_000, "1,2 tỷ"),
        (NeedFactory, "deadline", date(2031, 2, 3), "03/02/2031"),
        (NeedFactory, "hide_owner", True, "Doanh nghiệp ẩn tên"),
        (OfferFactory, "trl", 4, "TRL 4"),
        (OfferFactory, "price_min", 700_000_000, "700 triệu"),
        (OfferFactory, "price_max", 900_000_000, "900 triệu"),
        (OfferFactory, "price_mode", "free", "Không thu tiền"),
        (ServiceFactory, "turnaround", "trong 7 ngày", "trong 7 ngày"),
    ],
)  # fmt: skip
def test_a_changed_field_is_on_the_next_card(make, field, value, shown):
    listing = make(published=True)
    if field.startswith("price_m") and field != "price_mode":
        listing.price_mode = "range"
    before = card(listing)
    setattr(listing, field, value)
    assert shown not in before
    assert shown in card(listing)


def test_what_an_organisation_became_is_on_the_next_card():
    listing = OfferFactory(published=True)
    owner = listing.organization
    owner.status = OrganizationStatus.CLAIMED
    assert "đã xác minh" not in card(listing)
    owner.status = OrganizationStatus.VERIFIED
    assert "đã xác minh" in card(listing)
    owner.name = "Viện Cơ điện nông nghiệp"
    assert "Viện Cơ điện nông nghiệp" in card(listing)


def test_a_card_speaks_the_language_of_its_page_and_leads_there():
    listing = NeedFactory(published=True, deadline=date(2031, 2, 3))
    with override("vi"):
        assert listing.get_absolute_url() in card(listing)
    with override("en"):
        english = card(listing)
        assert "3 Feb 2031" in english
        assert f'href="{listing.get_absolute_url()}"' in english


def test_a_card_is_a_heading_of_its_page():
    listing = NeedFactory(published=True)
    assert "<h2" in card(listing, 2)
    assert "<h3" in card(listing, 3)


@pytest.mark.parametrize(
    ("make", "model"),
    [(NeedFactory, Need), (OfferFactory, TechnologyOffer), (ServiceFactory, Service)],
)
def test_rows_for_cards_bring_all_that_a_card_shows(make, model, django_assert_num_queries):
    # The names of places and prices are kept by the process.
    expected = card(make(published=True))
    with django_assert_num_queries(1):
        (row,) = model.objects.public().for_cards()
        drawn = card(row)
    assert drawn == expected
