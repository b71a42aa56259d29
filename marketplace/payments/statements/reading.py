"""Which form a file has is read from the file, never from its name."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.payments.statements.camt import camt_lines
from marketplace.payments.statements.lines import Line, StatementProblem
from marketplace.payments.statements.mt940 import mt940_lines
from marketplace.payments.statements.tables import MOST_LINES, csv_lines, xlsx_lines

Reader = Callable[[bytes, str], list[Line]]
FORMS: Final[dict[str, Reader]] = {
    "csv": csv_lines,
    "xlsx": xlsx_lines,
    "mt940": mt940_lines,
    "camt053": camt_lines,
}


def read_statement(data: bytes, *, currency: str) -> tuple[str, list[Line]]:
    """The form and the lines of money that came in. Raises StatementProblem.

    `currency` is the account's: for files that do not say theirs.
    """
    if not data:
        raise StatementProblem(_("Tệp rỗng."))
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise StatementProblem(_("Tệp quá lớn."))
    form = _form_of(data)
    lines = FORMS[form](data, currency)
    if len(lines) > MOST_LINES:
        raise StatementProblem(_("Tệp có quá nhiều dòng: tối đa %(most)s.") % {"most": MOST_LINES})
    return form, lines


def _form_of(data: bytes) -> str:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"<"):
        return "camt053"
    if b":20:" in start and b":25" in start:
        return "mt940"
    return "csv"
