import pytest

from marketplace.sources.formats.classifications import field_code, path_name

TABLE = "BẢNG PHÂN LOẠI LĨNH VỰC NGHIÊN CỨU KHOA HỌC VÀ CÔNG NGHỆ"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{TABLE}::1. Khoa học tự nhiên", "1"),
        (f"{TABLE}::1.Khoa học tự nhiên::1.2 Khoa học máy tính và thông tin", "102"),
        (f"{TABLE}::4.Khoa học nông nghiệp::4.1.Trồng trọt::4.1.7.Bảo quản và chế biến nông sản", "40107"),
        (f"{TABLE}::1. Khoa học tự nhiên::Không rõ", "1"),
        (f"{TABLE}::", None),
        (TABLE, None),
        ("1.2", "102"),
        ("102", "102"),
        ("40107. Bảo quản và chế biến nông sản", "40107"),
        ("1.2.Khoa học máy tính", "102"),
        ("9.9. Gì đó", None),
        ("Toán học", None),
    ],
)  # fmt: skip
def test_codes_of_paths_and_notations(text, code):
    assert field_code(text) == code


def test_the_name_at_the_end_of_a_path():
    assert path_name(f"{TABLE}::1. Tự nhiên::1.2.Khoa học máy tính.") == "Khoa học máy tính"
