"""Stored queries over a scratch index of new documents find what the product's index would."""

import os
import tempfile
from pathlib import Path

import pytest

from search.documents import Document
from search.engines.base import SearchUnavailable
from search.queries import Query
from search.reverse import answering, matching_queries, scratch_index

DOCUMENTS = [
    Document("result", "a", "Máy sấy xoài", "Sấy lạnh giữ màu.", numbers={"trl": 8}),
    Document("result", "b", "Lò hơi đốt trấu", "Hơi bão hòa cho nhà máy.", codes=("KQ015440",)),
    Document(
        "offer",
        "c",
        "Xử lý nước thải dệt nhuộm",
        "Lọc màng và ozone.",
        facets={"province": ("75",)},
        numbers={"published": 739000},
    ),
]

QUERIES = {
    "words": (Query("sấy xoài"), ["result:a"]),
    "without marks": (Query("say xoai"), ["result:a"]),
    "phrase": (Query('"nước thải"'), ["offer:c"]),
    "not": (Query("máy -xoài"), ["result:b"]),
    "either": (Query("xoài OR trấu"), ["result:a", "result:b"]),
    "number": (Query("kq 015440"), ["result:b"]),
    "range": (Query("trl:>=7"), ["result:a"]),
    "kind alone": (Query(kinds=("offer",)), ["offer:c"]),
    "facet": (Query(filters={"province": ("75",)}), ["offer:c"]),
    "both filters": (Query("nước", kinds=("result",)), []),
    "no such word": (Query("vắc xin"), []),
    "some of many words": (
        Query("máy sấy thăng hoa sầu riêng đông lạnh"),
        ["result:a", "result:b"],
    ),
    "any of many words": (Query("màng đất hiếm Lai Châu"), []),
    "everything": (Query(), ["offer:c", "result:a", "result:b"]),
}


def test_each_query_gets_its_documents():
    found = dict(
        matching_queries(DOCUMENTS, ((name, query) for name, (query, _) in QUERIES.items()))
    )
    assert {name: sorted(ids) for name, ids in found.items()} == {
        name: ids for name, (_, ids) in QUERIES.items() if ids
    }


@pytest.mark.parametrize("sort", ["relevance", "newest", "deadline"])
def test_order_and_page_of_the_stored_query_say_nothing(sort):
    query = Query("sấy OR hơi", sort=sort, offset=40, limit=1, facets=("kind",))
    assert sorted(dict(matching_queries(DOCUMENTS, [("q", query)]))["q"]) == [
        "result:a",
        "result:b",
    ]


def test_all_documents_are_found_however_many():
    many = [Document("result", f"{n}", f"Máy sấy số {n}", "Sấy.") for n in range(1203)]
    with scratch_index(many) as engine:
        found = answering(Query("máy sấy"), engine=engine)
        assert len(set(found.ids)) == found.total == 1203
        some = answering(Query("máy sấy"), engine=engine, most=7)
        assert (len(some.ids), some.total) == (7, 1203)


def test_no_documents_answer_nothing():
    assert dict(matching_queries([], [("q", Query("sấy"))])) == {}


def test_scratch_index_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "exchange-scratch-left"
    left.mkdir()
    os.utime(left, (0, 0))
    with scratch_index(DOCUMENTS) as engine:
        assert engine.count() == 3
        assert len(list(Path(tmp_path).iterdir())) == 1
    assert list(Path(tmp_path).iterdir()) == []
    with pytest.raises(SearchUnavailable):
        answering(Query("sấy"), engine=engine)
