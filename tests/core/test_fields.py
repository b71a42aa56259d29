from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.core.fields import Unreadable, parse_money, parse_number, show_number
from marketplace.core.step_forms import posted_rows
from marketplace.listings.forms.rows import SpecificationRows


@pytest.mark.parametrize(
    ("written", "dong"),
    [
        ("1,2 tỷ", 1_200_000_000),
        ("1.2 tỷ", 1_200_000_000),
        ("2 tỉ", 2_000_000_000),
        ("500 triệu", 500_000_000),
        ("800tr", 800_000_000),
        ("1.200.000.000", 1_200_000_000),
        ("1,200,000", 1_200_000),
        ("1 200 000 đồng", 1_200_000),
        ("1 tỷ 250 triệu", 1_250_000_000),
        ("80.000 đồng", 80_000),
        ("350k", 350_000),
        ("2 TỶ ĐỒNG", 2_000_000_000),
        ("0", 0),
    ],
)
def test_money_is_read_as_people_write_it(written, dong):
    assert parse_money(written) == dong


@pytest.mark.parametrize(
    "written", ["", "nhiều", "tỷ", "1,2,3", "-5", "1 tỷ 2 tỷ", "0,5 đồng", "9" * 30]
)
def test_money_that_cannot_be_read_is_refused(written):
    with pytest.raises(Unreadable):
        parse_money(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.200", "1200"),
        ("0,82", "0.82"),
        ("0.82", "0.82"),
        ("12 500", "12500"),
        ("1.200,5", "1200.5"),
        ("1,200.5", "1200.5"),
        ("1.234.567", "1234567"),
        ("-5", "-5"),
    ],
)
def test_number_is_read_as_people_write_it(written, number):
    assert parse_number(written) == Decimal(number)


def test_number_with_one_separator_follows_the_language():
    with override("en"):
        assert parse_number("1,200") == 1200
        assert parse_number("1.200") == Decimal("1.2")
    with override("vi"):
        assert parse_number("1,200") == Decimal("1.2")
        assert parse_number("1.200") == 1200


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("number", ["0.82", "1200", "1200.5", "3.456", "1234567.001"])
def test_number_shown_is_read_back(language, number):
    with override(language):
        assert parse_number(show_number(Decimal(number))) == Decimal(number)


def rows_of(*typed):
    return SpecificationRows(posted_rows("specifications", list(typed)), prefix="specifications")


def test_rows_are_read_and_blank_ones_left_out():
    formset = rows_of(
        {"name": "Năng suất", "operator": "ge", "value": "1.200", "unit": "kg/giờ"},
        {"operator": "ge"},
        {"name": "Nhiệt độ", "operator": "between", "value": "50–45", "unit": "°C"},
        {"name": "Công nhân", "operator": "le", "value": "≤ 4"},
        {"name": "SO2", "operator": "text", "value": "không phát hiện"},
    )

    found = [(r["name"], r["low"], r["high"], r["text"]) for r in formset.rows()]
    assert found == [
        ("Năng suất", 1200, None, ""),
        ("Nhiệt độ", 45, 50, ""),
        ("Công nhân", None, 4, ""),
        ("SO2", None, None, "không phát hiện"),
    ]
    assert formset.unread() == []


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "Năng suất", "operator": "ge", "value": "nhiều"},
        {"name": "Năng suất", "operator": "between", "value": "5"},
        {"name": "Năng suất", "operator": "ge", "value": ""},
        {"name": "", "operator": "ge", "value": "5"},
        {"name": "Năng suất", "operator": "eq", "value": "0,12345678"},
        {"name": "N" * 130, "operator": "ge", "value": "5"},
    ],
)
def test_a_row_that_cannot_be_read_is_kept_as_typed_with_its_neighbours(bad):
    good = {"name": "Khối lượng", "operator": "le", "value": "35", "unit": "g"}
    formset = rows_of(bad, good)

    assert [r["name"] for r in formset.rows()] == ["Khối lượng"]
    assert [r["name"] for r in formset.unread()] == [bad["name"], "Khối lượng"]


def test_a_row_marked_for_removal_is_gone_even_where_it_cannot_be_read():
    formset = rows_of({"name": "Năng suất", "value": "nhiều", "DELETE": "on"})

    assert formset.rows() == []
    assert formset.unread() == []
