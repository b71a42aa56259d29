"""Figures of a ranking, on a collection small enough to count by hand."""

import gzip
import json
import math

import pytest

from search.evaluation import (
    SearchRanker,
    evaluate,
    indexed,
    load_dataset,
    ndcg,
    recall,
    reciprocal_rank,
)


@pytest.fixture(params=["plain", "packed"])
def folder(request, tmp_path):
    def write(name: str, text: str) -> None:
        if request.param == "packed":
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (tmp_path / name).write_text(text)

    documents = [
        {"_id": "a", "title": "Máy sấy xoài", "text": "Sấy lạnh."},
        {"_id": "b", "title": "", "text": "Xử lý nước thải dệt nhuộm"},
        {"_id": "c", "title": "Giống lúa", "text": "Lúa chịu mặn"},
    ]
    queries = [
        {"_id": "q1", "text": "máy sấy"},
        {"_id": "q2", "text": "nước thải"},
        {"_id": "q3", "text": "không ai chấm"},
        {"_id": "q4", "text": "chỉ có điểm không"},
    ]
    write("corpus.jsonl", "\n".join(json.dumps(row) for row in documents) + "\n\n")
    write("queries.jsonl", "\n".join(json.dumps(row) for row in queries))
    write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\ta\t2\nq2\tb\t1\nq4\ta\t0\nq9\ta\t1\n")
    return tmp_path


def test_only_judged_queries_count(folder):
    assert load_dataset(folder).queries == {"q1": "máy sấy", "q2": "nước thải"}


def test_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"corpus\.jsonl"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("strip", [False, True])
def test_search_path_end_to_end(folder, strip):
    dataset = load_dataset(folder)
    with indexed(dataset) as engine:
        figures = evaluate(dataset, SearchRanker(engine), strip_diacritics=strip)
    assert figures["queries"] == 2
    assert figures["ndcg@10"] == figures["mrr@10"] == figures["recall@100"] == 1.0
    assert figures["ms_p95"] >= figures["ms_p50"] > 0


def test_any_ranking_can_be_measured(folder):
    dataset = load_dataset(folder)
    assert evaluate(dataset, lambda text: ["c", "a"])["mrr@10"] == 0.25
    asked = []
    evaluate(dataset, lambda text: asked.append(text) or [], strip_diacritics=True)
    assert asked == ["may say", "nuoc thai"]


def test_gain_and_discount():
    grades = {"a": 3, "b": 1, "c": 0}
    ideal = 7 + 1 / math.log2(3)
    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) == pytest.approx((1 + 7 / math.log2(3)) / ideal)
    assert ndcg(["c", "x"], grades) == 0.0
    assert ndcg(["a"], {"c": 0}) == 0.0


def test_depths():
    ranked = [str(n) for n in range(200)]
    assert reciprocal_rank(ranked, {"9": 1}) == 0.1
    assert reciprocal_rank(ranked, {"10": 1}) == 0.0
    assert recall(ranked, {"99": 1, "100": 1}) == 0.5
    assert recall(ranked, {}) == 0.0
