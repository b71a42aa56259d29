import pytest

from marketplace.reading.sentences import split_sentences


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Máy sấy lạnh. Giữ màu xoài.", ["Máy sấy lạnh.", "Giữ màu xoài."]),
        ("Tiêu hao 0,9 kWh. Giá 1.200 đồng.", ["Tiêu hao 0,9 kWh.", "Giá 1.200 đồng."]),
        ("Sở KH&CN TP. HCM giao ThS. Trần An làm.", ["Sở KH&CN TP. HCM giao ThS. Trần An làm."]),
        ("Than, củi, v.v. Máy chạy điện.", ["Than, củi, v.v.", "Máy chạy điện."]),
        ("Than, củi, v.v. đều được.", ["Than, củi, v.v. đều được."]),
        ("can may say. khong dung than", ["can may say.", "khong dung than"]),
        ("Có được không? Được!", ["Có được không?", "Được!"]),
        (
            "See Fig. 3 of the report, e.g. page 5. It works.",
            ["See Fig. 3 of the report, e.g. page 5.", "It works."],
        ),
        (
            "Developed by J. Smith in the U.S. Navy lab.",
            ["Developed by J. Smith in the U.S. Navy lab."],
        ),
        ("1. Mục tiêu của đề tài\n2. Nội dung chính", ["Mục tiêu của đề tài", "Nội dung chính"]),
        (
            "Yêu cầu:\n- sấy nhanh\n- giữ màu\n• giá thấp",
            ["Yêu cầu:", "sấy nhanh", "giữ màu", "giá thấp"],
        ),
        (
            "Một dòng dài được ngắt\ngiữa chừng ở đây.",
            ["Một dòng dài được ngắt\ngiữa chừng ở đây."],
        ),
        ("Nhiều loại… và còn nữa. Hết.", ["Nhiều loại… và còn nữa.", "Hết."]),
        ("", []),
        (" . \n - \n", []),
    ],
)
def test_split_sentences(text, expected):
    assert texts(text) == expected


def test_split_sentences_offsets_give_the_text_back():
    text = "  Máy sấy. \n\n- Giữ màu xoài;\n- Rẻ. Không dùng than. "
    for sentence in split_sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


def test_split_sentences_breaks_very_long_ones_at_semicolons():
    text = "; ".join(["một nội dung khá dài của đề tài nghiên cứu này"] * 12)
    assert len(texts(text)) == 12
