"""What a need excludes, against candidates that rely on it, leave it out, or deny what is asked."""

import pytest

from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.data import CandidateText, NeedText
from marketplace.matching.scoring.elements import fit_elements, wanted_elements
from marketplace.matching.scoring.exclusions import check_exclusions, without_denied
from marketplace.matching.scoring.need import read_need


def verdicts(need: str, text: str) -> list[tuple[str, bool]]:
    read = read_need(NeedText(text=need))
    candidate = ReadCandidate(CandidateText("result", "x", "", text), folded=read.folded)
    fits = check_exclusions(read.excluded, candidate, wanted=read.elements, lessened=read.lessened)
    return [(fit.code, fit.relied_on) for fit in fits]


USED = [("exclusion_used", True)]
SHARED = [("exclusion_shared", False)]


@pytest.mark.parametrize(
    ("need", "text", "expected"),
    [
        ("sấy xoài không dùng lưu huỳnh", "Xoài được xông lưu huỳnh 20 phút.", USED),
        ("say xoai khong dung luu huynh", "Xoài được xông lưu huỳnh 20 phút.", USED),
        ("sấy xoài không dùng lưu huỳnh", "Sấy lạnh, không dùng lưu huỳnh.", SHARED),
        # One of its kind counts, in whichever language.
        ("không dùng hóa chất", "Ngâm trứng trong formol 40 % trước khi ấp.", USED),
        ("không dùng hóa chất", "Eggs are dipped in formaldehyde before hatching.", USED),
        ("extraction without solvents", "Chiết bằng n-hexan ở 60 °C.", USED),
        # All of a list is left out, the second as the first.
        ("bún không hóa chất", "Không sử dụng formol, hàn the hay chất huỳnh quang.", SHARED),
        ("gạch không nung", "Gạch ép bán khô cũng tránh được nung.", SHARED),
        # To leave out one of a kind is not to leave out the kind.
        ("không dùng hóa chất", "Không dùng formol mà ngâm trong natri hypoclorit 2 %.", USED),
        # What takes the place of the replaced is used.
        ("không dùng nhựa", "Thay thế hộp gỗ bằng nhựa tái sinh.", USED),
        ("không dùng nhựa", "Thay thế nhựa bằng bột bã mía.", SHARED),
        # Less of it is some of it; compared with it says nothing.
        ("không dùng hóa chất", "Giảm lượng hóa chất sử dụng 40 % so với trước.", USED),
        ("không dùng hóa chất", "Hiệu quả cao hơn hóa chất truyền thống.", []),
        ("không dùng kháng sinh", "Phát hiện dư lượng kháng sinh trong tôm.", []),
        ("không phải dừng máy", "Số lần dừng máy ngoài kế hoạch giảm 63 %.", []),
        ("không dùng hóa chất", "Lượng hóa chất sử dụng giảm 40 %.", USED),
        # Of two names the second tells which kind is meant: other glues are none of it.
        ("ván ép không dùng keo formaldehyt", "Mối ghép cần thêm keo epoxy.", []),
        ("ván ép không dùng keo formaldehyt", "Trộn nhựa với formalin 37 %.", USED),
        (
            "ván ép không dùng keo formaldehyt",
            "Keo tannin không formaldehyt. Lượng formaldehyt phát tán 0,08 mg/l.",
            SHARED,
        ),
        ("khu mui ma khoi phai xit hoa chat", "Không dùng hóa chất.", SHARED),
        # Lessening does not forbid, but more of it is the contrary.
        ("giảm tiêu hao điện của máy sấy", "Máy sấy mới tiêu hao điện 0,8 kWh.", []),
        (
            "giảm tiêu hao điện của lò",
            "Lò mới nung nhanh nhưng làm tăng tiêu hao điện 15 %.",
            [("lessening_opposed", True)],
        ),
        # What is asked and denied.
        (
            "tách kim loại nặng khỏi nước thải",
            "Xử lý nước thải sinh hoạt; chưa xử lý được kim loại nặng.",
            [("element_denied", True)],
        ),
        (
            "a sensor for seawater",
            "The probe is for rivers. It is not suitable for seawater.",
            [("element_denied", True)],
        ),
        (
            "tách kim loại nặng khỏi nước thải",
            "Bể lắng chưa xử lý được kim loại nặng. Cột hấp phụ giữ kim loại nặng đến 99 %.",
            [],
        ),
        # Of one form a sentence that does without it clears it, of which another only speaks.
        (
            "gạch không dùng lò nung",
            "Tro có lượng mất khi nung cao phải tuyển. Gạch không nung từ tro bay.",
            SHARED,
        ),
    ],
)
def test_check_exclusions(need, text, expected):
    assert verdicts(need, text) == expected


def test_without_denied_leaves_no_element_met_by_its_denial():
    read = read_need(NeedText(text="tách kim loại nặng"))
    text = "Hệ thống chưa xử lý được kim loại nặng."
    candidate = ReadCandidate(CandidateText("result", "x", "", text), folded=False)
    fits = check_exclusions((), candidate, wanted=read.elements)
    elements = fit_elements(wanted_elements(read), candidate, {})
    assert [fit.met for fit in elements if fit.text == "kim loại nặng"] == [True]
    left = without_denied(elements, fits)
    assert [fit.met for fit in left if fit.text == "kim loại nặng"] == [False]
    assert next(fit for fit in left if fit.text == "kim loại nặng").evidence.text == text
