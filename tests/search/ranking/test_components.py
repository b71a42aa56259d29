"""Each component by itself, and what must hold for any words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis.translations import BilingualEntry, trying
from search.analysis.words import read_text
from search.queries import TermStatistics
from search.ranking.components import named, neighbours, passage, places, weigh, words
from search.ranking.lexical import between, inverse_frequency, length_norm, saturated, slide
from search.ranking.reading import read_query
from search.ranking.weights import VIETNAMESE

NOTHING_KNOWN = TermStatistics(1000, 100.0, {})
WORDS = st.sampled_from(["sấy", "xoài", "máy", "lạnh", "say", "sảy", "gì", "của", "pump", "7.5"])
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


def weighed(text: str, statistics=NOTHING_KNOWN):
    return weigh(read_query(text), statistics, VIETNAMESE)


def found(query, text: str, title: str = ""):
    read = read_text(title, text)
    return places(query, read), len(read.terms)


class TestMarks:
    def test_a_syllable_without_marks_counts_in_vietnamese_and_not_in_english(self):
        query = weighed("cần máy sấy xoài")
        bare, _ = found(query, "can may say xoai cat lat, giu mau")
        assert [term for _, term, _ in bare] == ["cần", "máy", "sấy", "xoài"]
        english, length = found(query, "This pump can dry mangoes; may say nothing of the drying")
        assert list(english) == []
        assert words(query, english, length) == 0

    def test_what_is_written_alike_in_both_languages_counts_in_both(self):
        assert [term for _, term, _ in found(weighed("máy bơm pump"), "the pump runs")[0]] == [
            "pump"
        ]


class TestArithmetic:
    def test_inverse_frequency_by_hand(self):
        statistics = TermStatistics(9, 1.0, {"a": 4})
        assert inverse_frequency(statistics, "a") == pytest.approx(0.7985, abs=1e-4)

    @given(st.integers(0, 2000), st.integers(0, 1000))
    def test_rarer_tells_more_and_nothing_is_negative(self, frequency, count):
        statistics = TermStatistics(count, 1.0, {"a": frequency, "b": frequency + 1})
        assert inverse_frequency(statistics, "a") >= inverse_frequency(statistics, "b") > 0

    @given(st.floats(0.01, 1e6), st.integers(0, 10**6), st.floats(0, 1e4), st.floats(0, 1))
    def test_saturation_has_a_ceiling(self, times, length, average, b):
        assert 0 <= saturated(times, length_norm(length, average, 1.2, b), 1.2) <= 2.2 + 1e-9

    @given(st.integers(0, 10_000))
    def test_slide_stays_between(self, distinct):
        assert 0 <= slide(distinct, 24, 80) <= 1

    def test_slide_ends(self):
        assert (slide(24, 24, 80), slide(80, 24, 80)) == (0, 1)
        assert between(0.25, 1, 3) == 1.5


class TestWords:
    def test_counts_saturate(self):
        query = weighed("sấy")
        once, twice = (words(query, *found(query, text)) for text in ("sấy a", "sấy sấy"))
        assert once < twice < 2 * once

    def test_long_texts_count_less(self):
        query = weighed("sấy")
        short, long = (words(query, *found(query, "sấy" + " a" * n)) for n in (5, 400))
        assert long < short

    def test_other_marks_count_at_their_share(self):
        query = weighed("sấy")
        typed, bare, none = (words(query, *found(query, text)) for text in ("sấy", "say", "máy"))
        assert typed > bare > none == 0

    def test_rare_words_count_more(self):
        query = weighed("sấy xoài", TermStatistics(1000, 10.0, {"sấy": 500, "xoài": 2}))
        assert words(query, *found(query, "xoài")) > words(query, *found(query, "sấy"))

    @pytest.mark.parametrize("weak", ["gì", "của"])
    def test_words_that_tell_nothing_count_less(self, weak):
        query = weighed(f"xoài {weak}")
        assert words(query, *found(query, weak)) < words(query, *found(query, "xoài"))

    def test_english_by_stem(self):
        query = weighed("heat pumps for the drying of fruits")
        assert words(query, *found(query, "The pump of the dried fruit")) > 0


class TestNeighbours:
    def test_only_in_the_typed_order_and_side_by_side(self):
        query = weighed("sấy lạnh xoài")
        assert neighbours(query, *found(query, "máy sấy lạnh")) > 0
        assert neighbours(query, *found(query, "lạnh sấy")) == 0
        assert neighbours(query, *found(query, "sấy và lạnh")) == 0

    def test_abbreviation_is_no_neighbour(self):
        query = weighed("XLNT dệt nhuộm")
        assert neighbours(query, *found(query, "xử lý nước thải")) == 0
        assert words(query, *found(query, "xử lý nước thải")) > 0


class TestPassage:
    def test_close_words_beat_far_ones(self):
        query = weighed("sấy lạnh xoài")
        near = passage(query, *found(query, "sấy lạnh xoài" + " a" * 50)[:1], 15)
        far = passage(
            query, *found(query, "sấy" + " a" * 25 + " lạnh" + " a" * 25 + " xoài")[:1], 15
        )
        assert near > far > 0

    def test_repetition_adds_nothing(self):
        query = weighed("sấy lạnh")
        one = passage(query, *found(query, "sấy")[:1], 15)
        assert passage(query, *found(query, "sấy sấy sấy")[:1], 15) == one

    def test_marks_do_no_harm(self):
        query = weighed("sấy xoài")
        bare = passage(query, *found(query, "say xoai")[:1], 15)
        assert bare == passage(query, *found(query, "sấy xoài")[:1], 15) > 0

    # The first example pays for reading the vocabularies.
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(TEXTS, TEXTS, st.integers(1, 30))
    def test_against_the_plain_definition(self, asked, text, span):
        query = weighed(asked)
        spots, _ = found(query, text)
        best = max(
            (
                sum(query.bare[t] for t in {t for at, t, _ in spots if start <= at < start + span})
                for start, *_ in spots
            ),
            default=0.0,
        )
        assert passage(query, spots, span) == pytest.approx(best)


class TestNamed:
    def test_title_only(self):
        query = weighed("sấy xoài")
        in_title, in_text = (
            named(query, found(query, text, title)[0], length)
            for title, text, length in (("sấy xoài", "a", 2), ("a b", "sấy xoài", 2))
        )
        assert in_title > in_text == 0


@given(TEXTS, TEXTS, TEXTS)
def test_more_of_the_query_is_never_worth_less(asked, text, more):
    query = weighed(asked)
    here, _ = found(query, text)
    there, _ = found(query, f"{text} {more}")
    assert passage(query, there, 15) >= passage(query, here, 15) - 1e-9
    # At equal length, so that only what is found differs.
    assert words(query, there, 50) >= words(query, here, 50) - 1e-9
    assert neighbours(query, there, 50) >= neighbours(query, here, 50) - 1e-9


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_asked_and_read(asked, text):
    query = weighed(asked)
    spots, length = found(query, text, text[:40])
    parts = (
        words(query, spots, length),
        neighbours(query, spots, length),
        passage(query, spots, 15),
        named(query, spots, 3),
    )
    assert all(0 <= part < float("inf") for part in parts)


class TestOtherForms:
    def test_what_is_said_again_and_again_is_meant_no_less_in_the_other_language(self):
        with trying([BilingualEntry(("asen",), ("arsenic",))]):
            once, thrice = (
                weigh(read_query(text, translated=True), NOTHING_KNOWN, VIETNAMESE)
                for text in ("lọc asen", "lọc asen, đo asen, asen")
            )
        own, other = (thrice.terms[term] / once.terms[term] for term in ("asen", "arsenic"))
        assert own == pytest.approx(3**0.5)
        assert other == pytest.approx(own)
