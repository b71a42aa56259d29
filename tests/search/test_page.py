"""The public search page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from search import facets
from search.facets import Facet, register_facet
from search.sync import sync_all
from tests.search.sources import make_result, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, index):
    def get(**query):
        sync_all()
        return client.get(reverse("search:search"), query)

    return get


def test_page_is_public_and_shows_highlighted_hits(ask):
    make_result("Máy sấy xoài", abstract="Sấy lạnh giữ màu. Không dùng lưu huỳnh.", trl=8)
    response = ask(q="say luu huynh")
    assert response.status_code == 200
    text = response.content.decode()
    assert "1 kết quả" in text
    assert "<mark>lưu huỳnh</mark>" in text
    assert 'value="say luu huynh"' in text


def test_restored_marks_are_told(ask):
    make_result("Máy sấy xoài")
    assert "Gồm cả kết quả cho “máy sấy xoài”" in ask(q="may say xoai").content.decode()


@pytest.mark.parametrize("typed", ["sấy xoài", "say xoai"])
def test_english_record_says_which_form_brought_it(ask, typed):
    make_result("Sấy xoài bằng bơm nhiệt")
    make_result("Convective drying of mango slices", abstract="A pilot line in the delta.")
    text = ask(q=typed).content.decode()
    assert "Tìm cả:" in text
    assert text.count("Có “mango”, tức “xoài”") == 1
    assert "<mark>mango</mark>" in text


def test_abbreviation_shows_its_meanings_and_the_field_decides(ask):
    text = ask(q="CNC").content.decode()
    assert "công nghệ cao (trong chính sách và nông nghiệp" in text
    assert "computer numerical control (trong cơ khí" in text
    text = ask(q="CNC", **{"linh-vuc": "203"}).content.decode()
    assert "điều khiển số" in text
    assert "công nghệ cao" not in text


def test_nothing_found_offers_to_post_a_need_with_the_words(ask):
    make_result("Lò hơi")
    response = ask(q="sấy thăng hoa & nhân sâm")
    text = response.content.decode()
    assert "0 kết quả" in text
    link = next(part for part in text.split('"') if "?text=" in part)
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query)["text"] == [
        "sấy thăng hoa & nhân sâm"
    ]


def test_no_words_lists_everything(ask):
    make_result("Lò hơi")
    make_result("Máy sấy")
    assert "2 kết quả" in ask().content.decode()


def test_filters_counts_and_chips(ask):
    make_result("Máy sấy A", trl=3)
    make_result("Máy sấy B", trl=8)
    response = ask(q="máy sấy", **{"san-sang": "8-9", "page": "1"})
    assert response.context["results"].total == 1
    groups = {group["name"]: group["options"] for group in response.context["groups"]}
    assert {o["value"]: (o["count"], o["checked"]) for o in groups["san-sang"]} == {
        "1-5": (1, False),
        "8-9": (1, True),
    }
    (chip,) = response.context["chips"]
    assert parse_qs(chip["url"][1:]) == {"q": ["máy sấy"]}


def test_labels_of_registered_facets(ask, index, monkeypatch):
    monkeypatch.setattr(facets, "_facets", dict(facets._facets))
    register_facet(Facet("province", "Tỉnh", (), lambda: {"01": "Hà Nội"}))
    response = ask(q="máy", tinh="01")
    assert [chip["label"] for chip in response.context["chips"]] == ["Hà Nội"]


@pytest.mark.parametrize(
    "query",
    [
        {"loai": "nonsense"},
        {"san-sang": "x"},
        {"sap-xep": "x"},
        {"page": "-1"},
        {"page": "99999999999"},
        {"page": "abc"},
        {"tinh": "x" * 500},
        {"q": "x" * 5_000},
        {"q": '"-OR trl:>='},
        {"q": "\x00"},
    ],
)
def test_strange_addresses_are_no_errors(ask, query):
    make_result()
    assert ask(**query).status_code == 200


def test_pages(ask):
    for n in range(25):
        make_result(f"Máy sấy {n}")
    first, last, beyond = (ask(q="máy sấy", page=str(n)) for n in (1, 2, 9))
    assert [len(answer.context["hits"]) for answer in (first, last, beyond)] == [20, 5, 5]
    assert "q=m%C3%A1y" in first.content.decode()


def test_sorting(ask):
    make_result("Máy sấy")
    for sort in ("moi", "han"):
        response = ask(q="máy sấy", **{"sap-xep": sort})
        assert [option["value"] for option in response.context["sorts"] if option["chosen"]] == [
            sort
        ]


def test_withdrawn_is_not_shown_by_a_stale_index(client, ask):
    result = make_result("Máy sấy bí mật")
    ask()
    withdraw(result)
    response = client.get(reverse("search:search"), {"q": "máy sấy bí mật"})
    assert result.public_id not in response.content.decode()


def test_number_of_queries_does_not_grow(client, index):
    def queries() -> int:
        sync_all()
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("search:search"), {"q": "máy sấy", "san-sang": ["1-5", "8-9"]})
        return len(captured)

    make_result("Máy sấy", trl=8)
    queries()
    with_one = queries()
    for n in range(3):
        make_result(f"Máy sấy {n}", trl=3)
    assert queries() == with_one


def test_engine_down_says_so_and_keeps_the_words(client, index):
    response = client.get(reverse("search:search"), {"q": "máy sấy"})
    assert response.status_code == 200
    text = response.content.decode()
    assert "Tìm kiếm đang được khôi phục" in text
    assert 'value="máy sấy"' in text


def test_in_english(client, index):
    make_result()
    sync_all()
    assert client.get(f"/en/{reverse('search:search').lstrip('/')}").status_code == 200
