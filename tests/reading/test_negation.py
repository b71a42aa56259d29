import pytest

from marketplace.reading.negation import ExclusionKind, read_exclusions, read_negations
from marketplace.reading.substances import shipped_substances


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
        ("không những không dùng than mà còn tiết kiệm điện", ["than"]),
        ("ko xài thuốc trừ sâu nha", ["thuốc trừ sâu"]),
        ("không được phép dùng formol", ["formol"]),
        ("không thể dùng điện lưới", ["điện lưới"]),
        ("hoàn toàn không sử dụng dung môi hữu cơ", ["dung môi hữu cơ"]),
        ("khong su dung dung moi huu co", ["dung moi huu co"]),
        ("tránh lưu huỳnh, giữ màu", ["lưu huỳnh"]),
        ("đừng xông diêm sinh", ["diêm sinh"]),
        ("loại bỏ công đoạn xông lưu huỳnh", ["lưu huỳnh"]),
        ("bỏ hẳn việc đốt than tổ ong", ["than tổ ong"]),
        ("nói không với kháng sinh", ["kháng sinh"]),
        ("ngừng dùng formol trước quý III", ["formol"]),
        ("thay lò hơi đốt than bằng bơm nhiệt", ["lò hơi đốt than"]),
        ("thay lo than bang bom nhiet", ["lo than"]),
        ("chuyển từ dầu diesel sang điện", ["dầu diesel"]),
        ("replace coal with biomass pellets", ["coal"]),
        ("the process must not use formaldehyde", ["formaldehyde"]),
        ("we do not want to use antibiotics", ["antibiotics"]),
        ("no antibiotics, please", ["antibiotics"]),
        ("a chemical free wash", ["chemical"]),
        ("gạch này cũng tránh được nung", ["nung"]),
        ("gach nay cung tranh duoc nung", ["nung"]),
        ("tránh được việc phải dùng thuốc trừ sâu", ["thuốc trừ sâu"]),
        ("bỏ được công đoạn nung", ["nung"]),
        ("bỏ được than", ["than"]),
        # A list goes on behind its commas.
        (
            "Không sử dụng formol, hàn the hay chất huỳnh quang.",
            ["formol", "hàn the", "chất huỳnh quang"],
        ),
        ("bún tươi không hàn the, formol, để được hai ngày", ["hàn the", "formol"]),
        ("without solvents, acids or chlorine", ["solvents", "acids", "chlorine"]),
        ("không dùng than, tiết kiệm điện và giảm khói", ["than"]),
        ("không dùng hóa chất, giữ màu hoặc tăng độ bền", ["hóa chất"]),
        ("Máy không dùng than, điện 3 pha", ["than"]),
        ("vách không nung, bê tông nhẹ", ["nung"]),
        # These say "không" and exclude nothing.
        ("bể lọc loại bỏ được kim loại nặng, hóa chất", []),
        ("tránh được tình trạng gạch nứt khi nung", []),
        ("không chỉ dùng than mà còn dùng củi", []),
        ("khong chi dung than ma con dung cui", []),
        ("máy chạy không ngừng", []),
        ("than là thứ không thể thiếu", []),
        ("khong the thieu hoa chat", []),
        ("không thể không dùng hóa chất", []),
        ("không nhất thiết dùng điện", []),
        ("cannot do without coal", []),
        ("not only coal but also wood", []),
        ("loại bỏ kim loại nặng khỏi nước", []),
        ("giảm hóa chất 30 %", []),
        ("giam luong nuoc tuoi", []),
        ("chưa dùng robot bao giờ", []),
        ("dư lượng SO2 dưới mức 10 mg/kg", []),
        ("tránh ô nhiễm và vỡ hạt", []),
        ("less than 5 ppm of lead", []),
        ("không quá 4 công nhân, không dưới 92 %", []),
        ("làm việc trong không khí ẩm", []),
        ("vật liệu hàng không vũ trụ", []),
        ("không chỉ rẻ mà còn bền", []),
        ("máy chạy không đều, không ổn định", []),
        ("tôi thấy dao mòn, thay dao liên tục", []),
        ("không có khả năng chịu nhiệt", []),
        # What the poster has not got is no condition of the thing.
        ("không có đất làm bể lớn", []),
        ("khong co kinh phi lon", []),
        ("trồng rau không dùng đất", ["đất"]),
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


@pytest.mark.parametrize(
    ("text", "kind", "phrase"),
    [
        ("giảm tiêu hao điện 30 %", ExclusionKind.LESS, "tiêu hao điện"),
        ("giam luong nuoc tuoi", ExclusionKind.LESS, "nuoc tuoi"),
        ("hạn chế hao hụt sau thu hoạch", ExclusionKind.LESS, "hao hụt sau thu hoạch"),
        ("reducing water consumption by half", ExclusionKind.LESS, "water consumption"),
        ("dư lượng thuốc trừ sâu dưới mức cho phép", ExclusionKind.LESS, "dư lượng thuốc trừ sâu"),
        ("quy trình chưa thử trên nước mặn", ExclusionKind.LACKING, "nước mặn"),
        ("máy không phù hợp với hạt ẩm", ExclusionKind.LACKING, "hạt ẩm"),
        ("khong xu ly duoc kim loai nang", ExclusionKind.LACKING, "kim loai nang"),
        ("it is not suitable for seawater", ExclusionKind.LACKING, "seawater"),
        ("the filter cannot remove arsenic", ExclusionKind.LACKING, "arsenic"),
    ],
)
def test_read_negations_tells_less_and_lacking_from_forbidden(text, kind, phrase):
    found = read_negations(text)
    assert [(one.kind, one.phrase) for one in found] == [(kind, phrase)]
    assert not found[0].forbids


def test_substances_know_what_belongs_to_them_in_both_languages():
    substances = shipped_substances()
    assert {"formol", "formaldehyde", "chemicals"} <= set(substances.spellings("hóa chất"))
    assert "hexane" in substances.spellings("dung môi hữu cơ độc hại")
    assert "hexan" in substances.spellings("toxic organic solvents")
    assert substances.spellings("máy sấy") == ()
    # Without its marks "chì" is the commonest of other words.
    assert substances.spellings("chi") == ()
