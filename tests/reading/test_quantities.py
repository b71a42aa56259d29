import pytest

from marketplace.reading.comparing import compare
from marketplace.reading.quantities import Operator, read_quantities, read_value


def only(text: str, language: str = ""):
    found = read_quantities(text, language)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "dimension", "operator", "low", "high"),
    [
        ("năng suất 300 kg/giờ", "kg·s^-1", Operator.EQUAL, 300 / 3600, 300 / 3600),
        ("lưu lượng 1.200 m³/ngày", "m^3·s^-1", Operator.EQUAL, 1200 / 86400, 1200 / 86400),
        ("1200 khối mỗi ngày đêm", "m^3·s^-1", Operator.EQUAL, 1200 / 86400, 1200 / 86400),
        ("tiêu hao 0,9 kWh cho một kg nước", "Wh·kg^-1", Operator.EQUAL, 900, 900),
        ("lò hơi 5–50 tấn/giờ", "kg·s^-1", Operator.RANGE, 5000 / 3600, 50000 / 3600),
        ("từ 5 đến 50 tấn/giờ", "kg·s^-1", Operator.RANGE, 5000 / 3600, 50000 / 3600),
        ("500 kg đến 2 tấn", "kg", Operator.RANGE, 500, 2000),
        ("áp suất <50 bar", "Pa", Operator.AT_MOST, None, 5e6),
        ("hiệu suất 85–88 %", "%", Operator.RANGE, 0.85, 0.88),
        ("hiệu suất ≥ 92%", "%", Operator.AT_LEAST, 0.92, None),
        ("cần từ 92 % trở lên", "%", Operator.AT_LEAST, 0.92, None),
        ("công suất từ 400 kg mỗi mẻ", "kg·mẻ^-1", Operator.AT_LEAST, 400, None),
        ("làm từ 400 kg trấu", "kg", Operator.EQUAL, 400, 400),
        ("không quá 4 công nhân", "người", Operator.AT_MOST, None, 4),
        ("dưới 60 độ C", "°C", Operator.AT_MOST, None, 60),
        ("nhiệt độ dưới 60 độ", "°C", Operator.AT_MOST, None, 60),
        ("không dưới 10 t/h", "kg·s^-1", Operator.AT_LEAST, 10000 / 3600, None),
        ("khoảng 500 kg mỗi mẻ", "kg·mẻ^-1", Operator.ABOUT, 500, 500),
        ("ngân sách 1,2–1,8 tỷ đồng", "VND", Operator.RANGE, 1.2e9, 1.8e9),
        ("tối đa 500 triệu", "VND", Operator.AT_MOST, None, 5e8),
        ("2 triệu tấn mỗi năm", "kg·s^-1", Operator.EQUAL, 2e9 / 31557600, 2e9 / 31557600),
        ("năng suất 140 kg hạt/giờ", "kg·s^-1", Operator.EQUAL, 140 / 3600, 140 / 3600),
        ("5 tấn nguyên liệu mỗi ngày", "kg·s^-1", Operator.EQUAL, 5000 / 86400, 5000 / 86400),
        ("500 m3 nước thải/ngày đêm", "m^3·s^-1", Operator.EQUAL, 500 / 86400, 500 / 86400),
        ("giá 5.000 đ/kg", "VND·kg^-1", Operator.EQUAL, 5000, 5000),
        ("bảo quản ở -18 °C", "°C", Operator.EQUAL, -18, -18),
        ("giữ ở 25 ± 2 °C", "°C", Operator.RANGE, 23, 27),
        ("pH 6–8", "pH", Operator.RANGE, 6, 8),
        ("pH từ 6,5", "pH", Operator.AT_LEAST, 6.5, None),
        ("10 000 tấn", "kg", Operator.EQUAL, 1e7, 1e7),
        ("công suất 10 tấn một ngày", "kg·s^-1", Operator.EQUAL, 10000 / 86400, 10000 / 86400),
        ("từ 5 tấn đến 10 tấn mỗi ngày", "kg·s^-1", Operator.RANGE, 5000 / 86400, 10000 / 86400),
        ("áp suất 5,5–6 kg/cm²", "Pa", Operator.RANGE, 539365.75, 588399.0),
        ("ngân sách một tỷ rưỡi", "VND", Operator.EQUAL, 1.5e9, 1.5e9),
        ("1 tỷ 200 triệu", "VND", Operator.EQUAL, 1.2e9, 1.2e9),
        ("tầm 500tr", "VND", Operator.ABOUT, 5e8, 5e8),
        ("bán 1tr2", "VND", Operator.EQUAL, 1.2e6, 1.2e6),
        ("giá 12k/kg", "VND·kg^-1", Operator.EQUAL, 12000, 12000),
        ("chừng hai trăm ký một giờ", "kg·s^-1", Operator.ABOUT, 200 / 3600, 200 / 3600),
        ("bảy tám trăm đồng một ký", "VND·kg^-1", Operator.RANGE, 700, 800),
        ("mười lăm tấn mỗi ngày", "kg·s^-1", Operator.EQUAL, 15000 / 86400, 15000 / 86400),
        ("dư lượng dưới mức 10 mg/kg", "1", Operator.AT_MOST, None, 1e-5),
        ("tối đa: 80 dB", "dB", Operator.AT_MOST, None, 80),
        ("150 triệu/tháng", "VND·s^-1", Operator.EQUAL, 1.5e8 / 2629800, 1.5e8 / 2629800),
        # Without diacritics.
        ("nang suat toi thieu 2,5 tan/gio", "kg·s^-1", Operator.AT_LEAST, 2500 / 3600, None),
        ("gia khong qua 2 ty dong", "VND", Operator.AT_MOST, None, 2e9),
        ("nhiet do duoi 60 do C", "°C", Operator.AT_MOST, None, 60),
        ("tu 92 % tro len", "%", Operator.AT_LEAST, 0.92, None),
        # English.
        ("at least 10 t/h", "kg·s^-1", Operator.AT_LEAST, 10000 / 3600, None),
        ("less than 5 ppm", "ppm", Operator.AT_MOST, None, 5),
        ("between 5 and 50 bar", "Pa", Operator.RANGE, 5e5, 5e6),
        ("down to 5 micrograms per litre", "kg·m^-3", Operator.EQUAL, 5e-6, 5e-6),
        ("a budget of $5 million", "USD", Operator.EQUAL, 5e6, 5e6),
        ("1,200 gallons of it", "m^3", Operator.EQUAL, 4.542494, 4.542494),
        ("two hundred kg per hour", "kg·s^-1", Operator.EQUAL, 200 / 3600, 200 / 3600),
        (
            "from 3 tonnes to 5 tonnes per day",
            "kg·s^-1",
            Operator.RANGE,
            3000 / 86400,
            5000 / 86400,
        ),
        ("VND 2 billion", "VND", Operator.EQUAL, 2e9, 2e9),
        ("€50k", "EUR", Operator.EQUAL, 5e4, 5e4),
        ("90 percent or more", "%", Operator.AT_LEAST, 0.9, None),
    ],
)
def test_read_quantities(text, dimension, operator, low, high):
    quantity = only(text)
    assert (quantity.dimension, quantity.operator) == (dimension, operator)
    assert quantity.low == (None if low is None else pytest.approx(low))
    assert quantity.high == (None if high is None else pytest.approx(high))
    assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    "text",
    [
        "QĐ 1907/QĐ-SHTT ngày 17/02/2023",
        "TRL 7, ISO 9001:2015",
        "máy KSRO4000 cỡ 300 x 200 mm",
        "năm 2024 có 5 dòng máy",
        "mỗi năm tấn công một lần",
        "màn hình 4k, hai bên, một số máy",
        "nuôi 3 cá",
        "Nghị định 76/2018/NĐ-CP",
        "hồ sơ 2024-64-218/KQNC",
    ],
)
def test_read_quantities_leaves_codes_and_plain_numbers(text):
    assert read_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.200 kg", "vi", 1200),
        ("1.200 kg", "en", 1.2),
        ("1,200 kg", "en", 1200),
        ("1,200 kg", "vi", 1200),
        ("1,25 kg", "vi", 1.25),
        ("0.125 kg", "vi", 0.125),
        ("2.500.000 kg", "en", 2500000),
        ("1.234,5 kg", "vi", 1234.5),
        ("1,234.5 kg", "en", 1234.5),
    ],
)
def test_read_quantities_reads_separators_by_language(text, language, value):
    assert only(text, language).low == pytest.approx(value)


def test_read_quantities_names_what_is_measured_and_what_is_now():
    text = (
        "Tỷ lệ nhân nguyên hiện đạt 78 %, cần từ 92 % trở lên ở năng suất 300 kg/giờ, "
        "không quá 4 công nhân vận hành."
    )
    found = read_quantities(text)
    assert [(quantity.name, quantity.current) for quantity in found] == [
        ("tỷ lệ nhân nguyên", True),
        ("tỷ lệ nhân nguyên", False),
        ("năng suất", False),
        ("công nhân", False),
    ]


@pytest.mark.parametrize(
    ("text", "current"),
    [
        ("hiện nay chúng tôi chạy 2 tấn/giờ", True),
        ("hien dang chay 2 tan/gio", True),
        ("thiết bị dạng đứng 2 tấn/giờ", False),
        ("đề tài thực hiện ở 2 tấn/giờ", False),
        ("hiện chạy được, cần lên 2 tấn/giờ", False),
        ("currently 2 t/h", True),
    ],
)
def test_read_quantities_tells_the_present_from_the_wanted(text, current):
    assert only(text).current is current


def test_read_quantities_takes_where_a_change_comes_from_for_the_present():
    found = read_quantities("giảm tỷ lệ vỡ từ 12 % xuống 5 %")
    assert [(one.operator, one.current) for one in found] == [
        (Operator.EQUAL, True),
        (Operator.AT_MOST, False),
    ]


@pytest.mark.parametrize(
    ("required", "offered", "fit"),
    [
        ("≥ 10 t/h", "từ 5 tấn đến 9 tấn mỗi giờ", "unmet"),
        ("ít nhất 20 tấn/ngày", "1000 kg/h", "met"),
        ("ít nhất 20 tấn/ngày", "500 kg/h", "unmet"),
        ("<50 bar", "45 kg/cm²", "met"),
        # Of an open end, what is promised counts.
        ("năng suất từ 6 tấn/ha", "năng suất ≥ 640 kg/ha", "unmet"),
        ("≥ 10 t/h", "≥ 8 t/h", "partly"),
        ("dưới 10 mg/l", "dưới 50 mg/l", "unmet"),
        ("dưới 10 mg/l", "dưới 12 mg/l", "partly"),
        ("từ 92 % trở lên", "đạt 93,4 %", "met"),
        ("từ 92 % trở lên", "đạt 88 %", "unmet"),
        ("≥ 300 kg/giờ", "280–310 kg/giờ", "partly"),
        ("≥ 10 t/h", "250 kg/phút", "met"),
        ("không quá 4 công nhân", "3 công nhân", "met"),
        ("không quá 4 công nhân", "6 công nhân", "unmet"),
        ("dưới 50 mg/l", "30 ppm", "met"),
        ("dưới 60 độ C", "sấy ở 45–70 °C", "partly"),
        ("500 kg/mẻ", "520 kg/mẻ", "met"),
        ("500 kg/mẻ", "620 kg/mẻ", "partly"),
        ("500 kg/mẻ", "100 kg/mẻ", "unmet"),
        ("20–30 °C", "15–40 °C", "met"),
        ("500 kg/mẻ", "500 kg/giờ", "unknown"),
    ],
)
def test_compare(required, offered, fit):
    assert compare(only(required), only(offered)) == fit


def test_compare_welcomes_more_of_a_capacity_and_less_of_a_price():
    assert compare(only("300 kg/giờ"), only("900 kg/giờ"), better="higher") == "met"
    assert compare(only("5 triệu đồng"), only("2 triệu đồng"), better="lower") == "met"
    assert compare(only("5 triệu đồng"), only("9 triệu đồng"), better="lower") == "unmet"


def test_read_value_reads_a_specification_row():
    row = read_value("1.200", "m³/ngày", ">=", "Lưu lượng")
    assert (row.operator, row.high, row.name) == (Operator.AT_LEAST, None, "Lưu lượng")
    assert row.low == pytest.approx(1200 / 86400)
    assert read_value("cao", "", ">=") is None


@pytest.mark.parametrize(
    ("text", "language", "operator"),
    [
        ("temperature not above 60 degrees C", "en", "<="),
        ("a loss no higher than 3 %", "en", "<="),
        ("moisture not below 12 %", "en", ">="),
        ("nhiệt độ không được vượt quá 60 °C", "vi", "<="),
        ("nhiet do khong duoc vuot qua 60 do C", "vi", "<="),
        ("độ ẩm không được dưới 12 %", "vi", ">="),
        ("nhiệt độ vượt quá 60 °C", "vi", ">="),
        ("temperature above 60 degrees C", "en", ">="),
    ],
)
def test_a_denied_bound_is_the_other_bound(text, language, operator):
    assert read_quantities(text, language)[0].operator.value == operator


def test_a_name_begins_with_a_whole_word():
    (figure,) = read_quantities("Cần quy trình bảo quản vải thiều tươi ít nhất 30 ngày.", "vi")
    assert figure.name == "bảo quản vải thiều tươi"


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("keeps working at minus 40 °C", -40),
        ("trữ ở âm 18 °C", -18),
        ("tru dong o am 18 do C", -18),
        ("nước ấm 40 °C", 40),
        ("hơi ẩm 40 °C", 40),
    ],
)
def test_degrees_below_zero_in_words(text, degrees):
    (figure,) = read_quantities(text)
    assert figure.low == figure.high == degrees
