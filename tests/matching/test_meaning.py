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
from marketplace.matching.scoring.lexical import LexicalFit, Signs, weigh
from marketplace.matching.scoring.score import Ranked, Ranking
from marketplace.matching.scoring.sentences import FIRST, look_again
from marketplace.matching.scoring.weights import shipped_weights
from marketplace.matching.texts import complete
from search.queries import TermStatistics
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

    def nearest_of(self, queries, ids):
        each = [self.near(query, limit=0, ids=ids).of for query in queries]
        return {id_: max(of[id_] for of in each) for id_ in each[0]}


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
    assert source._asked == ("", None)


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


class Counting(TinyEncoder):
    """Remembers what it was asked; the first time it cannot, where that is wished."""

    def __init__(self, *, fails=False):
        super().__init__()
        self.asked, self.fails = [], fails

    def query(self, text):
        self.asked.append(text)
        if self.fails:
            self.fails = False
            raise RuntimeError("no memory")
        return super().query(text)

    def queries(self, texts):
        self.asked.append(list(texts))
        return super().queries(texts)


def test_need_that_is_expected_is_read_once(english):
    tiny, need = Counting(), read_need(NeedText(text=f"{SURROUNDINGS} {WISH}"))
    texts = {f"result:{english.public_id}": english.abstract}
    source = Likeness(tiny, lambda: Listed(texts), public_hits)
    source.expect(need, by_sentence=True)
    candidate = CandidateText("result", english.public_id, "", "")
    assert source.propose(need, kinds=("result",), limit=5)
    assert source.likeness(need, [candidate])
    assert source.likeness_by_sentence(need, [candidate])
    assert tiny.asked == [need.text, [SURROUNDINGS, WISH]]


def test_what_the_model_failed_at_is_tried_again(english):
    texts = {f"result:{english.public_id}": english.abstract}
    source = Likeness(Counting(fails=True), lambda: Listed(texts), public_hits)
    need = read_need(NEED)
    with pytest.raises(RuntimeError):
        source.propose(need, kinds=("result",), limit=5)
    assert source.propose(need, kinds=("result",), limit=5)


def test_what_is_known_already_is_not_proposed_again(english):
    source, key = source_of(english), f"result:{english.public_id}"
    need = read_need(NEED)
    assert [hit.id for hit in source.propose(need, kinds=("result",), limit=5)] == [key]
    assert source.propose(need, kinds=("result",), limit=5, known={key: None}) == []


SURROUNDINGS = "Xưởng dệt có ba trăm công nhân và hai dây chuyền cũ."
WISH = "Nay cần lời ru êm lúc đêm khuya cho trẻ nhỏ."


def test_nearest_sentence_of_the_need_tells_where_the_whole_is_about_its_surroundings():
    read = Listed(
        {"result:wish": "soothing lullaby at midnight", "result:plant": "Xưởng dệt ba dây chuyền"}
    )
    tiny = TinyEncoder()
    source = Likeness(tiny, lambda: read, lambda ids: {})
    wish, plant, unread = (
        CandidateText("result", key, "", "") for key in ("wish", "plant", "unread")
    )
    told = source.likeness_by_sentence(
        read_need(NeedText(text=f"{SURROUNDINGS} {WISH}")), [wish, plant, unread]
    )
    assert told["result:wish"] > 0
    assert min(told.values()) <= told["result:unread"] <= max(told.values())
    for other in (WISH, "Xuong det co ba tram cong nhan. Nay can loi ru em luc dem khuya cho tre."):
        # One sentence is the whole; without diacritics the model takes it for another language.
        assert source.likeness_by_sentence(read_need(NeedText(text=other)), [wish]) == {}


def ranked(*words: float) -> Ranking:
    entries = tuple(
        Ranked(
            CandidateText("result", str(place), "", ""),
            LexicalFit({"words": word}, lambda: Signs(1, 1, 0)),
        )
        for place, word in enumerate(words)
    )
    need = read_need(NeedText(text=WISH))
    query = weigh(need.words, TermStatistics(10, 10.0, {}), shipped_weights())
    return Ranking(need, query, entries)


def keys(ranking: Ranking) -> list[str]:
    return [entry.candidate.key for entry in ranking.entries]


def test_second_look_moves_the_first_candidates_and_says_by_how_much():
    ranking = ranked(1.0, 0.9, 0.8)
    again = look_again(ranking, 0.5, lambda first: {"result:2": 0.8, "result:0": 0.1})
    assert keys(again) == ["2", "0", "1"]
    assert again.entries[0].fit.parts == {"words": 0.8, "sentences": 0.4}
    assert "sentences" not in again.entries[2].fit.parts
    assert look_again(ranking, 0.5, lambda first: {}) is ranking


def test_second_look_is_taken_at_the_first_alone_and_not_without_a_weight():
    ranking = ranked(*(1 - place / 100 for place in range(FIRST + 2)))
    looked: list[int] = []

    def by_sentence(first):
        looked.append(len(first))
        return {one.id: 1.0 if one.key == "3" else 0.0 for one in first}

    assert keys(look_again(ranking, 0.5, by_sentence))[0] == "3"
    assert looked == [FIRST]
    assert keys(look_again(ranking, 0.5, by_sentence))[FIRST:] == keys(ranking)[FIRST:]
    assert look_again(ranking, 0.0, by_sentence) is ranking
    assert looked == [FIRST, FIRST]


def test_need_of_several_sentences_is_matched_by_the_nearest_of_them(index, english):
    index()
    need = NeedText(text=f"{SURROUNDINGS} {WISH}")
    weights = replace(WEIGHTS, semantic_long=0.5, sentences=0.4, sentences_long=0.4)
    with only_meaning(source_of(english)):
        listed = find_matches(need, complete=complete, weights=weights).scored
        item = next(item for item in listed if item.candidate.key == english.public_id)
        without = find_matches(need, complete=complete, weights=weights.without("sentences")).scored
    assert item.components["sentences"] > 0
    assert all("sentences" not in other.components for other in without)


def test_source_is_silent_where_the_model_cannot_be_had(settings, monkeypatch):
    settings.SEMANTIC_ENCODER = "tests.search.semantic.missing.Encoder"
    monkeypatch.setattr(port, "_encoders", {})
    source = LikenessOfTheExchange()
    need = read_need(NEED)
    assert source.propose(need, kinds=("result",), limit=5) == []
    assert source.likeness(need, [CandidateText("result", "x", "", "")]) == {}
    assert source.likest(need, ["Lời ru."]) is None
    assert source.likeness_by_sentence(need, [CandidateText("result", "x", "", "")]) == {}


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


def test_of_a_large_set_only_the_first_by_words_are_read(dataset, tmp_path, settings, monkeypatch):
    pytest.importorskip("numpy", reason="comes with the development packages and EXTRA=semantic")
    settings.SEMANTIC_ENCODER = "tests.search.semantic.encoder.TinyEncoder"
    tiny = TinyEncoder()
    monkeypatch.setattr(port, "_encoders", {settings.SEMANTIC_ENCODER: tiny})
    (dataset / "queries.jsonl").write_text('{"_id": "1", "text": "bridge"}', encoding="utf-8")
    evaluated(
        dataset, "--semantic", "--semantic-cache", tmp_path / "cache", "--semantic-first", "2"
    )
    assert tiny.read == ["Bridge"]


def test_asking_for_what_is_not_installed_says_how_to_install_it(dataset):
    with pytest.raises(CommandError, match="EXTRA=semantic"):
        evaluated(dataset, "--semantic")
