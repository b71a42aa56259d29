"""The one door of the search: pages, sorts and failures with the second stage in between."""

from dataclasses import replace

import pytest

from search.documents import Document
from search.engines import SearchUnavailable, get_engine
from search.queries import Query, Sort
from search.searching import BLOCK, find

MANY = BLOCK + 60


def document(number: int, title: str = "", text: str = "", **facts) -> Document:
    return Document("result", f"{number:03}", title or "Máy sấy", text, **facts)


@pytest.fixture
def full(engine):
    filler = "thiết bị đo lường trong phòng thử nghiệm "
    engine.rebuild(
        document(
            number,
            f"Máy sấy {number}",
            "sấy " * (number % 7) + filler * (number % 5) + "xoài lạnh " * (number % 3),
            numbers={"published": 740_000 + number},
            facets={"field": (str(number % 2),)},
        )
        for number in range(MANY)
    )
    return engine


def keys(engine, text: str, **query) -> list[str]:
    return [hit.key for hit in find(Query(text, **query), engine=engine).hits]


class TestPages:
    @pytest.mark.parametrize("size", [1, 7, 20, BLOCK, BLOCK + 1, MANY * 2])
    def test_pages_join_without_gap_or_repetition(self, full, size):
        whole = keys(full, "máy sấy xoài", limit=MANY * 2)
        assert len(whole) == len(set(whole)) == full.search(Query("máy sấy xoài")).total
        step = max(size, 20)  # a page of one is tried at the edges only
        offsets = range(0, len(whole), step) if size > 1 else (0, BLOCK - 1, BLOCK, BLOCK + 1)
        for offset in offsets:
            page = keys(full, "máy sấy xoài", offset=offset, limit=size)
            assert page == whole[offset : offset + size]

    def test_beyond_the_block_the_engine_decides(self, full):
        asked = Query("máy sấy xoài", offset=BLOCK, limit=20)
        assert find(asked, engine=full).hits == full.search(asked).hits

    def test_page_across_the_edge(self, full):
        across = keys(full, "máy sấy xoài", offset=BLOCK - 5, limit=10)
        assert across == [
            *keys(full, "máy sấy xoài", offset=BLOCK - 5, limit=5),
            *keys(full, "máy sấy xoài", offset=BLOCK, limit=5),
        ]

    def test_the_order_is_not_the_engines(self, full):
        asked = Query("máy sấy xoài", limit=BLOCK)
        ours, theirs = find(asked, engine=full).hits, full.search(asked).hits
        assert ours != theirs
        assert sorted(ours, key=lambda hit: hit.id) == sorted(theirs, key=lambda hit: hit.id)


class TestUntouched:
    @pytest.mark.parametrize("sort", ["newest", "deadline"])
    def test_other_sorts(self, full, sort: Sort):
        asked = Query("máy sấy", sort=sort)
        assert find(asked, engine=full).hits == full.search(asked).hits

    @pytest.mark.parametrize("text", ["", "  ", "-sấy"])
    def test_queries_without_words(self, full, text):
        assert find(Query(text), engine=full).hits == full.search(Query(text)).hits

    def test_counts_facets_and_what_was_understood(self, full):
        asked = Query("may say xoai", facets=("field",), filters={"field": ("1",)})
        ours, theirs = find(asked, engine=full), full.search(asked)
        assert ours.understood == theirs.understood == "máy sấy xoài"
        assert (ours.total, ours.facets, ours.relaxed) == (
            theirs.total,
            theirs.facets,
            theirs.relaxed,
        )

    def test_relaxed_is_told(self, full):
        assert find(Query("sấy vũ trụ"), engine=full).relaxed

    def test_no_hits_wanted(self, full):
        asked = Query("máy sấy", limit=0)
        assert find(asked, engine=full).total == MANY

    def test_failure_passes_through(self, tmp_path):
        with pytest.raises(SearchUnavailable):
            find(Query("máy sấy"), engine=get_engine(f"embedded://{tmp_path}/nothing"))


class TestOrder:
    def test_words_that_stand_together_come_first(self, engine):
        filler = "thiết bị đo lường cho phòng thử nghiệm của trường " * 6
        far = f"xoài {filler} sấy {filler} lạnh"
        near = f"{filler} sấy lạnh xoài {filler}"
        engine.rebuild([document(1, "Một", far), document(2, "Hai", near)])
        assert keys(engine, "xoài sấy lạnh") == ["002", "001"]
        assert keys(engine, "xoai say lanh") == ["002", "001"]

    def test_demanded_and_refused_are_still_so(self, engine):
        engine.rebuild(
            [
                document(1, "Sấy lạnh xoài", "không dùng lưu huỳnh"),
                document(2, "Sấy xoài lạnh"),
                document(3, "Lò hơi"),
            ]
        )
        assert keys(engine, '"sấy lạnh" xoài') == ["001"]
        assert keys(engine, "sấy xoài -huỳnh") == ["002"]
        assert set(keys(engine, "lạnh OR lò hơi")) == {"001", "002", "003"}

    def test_number_first(self, engine):
        documents = [document(n, "Máy sấy xoài 2019", "02 566 KQNC sấy xoài") for n in range(30)]
        documents.append(document(99, "Giống lúa", codes=("2019-02-566/KQNC",)))
        engine.rebuild(documents)
        assert keys(engine, "máy sấy xoài 2019-02-566/KQNC")[0] == "099"

    def test_phrase_of_an_abbreviation_counts(self, engine):
        engine.rebuild(
            [
                document(1, "Khung dệt vải", "Nhuộm vải cho làng nghề dệt."),
                document(2, "Khung dệt vải", "Xử lý nước thải nhuộm cho làng nghề dệt."),
            ]
        )
        assert keys(engine, "XLNT dệt nhuộm", match="any") == ["002", "001"]

    def test_asking_twice_is_the_same(self, full):
        asked = Query("máy sấy xoài lạnh")
        first, second = find(asked, engine=full), find(asked, engine=full)
        assert replace(first, took_ms=0) == replace(second, took_ms=0)
