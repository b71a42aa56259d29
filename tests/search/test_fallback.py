"""The engine is away: pages still answer, quickly, with what the database can list."""

import time

import pytest

from marketplace.research.models import Result
from search.fallback import WINDOW, listing
from search.queries import Query
from tests.search.sources import make_result, withdraw

pytestmark = pytest.mark.django_db


def titles(query: Query) -> list[str]:
    return [hit.title for hit, _row in listing(query).hits]


def test_newest_with_the_words_in_the_title(index):
    make_result("Máy sấy xoài cũ")
    make_result("Lò hơi")
    make_result("MÁY SẤY hạt điều")
    assert titles(Query("may say")) == ["MÁY SẤY hạt điều", "Máy sấy xoài cũ"]
    assert titles(Query("máy sấy của xoài")) == ["Máy sấy xoài cũ"]
    assert titles(Query("")) == ["MÁY SẤY hạt điều", "Lò hơi", "Máy sấy xoài cũ"]


def test_operators_are_no_error(index):
    make_result("Máy sấy xoài")
    assert titles(Query('"máy sấy" loại:"Kết quả" -lò')) == ["Máy sấy xoài"]
    assert titles(Query('"( * \x00 ' + "x" * 9_000)) == []


def test_only_what_the_person_may_see(index):
    withdraw(make_result("Máy sấy kín"))
    assert titles(Query("sấy")) == []


def test_chosen_kinds(index):
    make_result()
    assert titles(Query(kinds=("result",))) == ["Máy sấy xoài"]
    assert titles(Query(kinds=("need",))) == []


def test_pages(index, django_assert_max_num_queries):
    for n in range(5):
        make_result(f"Máy {n}")
    with django_assert_max_num_queries(3):
        page = listing(Query("máy", offset=2, limit=2))
    assert [hit.title for hit, _row in page.hits] == ["Máy 2", "Máy 1"]
    assert (page.total, page.is_cut) == (5, False)


def test_time_does_not_grow_with_the_table(index):
    Result.objects.bulk_create(
        Result(source="t", source_id=str(n), title=f"Thiết bị số {n}", content_hash="x")
        for n in range(3 * WINDOW)
    )
    started = time.perf_counter()
    page = listing(Query("thiết bị"))
    assert time.perf_counter() - started < 5  # seconds; of a machine that does much else
    assert (page.total, page.is_cut) == (WINDOW, True)


def test_page_says_so_and_lists(client, settings, tmp_path, index):
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"
    for n in range(25):
        make_result(f"Máy sấy {n}")
    client.get("/tim-kiem/")  # templates are read once
    started = time.perf_counter()
    text = client.get("/tim-kiem/?q=may+say&page=99").content.decode()
    assert time.perf_counter() - started < 5  # seconds; of a machine that does much else
    assert "Tìm kiếm đang được khôi phục" in text
    assert "Mới nhất có những từ này trong tên" in text
    assert text.count('class="hit') >= 5  # the last page there is
