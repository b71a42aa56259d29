"""What is offered while somebody types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from search import facets
from search.documents import Document
from search.facets import Facet, register_facet
from search.sync import sync_all
from search.views import suggesting
from tests.search.sources import make_result, withdraw


def _document(key: str, title: str, kind: str = "result") -> Document:
    return Document(kind=kind, key=key, title=title, text="")


@pytest.fixture
def titles(engine):
    engine.rebuild(
        [
            _document("1", "Máy sấy bơm nhiệt cho xoài"),
            _document("2", "Nghiên cứu máy sấy thăng hoa"),
            _document("3", "Bão hòa ẩm trong kho lạnh"),
            _document("4", "Hoàn tất vải kháng khuẩn"),
            _document("5", "Machine vision for sorting fruit"),
            _document("6", "Viện Máy và Dụng cụ", kind="organization"),
            _document("7", "Quy trình sấy máy bơm"),
        ]
    )
    return lambda typed, **kwargs: [hit.key for hit in engine.suggest(typed, **kwargs)]


@pytest.mark.parametrize(
    "typed", ["máy sấ", "may sa", "MAY SAY", "máy sấy", "ma\u0301y sa\u0302\u0301", "  may   say "]
)
def test_titles_that_begin_so_come_first(titles, typed):
    assert titles(typed)[:2] == ["1", "2"]


@pytest.mark.parametrize("typed", ["bão hòa", "bão hoà", "bao hoa"])
def test_old_and_new_tone_marks_are_one(titles, typed):
    assert titles(typed) == ["3"]


def test_marks_that_were_typed_are_meant(titles):
    assert titles("hòa")[:2] == ["3", "4"]


def test_words_may_stand_apart(titles):
    assert titles("máy lạ") == []
    assert "7" in titles("sấy bơ")


@pytest.mark.parametrize("typed", ["mach", "machine", "machine vis", "vision for sor"])
def test_english_titles(titles, typed):
    assert titles(typed) == ["5"]


def test_only_the_kinds_asked_for(titles):
    assert titles("máy", kinds=("organization",)) == ["6"]


def test_no_more_than_asked_for(titles):
    assert len(titles("máy", limit=2)) == 2
    assert titles("máy", limit=0) == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "m",
        "-",
        '"',
        "()*",
        "x" * 5_000,
        "\x00",
        "_",
        "a_b",
        "máy sấy \x00",
        "🥭",
        "may OR",
        "&&",
        "ﬁ",
        "İ",
    ],
)
def test_anything_may_be_typed(titles, typed):
    titles(typed)


@pytest.fixture
def offered(client, index):
    def get(typed, prefix=""):
        response = client.get(f"{prefix}{reverse('search:suggestions')}", {"q": typed})
        assert response.status_code == 200
        return {
            group["label"]: [
                ("".join(text for text, _is_match in option["parts"]), option["url"])
                for option in group["options"]
            ]
            for group in response.json()["groups"]
        }

    return get


@pytest.mark.django_db
def test_answer_holds_titles_with_their_addresses(offered):
    result = make_result("Máy sấy xoài")
    sync_all()
    assert offered("may sa") == {"Trên sàn": [("Máy sấy xoài", result.get_absolute_url())]}


@pytest.mark.django_db
def test_answer_holds_choices_of_the_filters(offered, monkeypatch):
    monkeypatch.setattr(facets, "_facets", dict(facets._facets))
    suggesting._spelled.cache_clear()
    register_facet(Facet("province", "Tỉnh", (), lambda: {"zz": "Đồng Xoài Thử"}))
    sync_all()
    assert offered("dong xoai th")["Lọc theo danh mục"] == [
        ("Đồng Xoài Thử", f"{reverse('search:search')}?tinh=zz")
    ]


@pytest.mark.django_db
def test_withdrawn_is_not_offered_by_a_stale_index(offered):
    result = make_result("Máy sấy bí mật")
    sync_all()
    withdraw(result)
    assert offered("máy sấy bí") == {}


@pytest.mark.django_db
def test_no_index_offers_no_titles(offered):
    make_result("Máy sấy xoài")
    assert "Trên sàn" not in offered("máy sấy")


@pytest.mark.django_db
def test_a_key_asks_no_more_of_many_titles_than_of_one(offered, django_assert_num_queries):
    """How long it takes is for the benchmark; here, that it does not grow."""
    make_result("Máy sấy số 0")
    sync_all()
    offered("máy sấ")
    with CaptureQueriesContext(connection) as first:
        assert offered("máy sấ")["Trên sàn"]
    asked = len(first)
    for number in range(1, 30):
        make_result(f"Máy sấy số {number}")
    sync_all()
    offered("máy sấ")
    with django_assert_num_queries(asked):
        assert len(offered("máy sấ")["Trên sàn"]) == 5
