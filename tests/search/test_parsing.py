"""The query language takes anything: what it cannot read as an operator is words."""

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from search import facets
from search.facets import Facet, register_facet
from search.parsing import LONGEST_QUERY, Branch, parse


@pytest.fixture(autouse=True)
def _provinces(monkeypatch):
    monkeypatch.setattr(facets, "_facets", dict(facets._facets))
    register_facet(
        Facet("province", "Tỉnh", (), lambda: {"01": "Hà Nội", "79": "Thành phố Hồ Chí Minh"})
    )
    register_facet(Facet("field", "Lĩnh vực", (), lambda: {"211": "Kỹ thuật thực phẩm"}))


def test_words_phrases_and_refusals():
    parsed = parse('máy sấy "bơm nhiệt" -điện -"lò than"')
    assert parsed.branches == (Branch("máy sấy", ("bơm nhiệt",), ("lò than", "điện")),)


@pytest.mark.parametrize("sign", ["OR", "HOẶC", "|"])
def test_or_parts_the_whole_query(sign):
    parsed = parse(f"máy sấy {sign} lò sấy")
    assert [branch.words for branch in parsed.branches] == ["máy sấy", "lò sấy"]


def test_or_inside_a_phrase_is_a_word():
    assert parse('"sấy OR nướng"').branches == (Branch("", ("sấy OR nướng",)),)


def test_hyphens_inside_words_refuse_nothing():
    assert parse("C-130 e-mail 5 - 7").branches == (Branch("C-130 e-mail 5 - 7"),)


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("tỉnh:79 sấy", {"province": ("79",)}),
        ('tinh:"Hà Nội" sấy', {"province": ("01",)}),
        ("province:ha_noi sấy", {"province": ("01",)}),
        ('tỉnh: "hồ chí minh" sấy', {"province": ("79",)}),
        ("lĩnh vực:211 sấy", {"field": ("211",)}),
        ("linhvuc:211 sấy", {"field": ("211",)}),
        ("field:211 sấy", {"field": ("211",)}),
        ('field:"thực phẩm" tỉnh:01 tỉnh:79 sấy', {"field": ("211",), "province": ("01", "79")}),
    ],
)
def test_prefix_filters(typed, filters):
    parsed = parse(typed)
    assert parsed.filters == filters
    assert parsed.words == "sấy"


@pytest.mark.parametrize(
    ("typed", "ranges"),
    [
        ("trl:7", {"trl": (7, 7)}),
        ("trl:>=7", {"trl": (7, None)}),
        ("TRL:≥7", {"trl": (7, None)}),
        ("trl:>7", {"trl": (8, None)}),
        ("trl:<4", {"trl": (None, 3)}),
        ("trl:6-8", {"trl": (6, 8)}),
        ("năm:2019..2021", {"year": (2019, 2021)}),
        ("giá:<=1.200.000", {"price": (None, 1_200_000)}),
        ("hạn:>=31/12/2026", {"deadline": (739_981, None)}),
        ("deadline:2026-12-31", {"deadline": (739_981, 739_981)}),
    ],
)
def test_number_ranges(typed, ranges):
    parsed = parse(f"{typed} sấy")
    assert parsed.ranges == ranges
    assert parsed.words == "sấy"


@pytest.mark.parametrize(
    "typed", ["trl:cao", "tỉnh:Atlantis", "http://a.b", "lạ:lùng", "hạn:99/99/2026"]
)
def test_unreadable_prefix_is_words(typed):
    parsed = parse(typed)
    assert parsed.words == typed
    assert not parsed.filters
    assert not parsed.ranges


def test_prefix_is_words_where_the_labels_cannot_be_read():
    def unreadable():
        raise OperationalError

    register_facet(Facet("province", "Tỉnh", (), unreadable))
    assert parse("tỉnh:79 sấy").words == "tỉnh:79 sấy"


def test_long_and_pasted_text_has_no_operators():
    text = '-một "hai" OR trl:7 ' * 30
    assert len(text) > LONGEST_QUERY
    assert parse(text).branches == (Branch(text.strip()),)
    assert len(parse("máy sấy\n-than").branches) == 1


@pytest.mark.parametrize("typed", ["", "   ", '""'])
def test_nothing_asked(typed):
    assert parse(typed).branches == ()


@given(st.text(alphabet=st.sampled_from('aă -"“”:|ORtrl>=<.0123/()&*^~[]\\\u0301'), max_size=60))
def test_anything_parses(typed):
    parse(typed)
