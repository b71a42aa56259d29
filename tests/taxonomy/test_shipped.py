"""The files that come with the exchange, read without a database."""

import unicodedata
from datetime import date

import pytest

from marketplace.taxonomy.shipped import (
    DATA,
    VocabularyFileError,
    load_shipped,
    read_manifest,
    read_terms,
    shipped_edition,
    shipped_labels,
    shipped_vocabularies,
)

# The values other rooms and the demo data store: renaming one would orphan records.
STORED = {
    "transfer-forms": "independent_contract part_of_investment capital_contribution franchise"
    " with_equipment other",
    "transfer-rights": "ownership exclusive_licence non_exclusive_licence",
    "transfer-methods": "documents training experts other",
    "supply-ways": "to_order direct_sale training other",
    "development-levels": "trial industrial commercial other",
    "supply-modes": "sale hire shared_use testing",
    "price-modes": "asking expected reference range contact free",
    "ip-statuses": "none filed granted refused expired secret",
    "ip-kinds": "patent utility_solution industrial_design trademark copyright software",
    "right-bases": "owner state_assigned co_owner not_yet",
    "equipment-conditions": "new used",
    "need-kinds": "buy license develop advice testing",
    "partner-kinds": "institute university enterprise expert any",
    "task-levels": "national ministry province institution",
    "readiness-levels": "1 2 3 4 5 6 7 8 9",
}
COUNTS = {
    "st-fields-2008": 303,
    "industries-2018": 109,
    "provinces-2025": 34,
    "provinces-63": 63,
    "objectives-2008": 14,
    "ipc": 768,
}


@pytest.mark.parametrize("name", STORED)
def test_stored_codes_are_shipped(name):
    assert set(STORED[name].split()) <= {term.code for term in load_shipped(name)}


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_official_tables_are_complete_as_their_source(name, count):
    assert len(load_shipped(name)) == count


def test_every_file_is_in_the_manifest_and_the_other_way_round():
    assert {v.path for v in shipped_vocabularies() if v.path} == set(DATA.glob("*.tsv"))


@pytest.mark.parametrize("vocabulary", shipped_vocabularies(), ids=lambda v: v.code)
def test_vocabulary_says_where_it_comes_from(vocabulary):
    assert vocabulary.label_vi
    assert vocabulary.label_en
    assert (vocabulary.path is None) == (vocabulary.status == "not_loaded")
    if vocabulary.status == "own":
        assert not vocabulary.legal_basis
    if vocabulary.path:
        assert vocabulary.source


@pytest.mark.parametrize(
    "vocabulary", [v for v in shipped_vocabularies() if v.path], ids=lambda v: v.code
)
def test_labels_are_clean(vocabulary):
    for term in load_shipped(vocabulary.code):
        for text in (term.label_vi, term.label_en, term.note):
            assert text == unicodedata.normalize("NFC", text).strip()
            assert not {"<", ">", '"', "\u200b", "\ufeff", "\xa0"} & set(text)
            assert "href" not in text
            assert "  " not in text
            assert text.count("(") == text.count(")")
        assert "ñ" not in term.label_vi
        assert term.label_en
        assert term.label_vi or vocabulary.code == "ipc"


def test_doubtful_fields_cannot_be_chosen():
    fields = {term.code: term for term in load_shipped("st-fields")}
    for code in ("40503", "40504", "20304"):
        assert not fields[code].selectable
        assert fields[code].note
    assert fields["40107"].label_vi == "Bảo quản và chế biến nông sản"
    assert fields["40503"].label_vi != fields["40107"].label_vi


def test_edition_follows_the_day_and_skips_what_is_not_loaded():
    assert shipped_edition("st-fields", on=date(2010, 1, 1)).code == "st-fields-2008"
    # The table of 2025 is not at hand, so the one of 2008 serves on.
    assert shipped_edition("st-fields", on=date(2026, 11, 23)).code == "st-fields-2008"
    assert shipped_edition("industries-2025").status == "not_loaded"
    assert load_shipped("industries-2025") == []


def test_part_of_a_table_serves_under_its_own_name_alone():
    """Two levels of the fields of 2025 are at hand: enough to translate into, not to choose from."""
    assert shipped_edition("st-fields-2025").status == "partial"
    assert len(load_shipped("st-fields-2025")) == 52
    assert "40107" in {term.code for term in load_shipped("st-fields")}


def test_unknown_vocabulary_is_an_error():
    with pytest.raises(KeyError):
        load_shipped("khong-co")


def test_labels_fall_back_to_the_other_language():
    ipc = {term.code: term for term in load_shipped("ipc")}
    assert ipc["A"].label("vi") == "Nhu cầu của con người"
    assert ipc["A01B"].label("vi") == ipc["A01B"].label_en
    assert shipped_labels("provinces", "en")["79"] == "Ho Chi Minh City"


def test_ipc_subclass_without_a_known_class_stands_under_its_section():
    ipc = {term.code: term for term in load_shipped("ipc")}
    assert (ipc["G06F"].parent, ipc["G06F"].level) == ("G", 3)
    assert (ipc["A01B"].parent, ipc["A01B"].level) == ("A01", 3)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", None, "trống"),
        ("code\tcolour\n", 1, "colour"),
        ("code\n1\n", 1, "label_vi"),
        ("code\tlabel_vi\n1\tMột\n1\tHai\n", 3, "dòng 2"),
        ("code\tlabel_vi\n1\tMột\tthừa\n", 2, "3 cột"),
        ("code\tlabel_vi\n\tMột\n", 2, "thiếu mã"),
        ("code\tlabel_vi\n1\t\n", 2, "không có tên"),
        ("code\tparent\tlabel_vi\n1\t9\tMột\n", 2, "9"),
        ("code\tparent\tlabel_vi\n1\t2\tMột\n2\t1\tHai\n", 2, "cha của chính nó"),
        ("code\tparent\tlevel\tlabel_vi\n1\t\t2\tMột\n2\t1\t1\tHai\n", 3, "cấp"),
        ("code\tlabel_vi\tvalid_to\n1\tMột\t31/12/2025\n", 2, "ngày"),
        ("code\tlabel_vi\tselectable\n1\tMột\tmaybe\n", 2, "maybe"),
        (b"code\tlabel_vi\n1\tM\xf4t\n", None, "UTF-8"),
    ],
)
def test_bad_file_says_line_and_reason(tmp_path, content, line, words):
    file = tmp_path / "bang.tsv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(VocabularyFileError) as caught:
        read_terms(file)
    place = "bang.tsv:" if line is None else f"bang.tsv:{line}:"
    assert str(caught.value).startswith(place)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "JSON"),
        ("{}", "danh sách"),
        ("[1]", "thứ 1"),
        ('[{"label_vi": "x"}]', "code"),
        ('[{"code": "x", "status": "y"}]', "y"),
        ('[{"code": "x", "valid_to": "2025"}]', "ngày"),
        ('[{"code": "x"}, {"code": "x"}]', "hai lần"),
    ],
)
def test_bad_manifest_says_why(tmp_path, content, words):
    file = tmp_path / "bang.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyFileError, match=words):
        read_manifest(file)


def test_file_may_have_a_byte_order_mark_comments_and_parents_below(tmp_path):
    file = tmp_path / "bang.tsv"
    text = "\ufeff# nguồn: thử\r\ncode\tparent\tlabel_vi\r\n11\t1\tMột một\r\n\r\n1\t\tMột\r\n"
    file.write_text(text, encoding="utf-8", newline="")
    assert [(t.code, t.level) for t in read_terms(file)] == [("11", 2), ("1", 1)]
