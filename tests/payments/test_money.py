"""Sums are whole, and two currencies meet only by a rate with its day."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.currencies import currencies
from marketplace.payments.editions import banks, fees, standing
from marketplace.payments.models import ExchangeRate
from marketplace.payments.money import Money, converted, from_decimal
from marketplace.payments.services.ledger import NoRate, convert

CODES = st.sampled_from(sorted(currencies()))


@given(st.integers(-(10**15), 10**15), CODES)
def test_minor_units_and_main_units_are_the_same_sum(amount, code):
    money = Money(amount, code)
    assert from_decimal(money.decimal, code) == money


def test_dong_have_nothing_below_and_dollars_have_cents():
    assert str(Money(50_000, "VND")) == "50.000 đ"
    assert str(Money(1_250, "USD")) == "12,50 USD"
    with translation.override("en"):
        assert str(Money(1_250, "USD")) == "12.50 USD"
    with pytest.raises(ValueError, match="0.5"):
        from_decimal(Decimal("0.5"), "VND")


def test_two_currencies_are_not_added():
    with pytest.raises(ValueError, match="rate"):
        Money(1, "VND") + Money(1, "USD")


@given(st.integers(1, 10**9), st.decimals("0.0001", "100000", places=4))
def test_a_conversion_is_off_by_half_a_unit_at_most(amount, rate):
    money = Money(amount, "USD")
    exact = money.decimal * rate
    assert abs(converted(money, "VND", rate).decimal - exact) <= Decimal("0.5")


@pytest.mark.django_db
def test_no_conversion_by_another_days_rate():
    ExchangeRate.objects.create(
        base="USD", quote="VND", on=date(2026, 11, 11), rate="25430", source="NHNN"
    )
    assert convert(Money(1_250, "USD"), "VND", on=date(2026, 11, 11)) == Money(317_875, "VND")
    with pytest.raises(NoRate):
        convert(Money(1_250, "USD"), "VND", on=date(2026, 11, 12))


def test_what_is_shipped_says_where_it_comes_from():
    for name in ("banks", "fees"):
        found = standing(name)
        assert found.source
        assert found.status in {"verified", "under_review"}
    assert all(len(bank) == 6 and bank.isdigit() for bank in banks())
    assert all(fee.amount > 0 and fee.currency in currencies() for fee in fees().values())
