"""Identifiers that carry a check digit, and the form each is written in."""

import re
from typing import Final

_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")
_DOI_BEFORE: Final = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def clean_orcid(text: str) -> str:
    """`0000-0002-1825-0097` from any usual writing; "" where the check digit does not fit.

    The rule is that of ISO 7064 MOD 11-2, as ORCID and ISNI both use it; ORCID takes its numbers
    from a block of the ISNI.
    """
    digits = _sixteen(text.rstrip("/").rpartition("/")[2])
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4)) if digits else ""


def clean_isni(text: str) -> str:
    """`0000 0001 2103 2683` from any usual writing; "" where the check digit does not fit."""
    digits = _sixteen(text.rstrip("/").rpartition("/")[2])
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4)) if digits else ""


def _sixteen(text: str) -> str:
    digits = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", digits):
        return ""
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits if digits[15] == ("X" if check == 10 else str(check)) else ""


def clean_doi(text: str) -> str:
    """`10.1000/xyz` without the address before it; "" where it is none."""
    doi = _DOI_BEFORE.sub("", text.strip()).rstrip(".,;")
    return doi if _DOI.fullmatch(doi) else ""


def clean_isbn(text: str) -> str:
    """The 10 or 13 digits; "" where the check digit does not fit."""
    digits = re.sub(r"[\s-]", "", text).upper().removeprefix("ISBN").lstrip(":")
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return "" if sum((10 - at) * value for at, value in enumerate(values)) % 11 else digits
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        return "" if total % 10 else digits
    return ""


def clean_issn(text: str) -> str:
    digits = re.sub(r"[\s-]", "", text).upper().removeprefix("ISSN").lstrip(":")
    if not re.fullmatch(r"[0-9]{7}[0-9X]", digits):
        return ""
    total = sum((8 - at) * int(digit) for at, digit in enumerate(digits[:7]))
    check = (11 - total % 11) % 11
    return f"{digits[:4]}-{digits[4:]}" if digits[7] == ("X" if check == 10 else str(check)) else ""
