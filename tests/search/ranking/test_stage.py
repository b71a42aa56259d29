"""The block put in order: nothing lost, each component able to move it, codes first."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.queries import Hit, TermStatistics
from search.ranking import CODE, ENGLISH, VIETNAMESE, read_query, rescore

STATISTICS = TermStatistics(1000, 12.0, {})
COMPONENTS = ("engine", "words", "pairs", "passage", "title")
NONE = replace(VIETNAMESE, **dict.fromkeys(COMPONENTS, 0.0), pairs_long=0.0)


def hit(key: str, text: str = "", title: str = "", score: float = 1.0) -> Hit:
    return Hit(f"item:{key}", "item", key, score, title, text)


def order(asked: str, hits, weights=VIETNAMESE, **more) -> list[str]:
    scored = rescore(read_query(asked), hits, STATISTICS, weights, **more)
    return [one.hit.key for one in scored]


FAR = "sấy" + " a" * 20 + " xoài"
MOVED = {
    "engine": [hit("a", score=1.0), hit("b", score=2.0)],
    "words": [hit("a", "sấy a a a"), hit("b", "sấy sấy sấy a")],
    "pairs": [hit("a", "xoài sấy a a"), hit("b", "sấy xoài a a")],
    "passage": [hit("a", FAR), hit("b", "sấy a xoài" + " a" * 19)],
    "title": [hit("a", "sấy xoài", "a b"), hit("b", "a b", "sấy xoài")],
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_each_component_can_move_a_ranking(name):
    assert order("sấy xoài", MOVED[name], NONE) == ["a", "b"]
    alone = replace(NONE, **{name: 1.0}, pairs_long=1.0 if name == "pairs" else 0.0)
    assert order("sấy xoài", MOVED[name], alone) == ["b", "a"]


def test_every_component_has_a_case():
    tuned = {field.name for field in fields(VIETNAMESE)}
    assert set(MOVED) == set(COMPONENTS) < tuned


def test_parts_are_told_by_name():
    (one,) = rescore(read_query("sấy xoài"), [hit("a", "sấy xoài", "sấy")], STATISTICS)
    assert set(one.parts) == set(COMPONENTS)
    assert one.score == sum(one.parts.values()) > 0


def test_equal_ones_stay_as_they_were():
    assert order("sấy", [hit(key, "sấy") for key in "cab"]) == ["c", "a", "b"]


def test_scale_of_the_engine_does_not_matter():
    hits = [hit("a", "sấy a", score=3.0), hit("b", "sấy sấy", score=2.0), hit("c", score=1.5)]
    smaller = [replace(one, score=one.score / 2.2) for one in hits]
    assert order("sấy", hits) == order("sấy", smaller)


def test_language_chooses_the_weights():
    read = read_query("heat pump for the drying of fruit")
    (one,) = rescore(read, [hit("a", "The heat pump of the dryer")], STATISTICS)
    assert read.language == "en"
    assert set(one.parts) == {name for name in COMPONENTS if getattr(ENGLISH, name)} - {"title"}


def test_code_hits_stay_first():
    hits = [
        hit("code", "chẳng có chữ nào", score=CODE + 1),
        hit("best", "2019 02 566 sấy xoài", score=30),
        hit("good", "sấy xoài", score=20),
    ]
    assert order("sấy xoài 2019-02-566", hits, with_codes=True)[0] == "code"


def test_high_scores_of_words_are_no_code_hits():
    """A long question scores above what a code gives; that alone puts nothing first."""
    hits = [hit("a", FAR, score=220), hit("b", "sấy xoài" + " a" * 20, score=210)]
    hits += [hit(str(n), FAR, score=200 - n) for n in range(5)]
    assert order("sấy xoài năm 2019", hits, with_codes=True)[0] == "b"


def test_figures_of_a_text_are_no_codes():
    text = " ".join(f"sấy xoài x{n}" for n in range(30)) + " 45000"
    hits = [hit("a", "a", score=CODE + 90), hit("b", "sấy xoài", score=80)]
    hits.append(hit("c", "sấy xoài", score=79))
    assert order(f"{text}", hits, replace(VIETNAMESE, engine=0.1), with_codes=True)[0] == "b"


texts = st.lists(
    st.sampled_from(["sấy", "xoài", "say", "lạnh", "gì", "a", "b", "2019"]), max_size=20
).map(" ".join)
scores = st.floats(0, 400, allow_nan=False)


@pytest.fixture(scope="module")
def vocabularies():
    """Read before the first example, which would pay for them."""
    order("máy sấy xoài", [hit("a", "mango dryer")])


@pytest.mark.usefixtures("vocabularies")
@given(texts, st.lists(st.tuples(texts, texts, scores), max_size=12), st.booleans())
def test_nothing_is_lost_or_doubled(asked, rows, with_codes):
    hits = [hit(str(n), text, title, score) for n, (title, text, score) in enumerate(rows)]
    found = order(asked, hits, with_codes=with_codes)
    assert sorted(found) == sorted(one.key for one in hits)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_over_any_text(asked, text):
    assert order(asked, [hit("a", text), hit("b", text, text)], with_codes=True)
