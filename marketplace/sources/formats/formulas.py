"""Cells that a spreadsheet would run: kept as text on the way in, made harmless on the way out."""

import re
from typing import Final

# A number with its sign and a phone number are no formulas; everything else that starts so is.
_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+\-](?!\s*[\d.,()\s]+%?\s*$))\s*\S|[\t\r]\s*[=+\-@]")


def looks_like_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def harmless(text: str) -> str:
    """The text for a CSV or XLSX cell that no spreadsheet will take for a formula."""
    return f"'{text}" if looks_like_formula(text) else text
