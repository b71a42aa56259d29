import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.research import ResultFactory


def run(*args):
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def need_file(tmp_path):
    def write(text: str):
        path = tmp_path / "need.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.django_db
def test_match_prints_candidates_with_their_reasons(index, others, need_file):
    result = ResultFactory()
    index()

    found = json.loads(
        run("match", "--text-file", need_file("Cần sấy xoài lát giữ màu, 500 kg mỗi mẻ"), "--json")
    )

    assert found["abstained"] is False
    first = found["candidates"][0]
    assert (first["kind"], first["id"], first["title"]) == (
        "result",
        result.public_id,
        result.title,
    )
    assert 0 < first["probability"] < 1
    assert first["reasons"][0]["evidence"] in f"{result.abstract} {result.title}"
    assert first["reasons"][0]["text"]


@pytest.mark.django_db
def test_match_lists_even_when_it_abstains(index, others, need_file):
    index()
    found = json.loads(
        run(
            "match",
            "--text-file",
            need_file("Cần đúc sợi para-aramid chống đâm"),
            "--limit",
            "2",
            "--json",
        )
    )
    assert found["abstained"] is True
    assert 0 < len(found["candidates"]) <= 2


@pytest.mark.django_db
def test_match_never_shows_what_was_withdrawn_meanwhile(index, need_file):
    result = ResultFactory()
    index()
    result.withdrawn_at = result.imported_at
    result.save()
    found = json.loads(run("match", "--text-file", need_file("sấy xoài bơm nhiệt"), "--json"))
    assert found["candidates"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"  \n", "is empty"), (b"\xff\xfe\x00", "UTF-8")]
)
def test_match_says_what_is_wrong_with_the_file(search_engine, tmp_path, content, said):
    path = tmp_path / "need.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        run("match", "--text-file", path)


@pytest.mark.django_db
def test_match_without_an_index_says_so(settings, tmp_path, need_file):
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"
    with pytest.raises(CommandError, match="search_rebuild"):
        run("match", "--text-file", need_file("sấy xoài"))


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    corpus = {
        "R1": ("Máy sấy bơm nhiệt cho xoài cắt lát", "Giữ màu xoài ở 45 °C."),
        "R2": ("Xử lý nước thải dệt nhuộm bằng ozone", "Khử màu nước thải."),
        "R3": ("Kit phát hiện bệnh đốm trắng trên tôm", "Que thử tại ao."),
    }
    queries = {"Q1": "giữ màu xoài khi sấy", "Q2": "khử màu nước thải", "Q3": "không có gì"}
    rows = [{"_id": key, "title": title, "text": text} for key, (title, text) in corpus.items()]
    for name, lines in (
        ("corpus.jsonl", rows),
        ("queries.jsonl", [{"_id": k, "text": v} for k, v in queries.items()]),
    ):
        (folder / name).write_text(
            "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8"
        )
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nQ1\tR1\t3\nQ2\tR2\t3\nQ3\tR1\t0\n"
    )
    return folder


@pytest.mark.parametrize("path", ["search", "match"])
@pytest.mark.parametrize("flags", [(), ("--strip-diacritics",)])
def test_evaluate_needs_no_database_and_finds_the_obvious(dataset, path, flags):
    figures = json.loads(run("evaluate", dataset, "--json", "--path", path, *flags))
    assert figures["queries"] == 2
    assert figures["ndcg@10"] == 1
    assert {"mrr@10", "recall@100", "ms_p50", "ms_p95"} <= figures.keys()


def test_evaluate_says_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match="missing"):
        run("evaluate", tmp_path / "nowhere", "--json")
