"""Texts as they come: one word, a whole tender, markup, capitals, numbers that contradict each other."""

import time

import pytest

from marketplace.reading.cleaning import plain_text
from marketplace.reading.contradictions import find_contradictions
from marketplace.reading.elements import read_elements
from marketplace.reading.negation import read_exclusions, read_negations
from marketplace.reading.quantities import read_quantities
from marketplace.reading.sentences import split_sentences

_PROSE = (
    "Cần máy sấy xoài 300 kg/giờ, không dùng lưu huỳnh, giảm tiêu hao điện, ngân sách dưới 1,2 tỷ. "
)


@pytest.mark.parametrize(
    "text",
    [
        _PROSE * 1100,
        "giảm " * 20_000,
        "5% " * 7_000,
        "không có dưới mức " * 5_000,
        "<div class='x'>" * 7_000,
        "thay x " * 15_000,
        "a" * 100_000,
        "[x](" * 20_000,
    ],
    ids=["20,000 words", "cues", "figures", "negations", "tags", "swaps", "one word", "links"],
)
def test_reading_takes_bounded_time(text):
    began = time.process_time()
    plain = plain_text(text)
    for read in (read_quantities, read_negations, read_elements, split_sentences):
        read(plain)
    # A quadratic pattern takes minutes here; a busy machine not this long.
    assert time.process_time() - began < 8


def test_reading_of_capitals_finds_what_small_letters_say():
    text = "CẦN MÁY SẤY XOÀI KHÔNG DÙNG LƯU HUỲNH, CÔNG SUẤT TỪ 300 KG/GIỜ TRỞ LÊN"
    assert [found.phrase for found in read_exclusions(text)] == ["LƯU HUỲNH"]
    assert [found.name for found in read_quantities(text)] == ["công suất"]
    assert {"XOÀI"} <= {element.text for element in read_elements(text, "vi")}


def test_plain_text_takes_markup_out_and_leaves_bounds_alone():
    copied = (
        "<div><h2>Nhu c&#7847;u</h2><p>Máy <b>sấy xoài</b>&nbsp;áp suất <50 bar</p>"
        "<script>alert('x')</script><ul><li>độ ẩm &lt; 15 %</li></ul></div>"
    )
    plain = plain_text(copied)
    assert "alert" not in plain
    assert "</" not in plain
    assert [one.value for one in read_quantities(plain)] == ["50 bar", "15 %"]
    assert plain_text("**Cần** [máy sấy](https://example.vn/a?b=1) `x`") == "Cần máy sấy x"
    assert plain_text("năng suất < 5 và > 3") == "năng suất < 5 và > 3"


def test_reading_of_another_language_or_of_nothing_finds_nothing_and_raises_nothing():
    for text in (
        "",
        "?",
        "我们需要干燥机",
        "Требуется сушилка для фруктов",
        "🍋" * 50,
        "\x00\u202e abc",
    ):
        assert read_quantities(text) == []
        assert read_exclusions(text) == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Công suất 300 kg/giờ. Công suất cần 2 tấn/giờ.", [("300 kg/giờ", "2 tấn/giờ")]),
        ("năng suất 7,2 tấn/ngày; công suất 300 kg/giờ", []),
        ("công suất ít nhất 10 tấn/ngày, công suất 15 tấn/ngày", []),
        ("công suất ít nhất 20 tấn/ngày, công suất 15 tấn/ngày", [("20 tấn/ngày", "15 tấn/ngày")]),
        ("ngân sách 500 triệu đồng, kinh phí không dưới 2 tỷ", [("500 triệu đồng", "2 tỷ")]),
        ("COD đầu vào 4.500 mg/l, COD đầu ra 75 mg/l", []),
        ("hiện công suất 100 kg/giờ, công suất 300 kg/giờ", []),
        ("capacity of 5 t/h but capacity under 2 t/h", [("5 t/h", "2 t/h")]),
    ],
)
def test_find_contradictions(text, pairs):
    found = find_contradictions(read_quantities(text))
    assert [(left.value, right.value) for left, right in found] == pairs
