import pytest

from search.analysis import abbreviations, exact_terms, fold_terms
from search.analysis.abbreviations import expansions, register_abbreviations


def meanings(text: str) -> set[str]:
    return {" ".join(one.exact_terms) for one in expansions(fold_terms(exact_terms(text)))}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ứng dụng CNTT", "công nghệ thông tin"),
        ("ung dung cntt", "công nghệ thông tin"),
        ("KH&CN", "khoa học và công nghệ"),
        ("XLNT làng nghề", "xử lý nước thải"),
        ("xử lý nước thải làng nghề", "xlnt"),
        ("doi moi sang tao", "đmst"),
        ("đổi mới sáng tạo", "đmst"),
    ],
)
def test_abbreviation_and_phrase_stand_for_each_other(text, meaning):
    assert {fold_term(m) for m in meanings(text)} >= {fold_term(meaning)}


def fold_term(text: str) -> str:
    return " ".join(fold_terms(text.split()))


def test_words_around_choose_the_meaning():
    assert meanings("máy phay CNC") == {"điều khiển số"}
    assert meanings("nông nghiệp CNC") == {"công nghệ cao"}
    assert meanings("CNC") == {"điều khiển số", "công nghệ cao"}


def test_syllable_is_an_abbreviation_only_with_a_hint():
    assert meanings("ai là chủ nhiệm") == set()
    assert "trí tuệ nhân tạo" in meanings("mô hình AI nhận dạng")


def test_application_adds_its_own(monkeypatch):
    monkeypatch.setattr(abbreviations, "_short", dict(abbreviations._short))
    monkeypatch.setattr(abbreviations, "_long", dict(abbreviations._long))
    register_abbreviations([("QTHT", "quan trắc hiện trường", "")] * 2)
    assert meanings("trạm QTHT") == {"quan trắc hiện trường"}
    assert len(abbreviations._short["qtht"]) == 1
