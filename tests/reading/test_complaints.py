import pytest

from marketplace.reading.complaints import find_complaints
from marketplace.reading.needs import elements_of_need


def elements(text: str, language: str = "vi") -> set[str]:
    return {element.text for element in elements_of_need(text, language)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Chúng tôi bị lỗ nặng hai năm nay, nợ ngân hàng chưa trả.", "vi"),
        ("chung toi bi lo nang hai nam nay, no ngan hang, khong biet lam sao", "vi"),
        ("Hàng tồn kho chất đống, thương lái ép giá, nhà kho dột.", "vi"),
        ("Máy cũ hay hỏng, sửa hoài không được, khách chê hàng.", "vi"),
        ("may cu hay hong, sua hoai khong duoc, khach che hang", "vi"),
        ("Ai cũng than.", "vi"),
        ("We are losing money and we owe the bank a loan.", "en"),
        ("Our old machine keeps breaking down.", "en"),
    ],
)
def test_a_complaint_names_no_element(text, language):
    assert find_complaints(text)
    assert elements(text, language) == set()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Trại heo bị lỗ nặng vì dịch tả.", "heo"),
        ("Xưởng gỗ bị phạt vì bụi, cần máy hút bụi gỗ.", "máy hút bụi gỗ"),
        ("Hàng xóm kiện vì nước thải, mong có thiết bị lọc phèn.", "thiết bị lọc phèn"),
        ("Khách chê mít sẫm màu.", "mít"),
        ("Khach che mit sam mau, can may say chan khong.", "chan khong"),
        ("Muốn kho lạnh để hàng tồn kho khỏi hư.", "kho lạnh"),
    ],
)
def test_what_a_complaint_is_about_and_what_is_wished_beside_it_stay(text, kept):
    assert kept in elements(text)


def test_a_clause_with_a_wish_is_no_complaint():
    assert not find_complaints("Cần giảm hao hụt vì đang mất khách")
    assert not find_complaints("We need a sensor because customers complain")
    assert not find_complaints("Máy sấy than đá đang dùng tốt")


@pytest.mark.parametrize("text", ["Tìm máy mới", "tim may moi", "Muốn có thiết bị gì đó tốt"])
def test_a_thing_without_a_name_is_no_element(text):
    assert elements(text) == set()
    assert elements("We need a better machine", "en") == set()


def test_a_new_thing_keeps_its_name():
    assert "máy sấy xoài" in elements("Tìm máy sấy xoài mới")
    assert "wood pellet machine" in elements("We need a wood pellet machine", "en")
