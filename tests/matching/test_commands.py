import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from marketplace.matching import fitting
from marketplace.matching.meaning import meaning_source
from marketplace.matching.models import WeightSet
from marketplace.matching.scoring import DEFAULT_WEIGHTS
from marketplace.matching.scoring.weights import read_weights
from marketplace.matching.weighing import active_weights
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


def test_evaluate_of_matching_stands_beside_bm25(dataset):
    figures = json.loads(run("evaluate", dataset, "--json", "--path", "match"))
    assert figures["bm25"]["ndcg@10"] == 1
    assert "bm25" not in json.loads(run("evaluate", dataset, "--json"))
    assert "BM25" in run("evaluate", dataset, "--path", "match", "--queries", "1")


def test_ablation_adds_one_component_after_the_other_in_a_column_a_set(dataset):
    table = json.loads(run("evaluate", dataset, "--ablation", "--json", "--strip-diacritics"))
    assert list(table) == ["set", "set, bare"]
    rows = table["set"]
    assert list(rows)[:2] == ["BM25", "words by field"]
    assert {"+ proximity", "+ vocabulary", "+ elements", "+ quantities"} <= rows.keys()
    assert list(rows)[-1] == "+ negation"  # nothing tells likeness of meaning
    assert rows["+ negation"]["ndcg@10"] == 1
    printed = run("evaluate", dataset, "--ablation").splitlines()
    assert printed[0] == "| | set |"
    assert printed[2].startswith("| BM25 | 1.000 / 1.000 |")


def test_ablation_has_a_line_for_each_component_that_is_removed(dataset):
    rows = json.loads(run("evaluate", dataset, "--ablation", "removed", "--json"))["set"]
    assert list(rows)[0] == "nothing"
    assert list(rows)[-2:] == ["all but words", "BM25"]
    assert {"words", "pairs", "passage", "title", "feedback", "elements"} <= rows.keys()
    assert ("semantic" in rows) == (meaning_source() is not None)


def test_evaluate_measures_one_set_at_a_time(dataset):
    with pytest.raises(CommandError, match="ablation"):
        run("evaluate", dataset, dataset, "--json")


def test_evaluate_takes_weights_from_a_file_and_says_what_is_wrong_with_it(dataset, tmp_path):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(DEFAULT_WEIGHTS.to_data()))
    assert json.loads(run("evaluate", dataset, "--json", "--path", "match", "--weights", path))
    path.write_text("{}")
    with pytest.raises(CommandError, match="missing"):
        run("evaluate", dataset, "--json", "--path", "match", "--weights", path)


@pytest.mark.django_db
def test_fit_weights_keeps_what_holds_against_bm25(dataset, tmp_path):
    path = tmp_path / "fitted.json"
    told = json.loads(
        run(
            "fit_weights", dataset, "--new-version", "t1", "--folds", "2", "--json", "--keep",
            "--write", path, "--calibrate", dataset,
        )
    )  # fmt: skip
    assert told["figures"]["set"]["after"] >= told["figures"]["set"]["bm25"] == 1
    assert "abstention_recall" in told["figures"]["probability, words"]
    kept = WeightSet.objects.get(version="t1")
    assert read_weights(kept.data) == read_weights(json.loads(path.read_text()))
    assert active_weights().version == DEFAULT_WEIGHTS.version


def test_fit_weights_fits_the_probability_alone(dataset, tmp_path):
    path = tmp_path / "fitted.json"
    run(
        "fit_weights", "--new-version", "t3", "--write", path,
        "--calibrate", dataset, "--across", dataset, dataset,
    )  # fmt: skip
    fitted = read_weights(json.loads(path.read_text()))
    assert fitted.version == "t3"
    assert fitted.short == DEFAULT_WEIGHTS.short
    assert fitted.calibration != DEFAULT_WEIGHTS.calibration
    # The same needs in fewer words are pairs of the same groups, told of apart.
    short = dataset / "short"
    short.mkdir()
    (short / "queries.jsonl").write_text(
        '{"_id": "Q1/title", "text": "sấy xoài"}\n{"_id": "Q3/title", "text": "không có"}\n'
    )
    (short / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nQ1/title\tR1\t3\nQ3/title\tR1\t0\n"
    )
    told = json.loads(
        run(
            "fit_weights",
            "--new-version",
            "t3",
            "--json",
            "--calibrate",
            dataset,
            "--shorter",
            short,
        )
    )
    figures = told["figures"]["probability, words"]
    assert figures["in_fewer_words"]["pairs"] > 0
    assert told["weights"]["calibration"] != fitted.to_data()["calibration"]
    with pytest.raises(CommandError, match="--calibrate"):
        run("fit_weights", "--new-version", "t4")


@pytest.mark.django_db
def test_fit_weights_refuses_what_loses_against_bm25(dataset, monkeypatch):
    worse = DEFAULT_WEIGHTS
    for part in ("engine", "pairs", "passage", "title", "feedback"):
        worse = worse.without(part)
    backwards = replace(
        worse,
        short={tongue: replace(end, words=-1.0) for tongue, end in worse.short.items()},
    )
    monkeypatch.setattr(fitting, "climb", lambda judged, start: backwards)
    with pytest.raises(CommandError, match="lose against BM25 on set"):
        run("fit_weights", dataset, "--new-version", "t2", "--folds", "2", "--activate")
    assert not WeightSet.objects.exists()


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
