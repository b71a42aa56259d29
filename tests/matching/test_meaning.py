"""Likeness of meaning at its seam: with the tiniest encoder, and vectors in a plain list."""

import json
from dataclasses import dataclass, replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from marketplace.core import clock
from marketplace.matching import meaning
from marketplace.matching.finding import find_matches
from marketplace.matching.likeness import Likeness, LikenessOfTheExchange, public_hits
from marketplace.matching.meaning import only_meaning
from marketplace.matching.scoring import CandidateText, NeedText, read_need, render_reason
from marketplace.matching.scoring.weights import shipped_weights
from marketplace.matching.texts import complete
from search.semantic import port
from tests.factories.research import ResultFactory
from tests.search.semantic.encoder import TinyEncoder, vector

WEIGHTS = replace(shipped_weights(), semantic=0.5)
NEED = NeedText(text="Cần lời ru êm lúc đêm khuya")
ENGLISH = {
    "title": "Soothing lullaby",
    "abstract": "Funded by the province. A lullaby that is soothing at nightfall and at midnight. Two plants use it.",
    "keywords": [],
    "language": "en",
}


@dataclass
class Near:
    best: list
    of: dict


class Listed:
    """Vectors as a plain list; how much is shared, without measuring by language."""

    def __init__(self, texts):
        self.vectors = {id_: vector(text) for id_, text in texts.items()}

    def near(self, query, *, limit, ids=(), kinds=()):
        likeness = {
            id_: float(sum(min(a, b) for a, b in zip(query, found, strict=True)) / 20)
            for id_, found in self.vectors.items()
            if not kinds or id_.split(":")[0] in kinds
        }
        best = sorted(likeness.items(), key=lambda pair: -pair[1])[:limit]
        return Near(best, {id_: likeness[id_] for id_ in ids if id_ in likeness})


@pytest.fixture
def english(db, others):
    return ResultFactory(**ENGLISH)


def source_of(*results) -> Likeness:
    texts = {f"result:{row.public_id}": f"{row.title} {row.abstract}" for row in results}
    return Likeness(TinyEncoder(), lambda: Listed(texts), public_hits)


def found(need=NEED, **options):
    return find_matches(need, complete=complete, weights=WEIGHTS, **options).scored


def test_result_in_other_words_is_found_with_its_nearest_sentence(index, english):
    index()
    assert english.public_id not in [item.candidate.key for item in found()]
    with only_meaning(source_of(english)):
        item = next(item for item in found() if item.candidate.key == english.public_id)
    reason = item.reasons[0]
    assert reason.code == "meaning"
    assert reason.evidence.text == "A lullaby that is soothing at nightfall and at midnight."
    assert reason.evidence.text in english.abstract
    assert item.components["semantic"] > 0.6 * item.score


def test_reason_says_that_it_is_meaning(english, index):
    index()
    with only_meaning(source_of(english)):
        item = next(item for item in found() if item.candidate.key == english.public_id)
    assert render_reason(item.reasons[0], "vi") == "Gần nghĩa với nhu cầu, dù dùng từ khác"
    assert render_reason(item.reasons[0], "en") == "Near the need in meaning, though in other words"


def test_withdrawn_result_is_gone_at_once(index, english):
    index()
    source = source_of(english)
    english.withdrawn_at = clock.now()
    english.save()
    with only_meaning(source):
        assert english.public_id not in [item.candidate.key for item in found()]


def test_weights_without_it_never_ask(index, english):
    index()
    source = source_of(english)
    with only_meaning(source):
        without = replace(WEIGHTS, semantic=0.0)
        listed = find_matches(NEED, complete=complete, weights=without).scored
    assert english.public_id not in [item.candidate.key for item in listed]
    assert source._asked == ("", b"")


def test_need_without_diacritics_is_left_to_its_words(index, english):
    need = read_need(NeedText(text="Can loi ru em luc dem khuya"))
    source = source_of(english)
    assert need.folded
    assert source.propose(need, kinds=("result",), limit=5) == []
    assert source.likeness(need, [CandidateText("result", english.public_id, "", "")]) == {}
    assert source.likest(need, ["A lullaby at nightfall"]) is None


def test_what_was_not_read_yet_stands_in_the_middle():
    read = Listed({"result:near": "lullaby at midnight", "result:far": "máy bơm"})
    source = Likeness(TinyEncoder(), lambda: read, lambda ids: {})
    near, far, unread = (CandidateText("result", key, "", "") for key in ("near", "far", "unread"))
    likeness = source.likeness(read_need(NEED), [near, far, unread])
    assert likeness["result:far"] < likeness["result:unread"] < likeness["result:near"] <= 1


def test_source_is_silent_where_the_model_cannot_be_had(settings, monkeypatch):
    settings.SEMANTIC_ENCODER = "tests.search.semantic.missing.Encoder"
    monkeypatch.setattr(port, "_encoders", {})
    source = LikenessOfTheExchange()
    need = read_need(NEED)
    assert source.propose(need, kinds=("result",), limit=5) == []
    assert source.likeness(need, [CandidateText("result", "x", "", "")]) == {}
    assert source.likest(need, ["Lời ru."]) is None


def test_nothing_is_registered_where_it_is_not_installed():
    assert meaning.meaning_source() is None


# --- the evaluation --------------------------------------------------------------------------------


@pytest.fixture
def dataset(tmp_path):
    """Two English answers to Vietnamese questions that share no word with them."""
    folder = tmp_path / "set"
    folder.mkdir()
    texts = {
        "lullaby": "Soothing lullaby",
        "night": "Nightfall and midnight",
        "other": "Bridge",
        "more": "Brick",
    }
    asked = {"1": "lời ru êm", "2": "đêm khuya"}
    lines = {
        "corpus.jsonl": [{"_id": key, "title": "", "text": text} for key, text in texts.items()],
        "queries.jsonl": [{"_id": key, "text": text} for key, text in asked.items()],
    }
    for name, rows in lines.items():
        (folder / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q\td\ts\n1\tlullaby\t1\n2\tnight\t1\n", encoding="utf-8")
    return folder


def evaluated(*options) -> dict:
    out = StringIO()
    call_command("evaluate", *options, "--path", "match", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_set_is_read_once_and_answers_in_the_other_language_are_found(
    dataset, tmp_path, settings, monkeypatch
):
    pytest.importorskip("numpy", reason="comes with the development packages and EXTRA=semantic")
    settings.SEMANTIC_ENCODER = "tests.search.semantic.encoder.TinyEncoder"
    tiny = TinyEncoder()
    monkeypatch.setattr(port, "_encoders", {settings.SEMANTIC_ENCODER: tiny})
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps(WEIGHTS.to_data()), encoding="utf-8")
    plain = evaluated(dataset, "--weights", weights)
    assert plain["ndcg@10"] == 0
    with_meaning = ("--semantic", "--semantic-cache", tmp_path / "cache", "--weights", weights)
    assert evaluated(dataset, *with_meaning)["ndcg@10"] == 1
    assert len(tiny.read) == 4
    assert evaluated(dataset, *with_meaning)["ndcg@10"] == 1
    assert len(tiny.read) == 4


def test_asking_for_what_is_not_installed_says_how_to_install_it(dataset):
    with pytest.raises(CommandError, match="EXTRA=semantic"):
        evaluated(dataset, "--semantic")
