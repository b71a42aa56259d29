import pytest

from marketplace.reading.elements import read_elements
from marketplace.reading.heads import head_of, stands_for, without_when


@pytest.mark.parametrize(
    ("phrase", "carried_by", "last", "head"),
    [
        ("khử cồn", "khử", False, "khử"),
        ("loại bỏ kim loại nặng", "loại bỏ", False, "loại bỏ"),
        ("máy sấy", "máy", False, "máy"),
        ("máy sấy xoài lát", "máy", False, "sấy"),
        ("may say xoai lat", "may", False, "say"),
        ("hệ thống cấp đông cá tra", "hệ thống", False, "cấp"),
        ("nước thải dệt nhuộm", "", False, "nước"),
        ("reducing false alarms", "reducing", False, "reducing"),
        ("heat pump dryer", "", True, "dryer"),
        ("water treatment system", "", True, "treatment"),
        ("fish feed", "", True, "feed"),
        ("", "", False, ""),
    ],
)
def test_head_of(phrase, carried_by, last, head):
    assert head_of(phrase, carried_by=carried_by, last=last) == head


def test_stands_for_knows_synonyms_in_both_languages_and_no_opposites():
    assert {"khử", "loại bỏ", "remove"} <= set(stands_for("khử"))
    assert {"reduce", "giảm"} <= set(stands_for("reduce"))
    assert "tăng" not in stands_for("giảm")
    assert "lên men" not in stands_for("khử")
    assert stands_for("vỏ lụa") == ("vỏ lụa",)


def test_stands_for_reads_heads_without_marks():
    assert {"khu", "loại bỏ"} <= set(stands_for("khu"))


@pytest.mark.parametrize(
    ("text", "language", "phrase", "head"),
    [
        ("muốn khử cồn trong bia", "vi", "khử cồn", "khử"),
        ("cần máy tách hạt na", "vi", "máy tách hạt na", "tách"),
        ("sensors reducing false alarms", "en", "reducing false alarms", "reducing"),
        ("a rice husk furnace and a glass fibre board", "en", "glass fibre board", "board"),
    ],
)
def test_read_elements_say_what_carries_them(text, language, phrase, head):
    found = {element.text: element.head for element in read_elements(text, language)}
    assert found[phrase] == head


def test_when_it_comes_is_no_part_of_what_is_foretold():
    assert without_when("biết trước lúc nào sắp hư") == "biết trước hư"
    assert "dự báo" in stands_for("biết trước")
    assert without_when("biet truoc luc nao sap hu") == "biet truoc hu"
