"""Text for a cell of a table that a spreadsheet will open: CSV, XLSX."""

import re
from typing import Final

# A spreadsheet takes text that begins so for a formula, even behind a blank; some split lines and pipes.
_RUNS: Final = re.compile(r"\s*[=+\-@|%]|[\t\r\n]")


def harmless(text: str) -> str:
    """The text as no spreadsheet runs it: behind an apostrophe where it could be taken for a formula."""
    return f"'{text}" if _RUNS.match(text) else text
