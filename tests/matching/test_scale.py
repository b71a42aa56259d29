"""Whether what is offered is of the size that is asked for, and rates by different times, in reasons."""

import pytest

from marketplace.matching.scoring import CandidateText, render_reason
from tests.matching.test_scoring import codes, first, match


def offer(text: str, title: str = "Thiết bị chiết tinh dầu sả") -> CandidateText:
    return CandidateText("result", "sa", title, text)


def said(need: str, text: str, language: str = "vi", **options) -> list[str]:
    found = first(need, (offer(text, **options),))
    return [render_reason(reason, language) for reason in found.reasons]


@pytest.mark.parametrize(
    ("need", "text", "code"),
    [
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ",
         "Chiết tinh dầu sả trong bình 5 lít, hiệu suất 92 %.", "scale_smaller"),
        ("can chiet tinh dau sa, cong suat 10 tan/gio",
         "Chiết tinh dầu sả trong bình 5 lít, hiệu suất 92 %.", "scale_smaller"),
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ",
         "Chiết tinh dầu sả ở quy mô phòng thí nghiệm.", "scale_laboratory"),
    ],
)  # fmt: skip
def test_a_far_smaller_scale_is_an_open_question(need, text, code):
    found = first(need, (offer(text),))
    assert code in codes(found)
    assert found.band != "strong" or not any("met" in one for one in codes(found))


def test_the_question_names_both_sizes_in_the_readers_language():
    need = "Cần chiết tinh dầu sả, công suất 10 tấn/giờ"
    text = "Chiết tinh dầu sả trong bình 5 lít, hiệu suất 92 %."
    assert any("10 tấn/giờ" in one and "5 lít" in one for one in said(need, text))
    assert any("scale" in one.lower() for one in said(need, text, "en"))


@pytest.mark.parametrize(
    ("need", "text"),
    [
        # Of one size, more than enough, or compared already.
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ", "Dây chuyền chiết tinh dầu sả 8 tấn/giờ."),
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ", "Chiết tinh dầu sả, công suất 20 kg/giờ."),
        # A small need asks nothing of the scale.
        ("Cần chiết tinh dầu sả, mỗi mẻ 20 kg", "Chiết tinh dầu sả trong bình 5 lít."),
        ("Cần chiết tinh dầu sả", "Chiết tinh dầu sả ở quy mô phòng thí nghiệm."),
        # Tried in the laboratory first, and then in a works.
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ",
         "Chiết tinh dầu sả ở quy mô phòng thí nghiệm rồi tại nhà máy."),
        # Solids an hour are no part of a flow of water.
        ("Cần chiết tinh dầu sả, công suất 5.000 m³/ngày", "Chiết tinh dầu sả, máy 120 kg chất khô/giờ."),
        # A dose is no size.
        ("Cần ủ phân vỏ sả, công suất 10 tấn/giờ", "Máy ủ vỏ sả, bón 5 kg/gốc."),
        ("Cần ủ phân vỏ sả, công suất 10 tấn/giờ", "Máy ủ vỏ sả, bón 5 kg cho mỗi gốc."),
        ("Cần chiết tinh dầu sả, công suất 10 tấn/giờ", "Tinh dầu sả, uống 5 ml sau khi ăn."),
    ],
)  # fmt: skip
def test_no_question_where_none_arises(need, text):
    assert not [code for code in codes(first(need, (offer(text),))) if code.startswith("scale")]


def test_a_conversion_is_said_with_its_assumption():
    need = "Cần máy sấy xoài, năng suất tối thiểu 2 tấn/ngày"
    told = said(need, "Máy sấy xoài, năng suất 300 kg/giờ.", title="Máy sấy xoài")
    assert "Quy đổi với giả định chạy 8–24 giờ mỗi ngày" in told
    assert any(one.startswith("Đạt chỉ tiêu") for one in told)


def test_a_rate_that_would_have_to_be_guessed_is_said_to_be_stated_differently():
    need = "Cần máy sấy xoài, năng suất tối thiểu 2 tấn/ngày"
    found = first(need, (offer("Máy sấy xoài, năng suất 150 kg/giờ.", "Máy sấy xoài"),))
    assert "specification_differently" in codes(found)
    assert found.specifications[0].fit == "unknown"
    assert not [code for code in codes(found) if code.startswith("running")]


def test_what_is_under_way_or_misses_a_figure_is_no_strong_match():
    need = "Cần máy sấy xoài lát bằng bơm nhiệt giữ màu, năng suất tối thiểu 300 kg/giờ"
    text = "Máy sấy xoài lát bằng bơm nhiệt giữ màu xoài, năng suất {} kg/giờ."
    title = "Máy sấy xoài lát bằng bơm nhiệt"

    def band(capacity: int, *, under_way: bool = False) -> str:
        one = CandidateText("result", "x", title, text.format(capacity), under_way=under_way)
        found = match(need, (one,))
        return (found.under_way if under_way else found.scored)[0].band

    assert band(350) == "strong"
    assert band(30) == "good"
    assert band(350, under_way=True) == "good"
