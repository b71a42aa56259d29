import pytest
from django.core.exceptions import ValidationError

from marketplace.accounts.tax_codes import check_digit, clean_tax_code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0100047516", "0100047516"),
        ("1801742453", "1801742453"),
        (" 0100 047 516 ", "0100047516"),
        ("0100047516-001", "0100047516-001"),
        ("0100047516001", "0100047516-001"),
        ("0100047516 – 001", "0100047516-001"),
        ("001085123456", "001085123456"),
    ],
)
def test_tax_code_is_kept_in_one_notation(typed, code):
    assert clean_tax_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0100047517", "check_digit"),
        ("0100047516-000", "check_digit"),
        ("010004751", "shape"),
        ("abc", "shape"),
        ("٠١٠٠٠٤٧٥١٦", "shape"),
        ("0100047516-0123", "shape"),
    ],
)
def test_what_is_no_tax_code_says_why(typed, why):
    with pytest.raises(ValidationError) as error:
        clean_tax_code(typed)

    assert error.value.code == why


def test_numbers_without_a_check_digit_are_no_codes():
    without = [f"{n:09d}" for n in range(200) if check_digit(f"{n:09d}") is None]

    assert without
    for digit in range(10):
        with pytest.raises(ValidationError):
            clean_tax_code(f"{without[0]}{digit}")
