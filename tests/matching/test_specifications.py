"""Figures are compared where their names say the same, in either language; else nothing is claimed."""

import pytest

from marketplace.matching.scoring import CandidateText, NeedText, Specification, score
from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.names import Agreement, agreement
from marketplace.matching.scoring.need import figure_of
from marketplace.matching.scoring.specifications import compare_all
from marketplace.reading.quantities import read_quantities, read_value
from tests.matching.scoring_cases import statistics


def agree(left, right, unit):
    one, other = (read_value("5", unit, "=", name) for name in (left, right))
    found = agreement(one, other)
    assert agreement(other, one) is found
    return found


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [
        ("Công suất", "Năng suất", "kg/giờ"),
        ("Capacity", "Năng suất", "kg/giờ"),
        ("Năng suất bóc vỏ", "Shelling capacity", "kg/giờ"),
        ("chạy ở", "Nhiệt độ làm việc", "°C"),
        ("runs at", "Nhiệt độ vận hành", "°C"),
        ("Drying temperature", "sấy ở", "°C"),
        ("bảo quản ở", "Storage temperature", "°C"),
        ("Độ ẩm thành phẩm", "Final moisture", "%"),
        ("Hiệu suất khử COD", "COD removal efficiency", "%"),
        ("Hiệu suất thu hồi bạc", "silver recovery", "%"),
        ("Survival rate", "Tỷ lệ sống", "%"),
        ("Compressive strength", "Độ bền nén", "MPa"),
        ("Thời gian sấy", "sấy trong", "giờ"),
        ("Hàm lượng cynarin", "cynarin", "%"),
        ("Chi phí vận hành", "vận hành", "đồng/m³"),
        ("ty le song", "Tỷ lệ sống", "%"),
        ("COD", "COD ra", "mg/l"),
        ("Lưu lượng quạt hút", "lưu lượng quạt", "m³/giờ"),
        ("kết quả", "Tổng thời gian", "phút"),
        ("test results", "Time", "giờ"),
    ],
)
def test_names_of_the_same_thing_agree(left, right, unit):
    assert agree(left, right, unit) is Agreement.SAME


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [
        ("chạy ở", "Nhiệt độ sấy", "°C"),
        ("chay o", "nhiet do say", "°C"),
        ("runs at", "Drying temperature", "°C"),
        ("", "Nhiệt độ sấy", "°C"),
        ("Storage temperature", "Nhiệt độ sấy", "°C"),
        ("Nhiệt độ", "Nhiệt độ bảo quản", "°C"),
        ("Năng suất bóc vỏ", "Năng suất sấy", "kg/giờ"),
        ("Throughput", "Steam consumption", "kg/giờ"),
        ("Độ ẩm đầu vào", "Độ ẩm thành phẩm", "%"),
        ("Độ ẩm", "Initial moisture", "%"),
        ("Hiệu suất khử COD", "Hiệu suất khử màu", "%"),
        ("Hiệu suất thu hồi bạc", "recovery of silicon", "%"),
        ("Tỷ lệ sống", "Tỷ lệ nảy mầm", "%"),
        ("Hàm lượng dầu", "Hàm lượng dâu", "%"),
        ("Độ bền nén", "Flexural strength", "MPa"),
        ("Áp suất làm việc", "Độ bền nén", "MPa"),
        ("Drying time", "Thời gian bảo quản", "giờ"),
        ("Chi phí vận hành", "Chi phí xây", "đồng/m³"),
        ("COD", "COD vào", "mg/l"),
        ("Công suất", "Lưu lượng quạt", "m³/giờ"),
        ("Lưu lượng nước thải", "air flow", "m³/h"),
        ("Cong suat", "luu luong gio", "m³/giờ"),
        ("kết quả", "sấy trong", "giờ"),
    ],
)
def test_names_of_different_things_do_not(left, right, unit):
    assert agree(left, right, unit) is Agreement.NONE


def test_a_name_that_leaves_open_which_is_meant_agrees_less():
    assert agree("Nhiệt độ", "Nhiệt độ sấy", "°C") is Agreement.OPEN


def row(required, text="", rows=()):
    candidate = CandidateText(
        kind="offer", key="x", title="Thiết bị", text=text, specifications=tuple(rows)
    )
    figure = figure_of(required)
    (found,) = compare_all((figure,), (), ReadCandidate(candidate, folded=False))
    return found


AT_FOUR = Specification("Chạy ở", "=", low=4, unit="°C")


def test_what_dries_at_fifty_degrees_does_not_say_that_it_runs_at_four():
    found = row(AT_FOUR, rows=[Specification("Nhiệt độ sấy", "<=", low=50, unit="°C")])
    assert (found.fit, found.offered, found.evidence) == ("unknown", "", None)
    assert found.beside == "Nhiệt độ sấy: ≤ 50 °C"


def test_the_figure_of_the_same_name_is_compared_among_others():
    text = "Sấy ở 50 °C. Tủ làm việc ở nhiệt độ từ 2 đến 8 °C."
    found = row(AT_FOUR, text)
    assert (found.fit, found.offered) == ("met", "2 đến 8 °C")


def test_an_open_name_is_compared_only_where_one_figure_can_be_meant():
    wanted = Specification("Nhiệt độ", "<=", low=60, unit="°C")
    assert row(wanted, "Nhiệt độ sấy là 45 °C.").fit == "met"
    two = "Nhiệt độ sấy là 45 °C. Nhiệt độ nóng chảy là 180 °C."
    assert row(wanted, two).fit == "unknown"


def test_the_cost_of_a_thing_keeps_its_name():
    names = [quantity.name for quantity in read_quantities("Chi phí 620 đồng/kg.", "vi")]
    assert names == ["chi phí"]


def test_what_a_test_says_after_a_time_is_how_long_it_takes():
    within = Specification("Kết quả", "<=", high=1, unit="giờ")
    found = row(within, "Ly giải trong 5 phút, ủ ở 65 °C trong 35 phút. Tổng thời gian 48 phút.")
    assert (found.fit, found.offered) == ("met", "48 phút")
    assert row(within, "Tổng thời gian 110 phút.").fit == "unmet"
    # In another unit "kết quả" leads to a figure and names none.
    assert agree("kết quả", "hiệu suất", "%") is Agreement.NONE


def test_the_capacity_of_another_thing_compares_with_nothing():
    candidate = CandidateText(
        kind="result",
        key="x",
        title="Viên nén từ vỏ cà phê",
        text="Máy ép khuôn vòng 2,5 tấn/giờ, độ bền nén 40 MPa, thời gian 6 phút.",
    )
    read = ReadCandidate(candidate, folded=False)
    rows = (
        Specification("Năng suất", ">=", low=2, unit="tấn/giờ"),
        Specification("Độ bền nén", ">=", low=30, unit="MPa"),
        Specification("Thời gian", "<=", high=10, unit="phút"),
        Specification("Năng suất", ">=", low=9, unit="tấn/giờ"),
    )
    figures = tuple(figure for one in rows if (figure := figure_of(one)) is not None)
    assert [one.fit for one in compare_all(figures, (), read)] == ["met", "met", "met", "unmet"]
    own, strength, time, most = compare_all(figures, (), read, is_another=True)
    assert (own.fit, own.beside) == ("unknown", "Máy ép khuôn vòng: 2,5 tấn/giờ")
    assert (strength.fit, time.fit) == ("met", "unknown")
    # What misses a figure misses it whatever it is.
    assert most.fit == "unmet"


def test_what_misses_several_figures_and_meets_none_answers_nothing_however_much_it_shares():
    text = "Tinh bò sữa phân ly giới tính cho bê cái, tỷ lệ bê cái {} %, tỷ lệ đậu thai {} %."
    need = NeedText(
        text="Cần tinh bò sữa phân ly giới tính cho bê cái.",
        specifications=(
            Specification("Tỷ lệ bê cái", ">=", low=85, unit="%"),
            Specification("Tỷ lệ đậu thai", ">=", low=45, unit="%"),
        ),
    )

    def found(*figures):
        one = CandidateText(kind="result", key="x", title="Tinh bò", text=text.format(*figures))
        return score(need, [one], statistics([one])).scored[0]

    assert found("49", "30").probability < 0.2 < found("49", "50").probability
    assert [row.fit for row in found("49", "30").specifications] == ["unmet", "unmet"]
