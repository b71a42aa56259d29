"""Vietnamese tax codes: 10 digits with a check digit, 10-3 of a dependent unit, or 12 digits of a person."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SHAPE: Final = re.compile(r"(\d{10})(?:-(\d{3}))?|\d{12}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s.\u2010-\u2015-]+")


def clean_tax_code(raw: str) -> str:
    """The code in one notation; raises ValidationError where it cannot be a tax code.

    Twelve digits are a person's identity number, used by household businesses; it has no check digit.
    """
    digits = _SEPARATORS.sub("", raw.strip())
    code = f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits
    match = _SHAPE.fullmatch(code)
    if not match:
        raise ValidationError(
            _("Mã số thuế có 10 chữ số, 10 chữ số kèm 3 số của đơn vị phụ thuộc, hoặc 12 chữ số."),
            code="shape",
        )
    main, unit = match.groups()
    if main and (check_digit(main[:9]) != int(main[9]) or unit == "000"):
        raise ValidationError(
            _("Mã số thuế không đúng chữ số kiểm tra. Hãy xem lại từng chữ số."), code="check_digit"
        )
    return code


def is_personal(code: str) -> bool:
    """Whether it is a person's identity number: never on pages, in addresses, logs or the index."""
    return len(code) == 12 and code.isdecimal()


def root_of(code: str) -> str:
    """The ten digits that an enterprise and its dependent units have in common."""
    return code.partition("-")[0]


def check_digit(first_nine: str) -> int | None:
    """The tenth digit; None for the numbers that no code is given to."""
    remainder = sum(w * int(d) for w, d in zip(_WEIGHTS, first_nine, strict=True)) % 11
    return 10 - remainder if remainder else None
