import pytest

from marketplace.reading.quantities import read_quantities
from marketplace.reading.rates import Running, compare_rates, period_of


def quantity(text: str, language: str = "vi"):
    return read_quantities(text, language)[0]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("lưu lượng 0,5 m³/s", "hour"),
        ("năng suất 2 tấn mỗi ngày", "day"),
        ("nang suat 2 tan/ngay", "day"),
        ("công suất 400.000 m³/năm", "year"),
        ("mỗi mẻ 500 kg/mẻ", None),
        ("nặng 5 tấn", None),
    ],
)
def test_period_of(text, period):
    assert period_of(quantity(text)) == period


@pytest.mark.parametrize(
    ("required", "offered", "fit", "running"),
    [
        ("năng suất ≥ 300 kg/giờ", "năng suất 0,5 tấn/giờ", "met", None),
        ("lưu lượng ≥ 0,5 m³/s", "lưu lượng 96.000 m³/giờ", "met", None),
        ("năng suất ≥ 2 tấn/ngày", "năng suất 300 kg/giờ", "met", Running("hour", "day", 8, 24)),
        ("nang suat >= 2 tan/ngay", "nang suat 20 kg/gio", "unmet", Running("hour", "day", 8, 24)),
        ("công suất ≥ 10.000 tấn/năm", "công suất 60 tấn/ngày", "met", Running("day", "year", 240, 365)),
        ("công suất ≥ 10 tấn/giờ", "công suất 500 tấn/năm", "unmet", Running("hour", "year", 2000, 8760)),
    ],
)  # fmt: skip
def test_rates_of_different_times_compare_where_every_way_to_run_says_the_same(
    required, offered, fit, running
):
    compared = compare_rates(quantity(required), quantity(offered), better="higher")
    assert (compared.fit, compared.running, compared.stated_differently) == (fit, running, False)


@pytest.mark.parametrize(
    ("required", "offered"),
    [
        # In one shift too little, round the clock enough.
        ("năng suất ≥ 2 tấn/ngày", "năng suất 150 kg/giờ"),
        ("nang suat >= 2 tan/ngay", "nang suat 150 kg/gio"),
        # Of another scale altogether.
        ("lưu lượng ≥ 0,5 m³/s", "lưu lượng 400 m³/năm"),
        # A week fits no other time.
        ("năng suất ≥ 2 tấn/ngày", "năng suất 9 tấn/tuần"),
    ],
)
def test_rates_that_would_have_to_be_guessed_are_stated_differently(required, offered):
    compared = compare_rates(quantity(required), quantity(offered), better="higher")
    assert (compared.fit, compared.running, compared.stated_differently) == ("unknown", None, True)


def test_what_is_no_rate_compares_as_before():
    assert compare_rates(quantity("độ ẩm ≤ 12 %"), quantity("độ ẩm 10 %")).fit == "met"
    assert compare_rates(quantity("nặng 5 tấn"), quantity("cao 5 m")).fit == "unknown"


def test_english_rates_compare_too():
    compared = compare_rates(
        quantity("capacity at least 2 tonnes per day", "en"),
        quantity("capacity 300 kg per hour", "en"),
        better="higher",
    )
    assert compared.fit == "met"
    assert compared.running == Running("hour", "day", 8, 24)
