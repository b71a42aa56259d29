"""Bands of closed prices: told of a field once enough deals of enough organisations are closed, and never of one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import clock
from marketplace.deals.closed_prices import (
    Band,
    ClosedDeal,
    PriceRule,
    bands_of,
    last_quarter_end,
    rule_on,
)
from marketplace.deals.models import ClosedPrice, ContractRecord
from marketplace.deals.services import accept_interest
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.terms import PlanLine, accept_terms, offer_terms
from marketplace.deals.tasks import prices as price_tick
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import read_terms, shipped_edition
from tests.factories.accounts import MembershipFactory
from tests.factories.deals import offered_terms, sent_expression
from tests.factories.listings import OfferFactory

RULE = rule_on(date(2027, 1, 1))
MILLION = 1_000_000


def closed(*prices, buyers=None, sellers=None, fields=("202",)):
    return [
        ClosedDeal(
            (buyers or range(99))[number], 100 + (sellers or range(99))[number], price, fields
        )
        for number, price in enumerate(prices)
    ]


def test_the_middle_half_lies_between_two_edges():
    rows = closed(*(one * MILLION for one in (90, 150, 300, 450, 900, 40_000)))
    assert dict(bands_of(rows, RULE)) == {"202": Band(100 * MILLION, 1000 * MILLION, 5)}
    low = closed(*[3 * MILLION] * 5)
    assert dict(bands_of(low, RULE)) == {"202": Band(0, 10 * MILLION, 5)}
    same = closed(*[200 * MILLION] * 5)
    assert dict(bands_of(same, RULE)) == {"202": Band(200 * MILLION, 500 * MILLION, 5)}
    high = closed(*[900_000 * MILLION] * 12)
    assert dict(bands_of(high, RULE)) == {"202": Band(100_000 * MILLION, None, 10)}


@pytest.mark.parametrize(
    "rows",
    [
        closed(*[100 * MILLION] * 4),
        closed(*[100 * MILLION] * 9, buyers=[1, 1, 1, 1, 1, 2, 3, 4, 4]),
        closed(*[100 * MILLION] * 9, sellers=[1] * 9),
    ],
)
def test_too_few_deals_or_organisations_tell_nothing(rows):
    assert not dict(bands_of(rows, RULE))


@given(st.lists(st.integers(1, 200_000 * MILLION), min_size=5, max_size=30))
def test_no_price_is_an_end_of_a_band_but_by_an_edge(prices):
    band = dict(bands_of(closed(*prices), RULE))["202"]
    assert band.low == 0 or band.low in RULE.edges
    assert band.high is None or (band.high in RULE.edges and band.high > band.low)
    within = [one for one in prices if band.low <= one and (band.high is None or one <= band.high)]
    assert 2 * len(within) >= len(prices)
    assert band.deals <= len(prices)


def test_an_edition_cannot_ask_for_fewer_than_five():
    with pytest.raises(ValueError, match="too few"):
        PriceRule(date(2026, 1, 1), "", "", 4, 5, (1, 2), ())


@pytest.mark.parametrize(
    ("day", "through"),
    [
        (date(2027, 1, 1), date(2026, 12, 31)),
        (date(2027, 3, 31), date(2026, 12, 31)),
        (date(2027, 8, 9), date(2027, 6, 30)),
    ],
)
def test_what_is_told_ends_with_a_quarter(day, through):
    assert last_quarter_end(day) == through


def signed(price, **terms):
    """A contract of two new organisations about an offer of field 20204."""
    seller, buyer = MembershipFactory(), MembershipFactory()
    offer = OfferFactory(
        organization=seller.organization, contact=seller.user, field_codes=["20204"], published=True
    )
    deal = accept_interest(
        sent_expression(offer, by=buyer.user, asker=buyer.organization), by=seller.user
    )
    made = offered_terms()
    made = type(made)(
        **{"price_form": "lump_sum", "contents": made.contents, "plan": (PlanLine("Trả", price),)}
        | terms
    )
    sheet = offer_terms(deal, made, side=seller.organization, by=seller.user)
    accept_terms(sheet, side=buyer.organization, sha256=sheet.sha256, by=buyer.user)
    contract = draw_contract(deal, by=buyer.user)
    for side in (seller, buyer):
        confirm_contract(
            contract,
            side=side.organization,
            sha256=contract.sha256,
            signed_as="owner",
            by=side.user,
        )
    return deal


@pytest.mark.django_db
def test_it_is_made_once_a_quarter_has_ended_and_shown_where_a_buyer_decides(
    frozen_clock, deal, buyer, client
):
    data = shipped_edition("st-fields-2008")
    load_vocabulary(data, terms=read_terms(data.path), shipped=True)
    for price in (110, 120, 130, 140):
        signed(price * MILLION)
    signed(150 * MILLION, currency="USD")
    signed(150 * MILLION, price_form="profit_percent")
    signed(150 * MILLION)
    assert ContractRecord.objects.count() == 7
    assert price_tick() == 0
    next_quarter = last_quarter_end(clock.today() + timedelta(days=92)) + timedelta(days=1)
    frozen_clock.move(days=(next_quarter - clock.today()).days)
    assert price_tick() == 3  # the field and those above it
    assert price_tick() == 0
    row = ClosedPrice.objects.get(field_code="20204")
    assert (row.low, row.high, row.deals) == (100 * MILLION, 200 * MILLION, 5)
    page = client.get(reverse("research:field", args=["20204"])).content.decode()
    assert "100.000.000 đ – 200.000.000 đ" in page
    assert "Sàn không định giá." in page
    assert "110.000.000" not in page
    assert "chưa đủ" in client.get(reverse("research:field", args=["1"])).content.decode()
    client.force_login(buyer)
    terms = reverse("deals:terms", args=[deal.public_id])
    assert "chưa đủ" in client.get(terms).content.decode()
    deal.origin.subject.__class__.objects.update(field_codes=["20204"])
    assert "100.000.000 đ – 200.000.000 đ" in client.get(terms).content.decode()
    assert "never values" in client.get("/en" + terms).content.decode()
    ContractRecord.objects.filter(pk=ContractRecord.objects.latest("pk").pk).update(
        state="discarded", confirmed_at=None
    )
    assert price_tick() == 3
    assert not ClosedPrice.objects.exists()
