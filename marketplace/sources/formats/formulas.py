"""Cells that a spreadsheet would run, kept as text on the way in (on the way out: `core.cells`)."""

import re
from typing import Final

# A number with its sign and a phone number are no formulas; everything else that starts so is.
_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+\-](?!\s*[\d.,()\s]+%?\s*$))\s*\S|[\t\r]\s*[=+\-@]")


def looks_like_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None
