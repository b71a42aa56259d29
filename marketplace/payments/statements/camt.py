"""camt.053, ISO 20022's statement of a bank to its customer, of any version: names without their namespace.

The tree is built by lxml with entities, document types and the network off, and read entry by entry.
"""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree

from marketplace.core.errors import DomainError
from marketplace.payments.money import from_decimal
from marketplace.payments.statements.lines import Line, StatementProblem

_NOT_TAKEN: Final = (b"<!DOCTYPE", b"<!ENTITY")


def camt_lines(data: bytes, currency: str) -> list[Line]:
    if any(mark in data.upper() for mark in _NOT_TAKEN):
        raise StatementProblem(_("Tệp XML có khai báo DOCTYPE nên không nhận."))
    try:
        lines = list(_entries(data))
    except etree.XMLSyntaxError as error:
        raise StatementProblem(
            _("Dữ liệu XML hỏng ở dòng %(line)s.") % {"line": error.lineno or 0}
        ) from error
    except (InvalidOperation, ValueError, DomainError) as error:
        raise StatementProblem(_("Không đọc được một bút toán của tệp camt.053.")) from error
    return lines


def _entries(data: bytes) -> Iterator[Line]:
    seen = False
    reading = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag=("{*}Ntry", "{*}BkToCstmrStmt"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _event, element in reading:
        if etree.QName(element).localname == "BkToCstmrStmt":
            seen = True
            continue
        yield from _of_entry(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    if not seen:
        raise StatementProblem(_("Tệp XML này không phải sao kê camt.053."))


def _of_entry(entry: Any) -> Iterator[Line]:
    status = _said(entry, "Sts/Cd") or _said(entry, "Sts")
    takes_back = _said(entry, "RvslInd") == "true"
    if _said(entry, "CdtDbtInd") != "CRDT" or status not in ("BOOK", "") or takes_back:
        return
    day = date.fromisoformat((_said(entry, "BookgDt/Dt") or _said(entry, "BookgDt/DtTm"))[:10])
    whole = entry.find("{*}Amt")
    key = _said(entry, "AcctSvcrRef")
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    # A batch is one entry and many payments, each with a sum of its own.
    parts = [one for one in details if _amount(one) is not None]
    if len(details) > 1 and len(parts) == len(details):
        for number, part in enumerate(parts):
            own = _said(part, "Refs/AcctSvcrRef") or f"{key}/{number}"
            yield _line(_amount(part), day, _content(part), own if key or own[0] != "/" else "")
        return
    content = " ".join(filter(None, [_content(one) for one in details]))
    extra = _said(entry, "AddtlNtryInf")
    yield _line(whole, day, f"{content} {extra}".strip(), key)


def _amount(details: Any) -> Any:
    direct = details.find("{*}Amt")
    return direct if direct is not None else details.find("{*}AmtDtls/{*}TxAmt/{*}Amt")


def _line(amount: Any, day: date, content: str, key: str) -> Line:
    if amount is None:
        raise ValueError("no amount")
    money = from_decimal(Decimal((amount.text or "").strip()), amount.get("Ccy", ""))
    return Line(day, money.amount, money.currency, content[:500], key[:60])


def _content(details: Any) -> str:
    said = [*details.findall("{*}RmtInf/{*}Ustrd"), *details.findall("{*}RmtInf//{*}Ref")]
    end = details.find("{*}Refs/{*}EndToEndId")
    parts = [(one.text or "").strip() for one in said]
    if end is not None and end.text and end.text != "NOTPROVIDED":
        parts.append(end.text.strip())
    return " ".join(filter(None, parts))


def _said(element: Any, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""
