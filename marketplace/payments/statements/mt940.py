"""MT940, SWIFT's customer statement: field 61 for the movement, field 86 for what was written with it.

By the standard's description (SWIFT Standards MT, category 9, MT940: field 61 is value date, entry date,
mark, amount with a decimal comma, type, reference, and the bank's reference after `//`). Nothing else of a
message is needed here. No library that this project keeps reads the form.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from marketplace.payments.money import from_decimal
from marketplace.payments.statements.lines import Line, StatementProblem

_FIELD: Final = re.compile(r"^:(\d\d[A-Z]?):", re.MULTILINE)
#: The mark: credit, debit, or either taken back (RC takes back a credit: money went out).
_MOVEMENT: Final = re.compile(
    r"(?P<day>\d{6})(?:\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>[\d,]{1,15})"
    r"(?P<kind>[NFS][A-Z0-9]{3})(?P<rest>[^\n]*)"
)
_BALANCE: Final = re.compile(r"[CD]\d{6}(?P<currency>[A-Z]{3})")
#: German and Dutch banks divide field 86 into numbered parts.
_PART: Final = re.compile(r"\?\d\d")


def mt940_lines(data: bytes, currency: str) -> list[Line]:
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    fields = list(_fields(text))
    if not any(tag.startswith("60") for tag, _value in fields):
        raise StatementProblem(_("Tệp này không phải sao kê MT940."))
    return list(_lines(fields, currency))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    marks = list(_FIELD.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        yield mark[1], text[mark.end() : end].split("\n-}", 1)[0].rstrip("\n-")


def _lines(fields: list[tuple[str, str]], currency: str) -> Iterator[Line]:
    code = currency
    for place, (tag, value) in enumerate(fields):
        if tag.startswith("60") and (opening := _BALANCE.match(value)):
            code = opening["currency"]
        if tag != "61":
            continue
        movement = _MOVEMENT.match(value)
        if movement is None:
            raise StatementProblem(_("Không đọc được một dòng :61: của tệp MT940."))
        # RD takes back a debit: money came in again, but from the bank and for nothing of ours.
        if movement["mark"] != "C":
            continue
        said = (
            fields[place + 1][1]
            if fields[place + 1 : place + 2] and fields[place + 1][0] == "86"
            else ""
        )
        yield _line(movement, value, said, code)


def _line(movement: re.Match[str], value: str, said: str, code: str) -> Line:
    try:
        amount = Decimal(movement["amount"].replace(",", "."))
        money = from_decimal(amount, code)
        written = movement["day"]
        day = date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
    except (InvalidOperation, ValueError) as error:
        raise StatementProblem(_("Không đọc được một dòng :61: của tệp MT940.")) from error
    _own, _sign, bank = movement["rest"].partition("//")
    further = value[movement.end() :].strip("\n")
    # A line is cut at 65 signs wherever that is: joined again, a reference in it is whole.
    content = _PART.sub(" ", said).replace("\n", "") + (f" {further}" if further else "")
    return Line(day, money.amount, code, content.strip()[:500], bank.strip()[:60])
