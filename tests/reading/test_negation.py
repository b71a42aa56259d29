import pytest

from marketplace.reading.negation import read_exclusions


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("máy sấy không dùng than và củi", ["than", "củi"]),
        ("may say khong dung than va cui", ["than", "cui"]),
        ("xử lý không cần keo tụ, chi phí thấp", ["keo tụ"]),
        ("thay thế lò than bằng bơm nhiệt", ["lò than"]),
        ("thay the lo than bang bom nhiet", ["lo than"]),
        ("thay vì dùng kháng sinh khi nuôi tôm", ["kháng sinh"]),
        ("gạch không nung từ tro bay", ["nung"]),
        ("bảo quản không hóa chất", ["hóa chất"]),
        ("không sử dụng các chất bảo quản", ["chất bảo quản"]),
        ("a sensor without toxic reagents", ["reagents"]),
        ("lead-free solder", ["lead"]),
        ("alternatives to chrome plating for gears", ["chrome plating"]),
        ("does not require batteries or wires", ["batteries", "wires"]),
        # These say "không" and exclude nothing.
        ("không quá 4 công nhân, không dưới 92 %", []),
        ("làm việc trong không khí ẩm", []),
        ("vật liệu hàng không vũ trụ", []),
        ("không chỉ rẻ mà còn bền", []),
        ("máy chạy không đều, không ổn định", []),
        ("tôi thấy dao mòn, thay dao liên tục", []),
        ("không có khả năng chịu nhiệt", []),
        ("thay đổi tốc độ", []),
        ("khói đừng đen quá", []),
        ("we tried without it", []),
    ],
)
def test_read_exclusions(text, phrases):
    found = read_exclusions(text)
    assert [exclusion.phrase for exclusion in found] == phrases
    for exclusion in found:
        assert text[exclusion.start : exclusion.end] == exclusion.phrase
