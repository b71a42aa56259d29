"""Vietnamese as people type it: one word is one term, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import (
    detect_language,
    fold,
    has_diacritics,
    is_syllable,
    normalize,
    place_tone,
    terms,
    tokens,
)
from search.analysis.restoring import restore_marks, spellings


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("hoà", "hòa"),
        ("hòa", "hòa"),
        ("HOÁ", "HÓA"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("uỷ", "ủy"),
        ("tòan", "toàn"),
        ("hòai", "hoài"),
        ("khủyu", "khuỷu"),
        ("gìa", "già"),
        ("qúy", "quý"),
        ("quý", "quý"),
        ("gì", "gì"),
        ("quà", "quà"),
        ("mía", "mía"),
        ("giếng", "giếng"),
        ("hươu", "hươu"),
        ("café", "café"),
        ("résumé", "résumé"),
        ("xyz", "xyz"),
    ],
)
def test_tone_mark_has_one_place(typed, written):
    assert place_tone(typed) == written


def test_normalize_is_stable_and_keeps_case():
    text = "HOÀ BÌNH, Thuỷ lợi, quý"
    once = normalize(text)
    assert once == "HÒA BÌNH, Thủy lợi, quý"
    assert normalize(once) == once


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ho\u0300a Bi\u0300nh", "Hòa Bình"),  # decomposed
        ("ba\u0301\u0302t", "bất"),  # the tone typed before the hat
        ("sa\u200b\u0301y\ufeff", "sáy"),  # zero-width characters inside
        ("xo\u00adài", "xoài"),  # soft hyphen
        ("KH&amp;CN", "KH&CN"),
        ("KH & CN", "KH&CN"),
        ("r & d", "r&d"),
        ("sữa & bơ", "sữa & bơ"),
    ],
)
def test_normalize_composes_and_cleans(typed, meant):
    assert normalize(typed) == meant


def test_fold_drops_every_mark():
    assert fold("Máy sấy Đà Nẵng, ƯDCN") == "may say da nang, udcn"


@pytest.mark.parametrize("text", ["máy sấy", "ĐỒNG THÁP", "do\u0323c"])
def test_marks_are_noticed(text):
    assert has_diacritics(text)


@pytest.mark.parametrize("text", ["may say", "heat pump", "", "m³/h µm"])
def test_text_without_vietnamese_marks(text):
    assert not has_diacritics(text)


def test_syllables_and_pairs_in_both_forms():
    assert terms("Máy sấy XOÀI") == ["máy", "sấy", "xoài", "máy_sấy", "sấy_xoài"]
    assert terms("Máy sấy XOÀI", folded=True) == ["may", "say", "xoai", "may_say", "say_xoai"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoá học", "hóa học"),
        ("THUỶ SẢN", "thủy sản"),
        ("KH&CN", "KHCN"),
        ("KH & CN", "kh&cn"),
        ("1.200 m³", "1200 m3"),
        ("7,5 kW", "7.5 kw"),
        ("CO₂", "CO2"),
        ("Ðà Nẵng", "Đà Nẵng"),  # the Icelandic letter of old fonts
        ("drying membranes", "dried membrane"),
        ("màng lọc membranes", "màng lọc membrane"),
    ],
)
def test_two_spellings_are_the_same_terms(one, other):
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("one", "other"), [("lúa", "lụa"), ("gas", "ga"), ("1.2", "12"), ("máy", "may")]
)
def test_different_words_stay_apart(one, other):
    assert terms(one) != terms(other)


def test_english_stop_words_go_only_from_english_text():
    assert terms("the drying of fruit in the sun") == [
        "dri",
        "fruit",
        "sun",
        "dri_fruit",
        "fruit_sun",
    ]
    # "can", "to", "in" without marks are Vietnamese words too.
    assert terms("may in can to")[:4] == ["may", "in", "can", "to"]


def test_english_sentence_inside_vietnamese_text():
    text = (
        "Nghiên cứu chế tạo thiết bị sấy. "
        "This paper describes the design of a heat pump dryer for the drying of fruit."
    )
    found = terms(text)
    assert "nghiên" in found
    assert "the" not in found
    assert "of" not in found
    assert "dryer" in found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nghiên cứu chế tạo màng lọc membrane nano", "vi"),
        ("nghien cuu che tao mang loc", "vi"),
        ("THE WORK PROPOSED UNDER THIS PROJECT WILL PROVIDE TRANSDUCERS", "en"),
        ("what is heat pump drying", "en"),
        ("UAV swarm control", "en"),
        ("máy CNC 5 trục", "vi"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_language_is_found(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize("word", ["nghiêng", "khuya", "xoong", "uyên", "quyển", "giữa", "a"])
def test_vietnamese_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["membrane", "the2", "of", "with", "pump", "system", ""])
def test_no_syllables(word):
    assert not is_syllable(word)


def test_spellings_of_a_bare_syllable():
    found = spellings("say")
    assert {"say", "sấy", "sậy", "sáy"} <= set(found)
    assert "đưa" in spellings("dua")
    assert spellings("membran") == ("membran",)


def test_marks_are_restored_from_what_the_index_knows():
    known = {
        "sấy": 4,
        "say": 1,
        "xoài": 5,
        "xoai": 0,
        "máy": 9,
        "may": 8,
        "máy_sấy": 3,
        "sấy_xoài": 3,
    }
    restored = restore_marks(["may", "say", "xoai", "membran"], lambda term: known.get(term, 0), 20)
    assert restored == ["máy", "sấy", "xoài", "membran"]
    assert restore_marks([], known.__getitem__, 20) == []


@given(st.text(alphabet="aĂđ1279.,-:/ \n²ỏéß&_"))
def test_the_plainer_pattern_finds_the_same_tokens(text):
    plain = text.replace("&", " ").replace("_", " ")
    assert tokens._PLAIN_TOKEN.findall(plain) == tokens._TOKEN.findall(plain)
    assert tokens._tokens(text) == tokens._TOKEN.findall(text)


@pytest.mark.parametrize(
    "text",
    [
        "Máy sấy xoài hoà tan KH & CN, 1.200 m³",
        "Heat pump drying of the mango",
        "",
        "xu ly nuoc thai",
    ],
)
def test_plain_terms_are_those_of_the_index(text):
    assert tokens.plain_terms(text) == tokens.exact_terms(text)
