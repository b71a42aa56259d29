"""Statements as tables, CSV or XLSX, as internet banking of Vietnamese banks gives them out.

There is no common form: the row that names the columns is looked for, and columns are known by the words
banks use for them. Sums are written in one of two manners, which the whole column decides.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _

from marketplace.core.currencies import currencies
from marketplace.core.text import fold
from marketplace.payments.money import from_decimal
from marketplace.payments.statements.lines import Line, StatementProblem

MOST_LINES: Final = 50_000
_HEADER_WITHIN: Final = 40
_COLUMNS: Final = {
    "date": ("ngay giao dich", "ngay hieu luc", "ngay hach toan", "ngay gd", "ngay", "transaction date", "booking date", "date"),
    "credit": ("so tien ghi co", "ghi co", "phat sinh co", "so tien co", "co", "credit amount", "credit"),
    "amount": ("so tien", "amount"),
    "debit": ("so tien ghi no", "ghi no", "phat sinh no", "so tien no", "no", "debit amount", "debit"),
    "content": ("noi dung giao dich", "noi dung", "dien giai", "mo ta", "description", "remittance information", "details"),
    "key": ("so tham chieu", "so giao dich", "ma giao dich", "so ct", "so chung tu", "so but toan", "transaction id", "reference", "transaction no"),
    "currency": ("loai tien", "tien te", "currency", "ccy"),
}  # fmt: skip
_DATES: Final = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y")


def csv_lines(data: bytes, currency: str) -> list[Line]:
    text = _decoded(data)
    sample = text[:8192]
    delimiter = max(",;\t|", key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise StatementProblem(_("Không đọc được tệp CSV này.")) from error
    return list(_lines(rows, currency))


def xlsx_lines(data: bytes, currency: str) -> list[Line]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_LINES + 100)]
        book.close()
    except Exception as error:  # the library raises whatever its parts raise on a broken file
        raise StatementProblem(
            _("Không đọc được tệp XLSX này. Hãy xuất lại từ ngân hàng.")
        ) from error
    return list(_lines(rows, currency))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # What is left are old tools of Windows; letters of the content may be wrong, its reference is ASCII.
    return data.decode("cp1258", errors="replace")


def _lines(rows: Sequence[Sequence[Any]], currency: str) -> Iterator[Line]:
    start, columns = _header(rows)
    body = [row for row in rows[start + 1 :] if any(cell not in (None, "") for cell in row)]
    if len(body) > MOST_LINES:
        raise StatementProblem(_("Tệp có quá nhiều dòng: tối đa %(most)s.") % {"most": MOST_LINES})
    sums = columns.get("credit", columns.get("amount", 0))
    decimal_sign = _decimal_sign([_text(_cell(row, sums)) for row in body])
    for number, row in enumerate(body, start=start + 2):
        line = _line(row, columns, sums, decimal_sign, currency, number)
        if line is not None:
            yield line


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    for position, row in enumerate(rows[:_HEADER_WITHIN]):
        named = [_words(cell) for cell in row]
        found: dict[str, int] = {}
        for column, names in _COLUMNS.items():
            for name in names:
                places = [place for place, words in enumerate(named) if _is(words, name)]
                free = [place for place in places if place not in found.values()]
                if free:
                    found[column] = free[0]
                    break
        if {"date", "content"} <= found.keys() and {"credit", "amount"} & found.keys():
            return position, found
    raise StatementProblem(
        _(
            "Không thấy hàng tiêu đề có ngày, số tiền ghi có và nội dung. Hãy dùng tệp ngân hàng xuất ra."
        )
    )


def _is(words: str, name: str) -> bool:
    return words == name or (len(name) > 5 and words.startswith(name))


def _words(cell: Any) -> str:
    plain = re.sub(r"[^a-z0-9]+", " ", fold(str(cell or ""))).strip()
    return re.sub(r" (?:vnd|usd|eur|dong)$", "", plain)


def _line(
    row: Sequence[Any],
    columns: dict[str, int],
    sums: int,
    decimal_sign: str,
    currency: str,
    number: int,
) -> Line | None:
    written = _cell(row, sums)
    if written in (None, "", "-") or _text(written) in ("", "0", "-"):
        return None  # money that went out
    try:
        value = _decimal(written, decimal_sign)
    except ArithmeticError as error:
        if _date(_cell(row, columns["date"])) is None:
            return None  # a total, a signature below the table
        raise _problem(number, _("số tiền")) from error
    if value <= 0:
        return None
    day = _date(_cell(row, columns["date"]))
    if day is None:
        return None
    said = _text(_cell(row, columns["currency"])).upper() if "currency" in columns else ""
    code = said if said in currencies() else currency
    try:
        money = from_decimal(value, code)
    except ValueError as error:
        raise _problem(number, _("số tiền")) from error
    key = _text(_cell(row, columns["key"])) if "key" in columns else ""
    content = _text(_cell(row, columns["content"]))
    return Line(day, money.amount, code, content[:500], key[:60])


def _problem(number: int, what: str) -> StatementProblem:
    return StatementProblem(
        _("Dòng %(number)s: không đọc được %(what)s.") % {"number": number, "what": what}
    )


def _cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell if cell is not None else "").replace("\x00", "").strip()


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    first = _text(cell).split(" ")[0].split("\n")[0]
    for form in _DATES:
        try:
            return datetime.strptime(first, form).date()  # noqa: DTZ007 - a day as the bank writes it
        except ValueError:
            continue
    return None


def _decimal_sign(written: Sequence[str]) -> str:
    """The sign before the minor units: the one after which, somewhere, not exactly three digits stand."""
    for text in written:
        plain = re.sub(r"[^\d.,]", "", text)
        last = max(plain.rfind("."), plain.rfind(","))
        if last >= 0 and (len(plain) - last - 1 != 3 or {".", ","} <= set(plain)):
            return plain[last]
    return ""


def _decimal(cell: Any, decimal_sign: str) -> Decimal:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return Decimal(str(cell))
    text = _text(cell)
    negative = text.startswith(("-", "(")) or text.endswith("-")
    plain = re.sub(r"[^\d.,]", "", text)
    if decimal_sign:
        plain = plain.replace("." if decimal_sign == "," else ",", "").replace(decimal_sign, ".")
    else:
        plain = plain.replace(".", "").replace(",", "")
    value = Decimal(plain)
    return -value if negative else value
