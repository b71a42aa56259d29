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


_ABSTRACT = (
    "Nước thải làm bún, bánh phở có COD 3.200 mg/l, TSS 900 mg/l và pH 4,1, được xử lý qua bể kỵ khí "
    "dòng ngược rồi bể có giá thể di động, mỗi ngày 150 m³."
)
_ENGLISH_ABSTRACT = (
    "Wastewater from rice noodle making is treated in an upflow anaerobic reactor followed by a moving "
    "bed, 150 cubic metres a day, and meets column A of the standard."
)


@pytest.mark.parametrize("abstract", [_ABSTRACT, _ENGLISH_ABSTRACT])
@pytest.mark.parametrize(
    "title",
    [
        "UASB–MBBR treatment of rice-noodle village wastewater, 150 m³ per day",
        "Mô hình xử lý nước thải làng nghề bún bằng kỵ khí dòng ngược kết hợp giá thể",
        "eDNA sensors for shrimp ponds",
    ],
)
def test_split_sentences_keeps_a_title_without_a_full_stop_apart(title, abstract):
    assert texts(f"{title}\n{abstract}") == [title, abstract]


def test_split_sentences_keeps_keywords_apart_from_what_stands_around_them():
    keywords = "chế phẩm vi sinh, nước thải tinh bột, amylaza, bún, bùn hoạt tính"
    delivered = "Chế phẩm bột 2 tấn; quy trình bổ sung"
    assert texts(f"{_ABSTRACT}\n{keywords}\n{delivered}") == [_ABSTRACT, keywords, delivered]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Độ ẩm bùn ra: ≤ 82 %\nép bùn, trục vít", ["Độ ẩm bùn ra: ≤ 82 %", "ép bùn, trục vít"]),
        ("Oil content: 0.5 %\nvacuum, crisp", ["Oil content: 0.5 %", "vacuum, crisp"]),
        ("Do am: 82 %\nep bun, truc vit", ["Do am: 82 %", "ep bun, truc vit"]),
        ("Cần máy sấy lạnh\ncho xoài lát", ["Cần máy sấy lạnh\ncho xoài lát"]),
    ],
)
def test_split_sentences_ends_rows_of_figures_but_no_broken_phrases(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Đề tài đã khảo sát hiện trạng xử lý nước thải của mười hai làng nghề tại",
            "Hà Nội và Bắc Ninh, chọn được hai điểm để dựng mô hình trình diễn.",
        ),
        (
            "The dryer was tested for two seasons at three farms in the provinces of",
            "Tien Giang and Ben Tre, where it dried mango slices at low cost.",
        ),
    ],
)
def test_split_sentences_goes_on_over_a_full_line(lines):
    wrapped = "\n".join(lines)
    assert texts(wrapped) == [wrapped]


def test_split_sentences_offsets_give_the_text_back():
    text = "  Máy sấy. \n\n- Giữ màu xoài;\n- Rẻ. Không dùng than. "
    for sentence in split_sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


def test_split_sentences_breaks_very_long_ones_at_semicolons():
    text = "; ".join(["một nội dung khá dài của đề tài nghiên cứu này"] * 12)
    assert len(texts(text)) == 12
