"""What the bilingual vocabulary makes of a text: the longest term, marks, stems, both directions."""

import pytest

from search.analysis import abbreviations, exact_terms, fold_terms
from search.analysis.translations import BilingualEntry, translations, trying
from search.analysis.words import read_text
from search.documents import Document
from search.queries import Query, TermStatistics
from search.ranking import VIETNAMESE, read_query
from search.ranking.components import places, weigh
from search.searching import find
from search.wording import Wording

PAIRS = [
    BilingualEntry(("máy sấy",), ("dryer",), "203"),
    BilingualEntry(("máy sấy thăng hoa",), ("freeze dryer", "lyophilizer"), "203"),
    BilingualEntry(("sấy thăng hoa",), ("freeze drying",), "203"),
    BilingualEntry(("xoài",), ("mango",), "401"),
    BilingualEntry(("đồng",), ("copper",)),
    BilingualEntry(("thiếc",), ("tin",)),
    BilingualEntry(("cây trồng",), ("plant", "crop"), "401"),
    BilingualEntry(("nhà máy",), ("plant", "factory"), "203"),
    BilingualEntry(("nhà máy điện",), ("power plant",), "202"),
    BilingualEntry(("bán hàng",), ("sales",)),
    BilingualEntry(("bản hàng",), ("bill of goods",)),
]


@pytest.fixture(autouse=True)
def _these_pairs():
    with trying(PAIRS), abbreviations.trying([]):
        yield


def said(text: str, language: str = "vi", **options) -> list[tuple[str, list[str]]]:
    exact = exact_terms(text, language)
    folded = fold_terms(exact)
    found = translations(
        folded, exact=folded if language == "en" else exact, language=language, **options
    )
    return [(one.said, [way.text for way in one.ways]) for one in found]


@pytest.mark.parametrize("text", ["máy sấy thăng hoa xoài", "may say thang hoa xoài"])
def test_longest_term_covers_the_shorter_ones(text):
    marked = text.startswith("máy")
    expected = [("máy sấy thăng hoa", ["freeze dryer", "lyophilizer"])] if marked else []
    assert said(text) == [*expected, ("xoài", ["mango"])]


def test_text_without_marks_is_read_by_its_longer_terms_alone():
    assert said("may say thang hoa xoai") == [
        ("máy sấy thăng hoa", ["freeze dryer", "lyophilizer"])
    ]
    assert said("dong thiec") == said("hop dong may tin") == []


@pytest.mark.parametrize("text", ["hợp đong", "đông lạnh", "đóng gói", "động cơ"])
def test_syllable_with_other_marks_is_another_word(text):
    assert said(text) == []


def test_marks_decide_between_terms_of_one_spelling():
    assert said("bán hàng") == [("bán hàng", ["sales"])]
    assert said("bản hàng") == [("bản hàng", ["bill of goods"])]
    assert said("ban hang") == [("bán hàng", ["sales", "bill of goods"])]


def test_english_is_read_by_its_stems_and_longest_first():
    assert said("freeze dryers for mangoes", "en") == [
        ("freeze dryer", ["máy sấy thăng hoa"]),
        ("mango", ["xoài"]),
    ]
    assert said("power plants", "en") == [("power plant", ["nhà máy điện"])]
    assert said("tin", "vi") == []


def test_chosen_field_decides_among_the_meanings():
    assert said("plants", "en") == [("plant", ["cây trồng", "nhà máy"])]
    assert said("plants", "en", fields=("40101",)) == [("plant", ["cây trồng"])]
    assert said("plants", "en", fields=("2",)) == [("plant", ["nhà máy"])]


def weighed(text: str):
    statistics = TermStatistics(1_000, 20.0, {"máy": 200, "dryer": 40, "mango": 10})
    return weigh(read_query(text, translated=True), statistics, VIETNAMESE)


def test_what_a_text_says_in_both_languages_counts_once():
    query = weighed("máy sấy xoài")
    own = {term for _, term, _ in places(query, read_text("", "Máy sấy dùng cho xoài."))}
    both = {term for _, term, _ in places(query, read_text("", "Máy sấy xoài (mango dryer)."))}
    other = {term for _, term, _ in places(query, read_text("", "A dryer for mango slices."))}
    assert own == both == {"máy", "sấy", "xoài"}
    assert other == {"dryer", "mango"}


def test_phrase_of_the_other_language_counts_by_its_neighbours():
    query = weighed("máy sấy thăng hoa")
    together = {t for _, t, _ in places(query, read_text("", "Freeze dryer with a shelf."))}
    apart = {t for _, t, _ in places(query, read_text("", "Dryer that will not freeze."))}
    assert together - apart == {"freez_dryer"}


def test_worth_of_the_words_is_that_without_their_translations():
    assert weighed("máy sấy xoài").worth == pytest.approx(
        weigh(
            read_query("máy sấy xoài"),
            TermStatistics(1_000, 20.0, {"máy": 200, "dryer": 40, "mango": 10}),
            VIETNAMESE,
        ).worth
    )


def test_search_looks_in_the_other_language_where_it_finds_little(search_engine):
    with search_engine.writer() as writer:
        writer.add(Document("result", "vi", "Máy sấy thăng hoa", "Cho xoài.", "vi"))
        writer.add(Document("result", "en", "Freeze dryer for mango", "A pilot.", "en"))
        writer.add(Document("result", "no", "Lò hơi tầng sôi", "Đốt trấu.", "vi"))
    query = Query("máy sấy thăng hoa")
    results = find(query)
    assert [hit.key for hit in results.hits] == ["vi", "en"]
    assert results.is_translated
    assert not results.relaxed
    assert "freeze dryer" in {one.source for one in Wording(query, translated=True).also_searched()}
    assert "freeze dryer" not in {one.source for one in Wording(query).also_searched()}
    found = Wording(query, translated=True).brought_by(results.hits[1])
    assert {one.source for one in found} == {"freeze dryer"}
    assert [hit.key for hit in find(Query("lyophilizers")).hits] == ["vi"]


def test_search_that_finds_enough_stays_in_its_language(search_engine):
    with search_engine.writer() as writer:
        for number in range(45):
            writer.add(Document("result", f"vi{number}", "Máy sấy xoài", "", "vi"))
        writer.add(Document("result", "en", "Mango dryer", "", "en"))
    results = find(Query("máy sấy xoài"))
    assert (results.total, results.is_translated) == (45, False)
