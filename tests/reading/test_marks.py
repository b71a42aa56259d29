"""Which words a text typed without marks means, by what stands together in an index."""

from collections import Counter

import pytest

from marketplace.reading.elements import Gazetteer
from marketplace.reading.marks import NO_MARKS, surely_marked
from marketplace.reading.needs import elements_of_need
from search.analysis import exact_terms, fold_terms, pairs
from search.queries import TermStatistics

_TEXTS = (
    "Làm bún phở và bún khô ở làng nghề, nước thải làm bún chua.",
    "Sợi bún phở khô đóng gói, máy sấy bún phở.",
    "Máy ép bùn thải cho nhà máy, bùn thải sinh học ép khô.",
    "Ép bùn thải bằng trục vít, bùn hoạt tính.",
    "Trại lợn nái, thức ăn cho lợn thịt, lợn con.",
    "Chuồng trại lợn nái đẻ.",
    "Đóng lon nước ngọt, lon bia và hộp thiếc, vỏ lon nhôm.",
    "Vỏ lon nhôm được tái chế, đóng lon cá hộp.",
    "Năm nay đơn hàng tăng, mỗi năm hai vụ.",
    "Ruộng ở đây mỗi năm hai vụ lúa.",
    "Trồng nấm rơm trong nhà, phôi nấm rơm.",
    "Nhà trồng nấm rơm, trồng nấm rơm bằng bông thải.",
    "Quy trình trồng nấm rơm.",
    "say may can bun lon nam",  # somebody else typed without marks too
)
_NO_WORDS = Gazetteer([])


def statistics(terms) -> TermStatistics:
    found: Counter[str] = Counter()
    for text in _TEXTS:
        exact = exact_terms(text, "vi")
        found.update({*exact, *pairs(exact)})
    return TermStatistics(len(_TEXTS), 9.0, {term: found[term] for term in terms})


def as_an_index_counts(terms) -> TermStatistics:
    """What is asked without marks stands for every spelling; nobody typed so here."""
    found: Counter[str] = Counter()
    for text in _TEXTS[:-1]:
        exact = exact_terms(text, "vi")
        found.update({*exact, *pairs(exact), *fold_terms(exact)})
    return TermStatistics(len(_TEXTS) - 1, 9.0, {term: found[term] for term in terms})


def marked(text: str) -> str:
    return surely_marked(text, statistics, _NO_WORDS).text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("lam bun pho", "bún phở"),
        ("may ep bun thai", "ép bùn thải"),
        ("trai lon nai", "lợn nái"),
        ("tai che vo lon nhom", "vỏ lon nhôm"),
        ("trong nam rom", "nấm rơm"),
        ("moi nam hai vu", "mỗi năm hai vụ"),
    ],
)
def test_the_neighbours_tell_which_word_is_meant(text, word):
    assert word in marked(text)


@pytest.mark.parametrize("text", ["bun", "lon", "nam", "can lon"])
def test_a_syllable_by_itself_stays_in_doubt(text):
    found = surely_marked(text, statistics, _NO_WORDS)
    assert found.text == text
    assert text.split()[-1] in found.doubtful


def test_one_syllable_that_is_two_words_in_one_text_stays_in_doubt():
    found = surely_marked("lam bun pho, ep bun thai", statistics, _NO_WORDS)
    assert "bun" in found.doubtful
    assert "phở" in found.text


def test_letters_keep_their_places_and_their_case():
    text = "LAM BUN PHO 300 kg/gio (xyz)"
    found = marked(text)
    assert len(found) == len(text)
    assert "BÚN PHỞ" in found
    assert found.endswith("(xyz)")


def test_other_words_are_not_allowed_for_one_that_is_sure():
    found = surely_marked("lam bun pho", statistics, _NO_WORDS)
    assert found.allow("bún", "bun")
    assert found.allow("bun", "bun")
    assert not found.allow("bùn", "bun")
    assert found.allow("bùn", "x")
    assert NO_MARKS.allow("bùn", "bun")


def test_words_that_are_no_syllables_are_met_with_whatever_marks():
    found = surely_marked("tam amiang lop mai", lambda terms: _counted(terms, "amiang"), _NO_WORDS)
    assert found.allow("amiăng", "amiang")


def _counted(terms, word: str) -> TermStatistics:
    return TermStatistics(3, 4.0, {term: int(term == word) for term in terms})


def test_nothing_is_known_of_an_empty_index():
    def nothing(terms) -> TermStatistics:
        return TermStatistics(0, 0.0, {})

    found = surely_marked("lam bun pho", nothing, _NO_WORDS)
    assert found.text == "lam bun pho"
    assert found.allow("bùn", "bun")


@pytest.mark.parametrize(
    ("text", "kept", "left"),
    [
        ("lam bun pho", {"bun", "pho"}, set()),
        ("lam bun", set(), {"bun"}),
        ("ep bun thai", {"bun"}, set()),
        ("tai che vo lon nhom", set(), {"lon"}),
        ("can lon", set(), {"lon"}),
        ("trong nam rom", {"nam"}, set()),
        ("moi nam hai vu", set(), {"nam"}),
    ],
)
def test_elements_are_read_by_what_is_beyond_doubt(text, kept, left):
    read = elements_of_need(text, "vi", marked=marked(text))
    named = " ".join(element.text for element in read if element.spellings).split()
    assert kept <= set(named)
    assert not left & set(named)


def test_noodles_are_no_mud():
    [noodles, _] = elements_of_need("lam bun pho", "vi", marked=marked("lam bun pho"))
    assert "bún" in noodles.spellings


def test_cues_are_found_by_their_marks():
    """Bare, "khu" is first of all a district and "xuong" goes down."""
    assert "khu con" in {e.text for e in elements_of_need("khu con", "vi", marked="khử con")}
    assert not elements_of_need("khu con", "vi")
    assert not elements_of_need("xuong duoi", "vi", marked="xuống duoi")


def test_a_phrase_of_nothing_but_doubtful_syllables_is_no_element():
    """ "may nam" is some years as well as a machine."""
    text = "can may nam"
    found = surely_marked(text, statistics, _NO_WORDS)

    def read(doubtful) -> set[str]:
        elements = elements_of_need(text, gazetteer=_NO_WORDS, marked=found.text, doubtful=doubtful)
        return {element.text for element in elements}

    assert found.doubtful >= {"may", "nam"}
    assert read(()) == {"may nam"}
    assert read(found.doubtful) == set()
    assert read({"may"}) == {"may nam"}


@pytest.mark.parametrize(
    ("text", "word"),
    [("may say bun pho", "bún phở"), ("trong nam rom", "nấm rơm"), ("ep bun thai", "bùn thải")],
)
def test_a_syllable_counted_in_every_spelling_is_no_bare_word(text, word):
    assert word in surely_marked(text, as_an_index_counts, _NO_WORDS).text


def test_a_word_of_the_language_that_the_index_lacks_keeps_the_doubt():
    """Of all that is spelled so the texts have "nấm" and "năm" alone, and people write "nắm" and "nằm" too."""
    found = surely_marked("can nam", as_an_index_counts, _NO_WORDS)
    assert "nam" in found.doubtful
