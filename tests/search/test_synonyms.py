"""Vietnamese words for one thing: what stands in one line, and lines that share an English phrase."""

import pytest

from search.analysis import abbreviations, exact_terms, fold_terms, translations
from search.analysis.synonyms import synonyms, trying
from search.analysis.translations import BilingualEntry
from search.documents import Document
from search.queries import Query
from search.searching import find
from search.wording import Wording

LINES = [
    BilingualEntry(("vòng bi", "bạc đạn", "ổ lăn"), ("rolling bearing",), "203"),
    BilingualEntry(("lợn", "heo"), ("pig",), "402"),
    BilingualEntry(("bệnh nhân", "người bệnh"), ("patient",)),
    BilingualEntry(("than đá", "than"), ("coal",), "205"),
    BilingualEntry(("dầu bôi trơn",), ("lubricating oil",), "203"),
    BilingualEntry(("dầu nhờn",), ("lubricating oil",), "204"),
    BilingualEntry(("cây trồng",), ("plant",), "401"),
    BilingualEntry(("nhà máy",), ("plant",), "203"),
    BilingualEntry(("cổ phiếu",), ("stock unit",), "502", "finance"),
    BilingualEntry(("hàng tồn",), ("stock unit",), "502", "goods"),
    *(BilingualEntry((f"thứ {n}",), ("sort of thing",), "101") for n in ("một", "hai", "ba", "tư")),
]


@pytest.fixture(autouse=True)
def _these_lines():
    with trying(LINES), translations.trying([]), abbreviations.trying([]):
        yield


def called(text: str, **options) -> dict[str, list[str]]:
    exact = exact_terms(text, "vi")
    found = synonyms(fold_terms(exact), exact=exact, **options)
    return {one.said: [way.text for way in one.ways] for one in found}


@pytest.mark.parametrize("text", ["gia công bạc đạn cỡ lớn", "gia cong bac dan co lon"])
def test_forms_of_one_line_stand_for_each_other(text):
    assert called(text) == {"bạc đạn": ["vòng bi", "ổ lăn"]}


def test_with_other_marks_it_is_another_word():
    assert called("bác dân, ở lần sau") == {}


def test_english_texts_have_none():
    assert called("vòng bi", language="en") == {}


def test_a_syllable_without_marks_is_itself_in_a_text_that_has_some():
    assert called("trại heo") == {"heo": ["lợn"]}
    assert called("trai heo") == {}


def test_words_that_belong_to_no_field_have_none():
    assert called("bệnh nhân") == {}


def test_a_part_of_a_form_is_no_other_word_for_it():
    assert called("than đá") == {}


def test_lines_that_share_an_english_phrase_are_one_but_for_a_note_a_single_word_or_many():
    assert called("dầu nhờn") == {"dầu nhờn": ["dầu bôi trơn"]}
    assert called("cây trồng") == called("cổ phiếu") == called("thứ hai") == {}


def test_search_finds_what_is_called_otherwise_and_says_by_which_word(search_engine):
    with search_engine.writer() as writer:
        writer.add(Document("result", "1", "Dây chuyền mài ổ lăn", "Mài rãnh ổ lăn.", "vi"))
        writer.add(Document("result", "2", "Ghi lại ở lần sau", "Ở lần đo thứ hai.", "vi"))
        writer.add(Document("result", "3", "Nuôi tôm", "Ao lót bạt.", "vi"))
    query = Query("bạc đạn")
    wording = Wording(query)
    (hit,) = find(query).hits
    assert hit.key == "1"
    assert [one.source for one in wording.brought_by(hit)] == ["ổ lăn"]
    assert {one.source for one in wording.also_searched()} == {"vòng bi", "ổ lăn"}
