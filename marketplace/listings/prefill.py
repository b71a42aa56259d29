"""What a registered result says, in the words of an offer. The owner reads and mends all of it.

Pure: nothing is invented. What the record does not say stays empty, and the form asks for it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.fields import Unreadable, parse_number
from marketplace.listings.models import OfferIpRight, OfferSpecification, Specification
from marketplace.reading.quantities import Operator, Quantity, read_quantities
from marketplace.reading.sentences import split_sentences
from marketplace.research.models import Result

MOST_FIELDS = 3
MOST_FIGURES = 12
_TITLE, _SUMMARY, _LONG = 250, 400, 6000
_NUMBER_AND_UNIT = re.compile(
    r"(?P<low>\d[\d.,]*(?: \d{3})*)(?:\s*(?:–|-|~|đến|tới|to)\s*(?P<high>\d[\d.,]*))?\s*(?P<unit>\D.*)?"
)
_OPERATORS = {
    Operator.AT_LEAST: Specification.Operator.AT_LEAST,
    Operator.AT_MOST: Specification.Operator.AT_MOST,
    Operator.RANGE: Specification.Operator.BETWEEN,
}


def offer_values(
    result: Result, *, aims: str = "", sheet: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Values of a draft offer, by field and with its rows.

    Args:
        result: the registered result.
        aims: what its task set out to solve, where the task is known.
        sheet: the technology description (form 8) of its dossier, by field code; it goes before
            what can be read from the abstract.
    """
    said = sheet or {}
    first, before, figures = _told(result.abstract)
    rights = [right for right in result.ip_rights if right.get("number")]
    return {
        "title": (said.get("technology_name") or result.title)[:_TITLE],
        "summary": _cut(first, _SUMMARY),
        "keywords": ", ".join(result.keywords)[:400],
        "field_codes": list(result.field_codes[:MOST_FIELDS]),
        "problem": (aims or " ".join(before))[:_LONG],
        "principle": said.get("process", "")[:_LONG],
        "advantage": (said.get("advantages") or "\n".join(figures))[:_LONG],
        "customers": _cut(said.get("application_scope") or result.application_note, 300),
        "trl": result.trl,
        "development_level": said.get("development_level", ""),
        "transfer_forms": list(said.get("transfer_forms") or []),
        "certificates": _cut(_evidence(result), 300),
        "ip_status": said.get("protection") or _protection(rights),
        "results": [result.public_id],
        "specifications": _specifications(result, said),
        "ip_rights": [
            OfferIpRight(
                number=right["number"][:60],
                kind=right.get("type", ""),
                status=right.get("status", ""),
                sort_order=place,
            )
            for place, right in enumerate(rights)
        ],
    }


def _told(abstract: str) -> tuple[str, list[str], list[str]]:
    """The first sentence; those before the first measured figure, which say what was the matter;
    those with such a figure, which a reader can check."""
    sentences = [sentence.text for sentence in split_sentences(abstract)]
    figures = [
        text
        for text in sentences
        if any(not quantity.current for quantity in read_quantities(text))
    ]
    before = sentences[: sentences.index(figures[0])] if figures else sentences
    return next(iter(sentences), ""), before, figures


def _evidence(result: Result) -> str:
    said = []
    if result.certificate_number:
        number = {"number": result.certificate_number}
        said.append(_("Giấy chứng nhận đăng ký kết quả số %(number)s") % number)
    if result.archive_number:
        said.append(_("Số hồ sơ lưu %(number)s") % {"number": result.archive_number})
    return "; ".join(said)


def _protection(rights: list[dict[str, Any]]) -> str:
    """The strongest standing among the rights the record lists; unknown where it lists none."""
    found = {right.get("status") for right in rights}
    return next((status for status in ("granted", "filed") if status in found), "")


def _specifications(result: Result, sheet: Mapping[str, Any]) -> list[OfferSpecification]:
    lines = [
        *sheet.get("parameters", "").splitlines(),
        *result.products.splitlines(),
        *(f"{item.get('name', '')}. {item.get('note', '')}" for item in result.product_items),
    ]
    rows: dict[str, dict[str, Any]] = {}
    for row in _figures(lines):
        rows.setdefault(row["name"].casefold(), row)
    return [
        OfferSpecification(**row, sort_order=place)
        for place, row in enumerate(list(rows.values())[:MOST_FIGURES])
    ]


def _figures(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The figures of lines as "Năng suất: 300 kg/giờ", or of sentences that name what they measure."""
    for line in lines:
        head, colon, rest = line.partition(":")
        named = bool(colon) and not any(character.isdigit() for character in head)
        for place, quantity in enumerate(read_quantities(rest if named else line)):
            name = head.strip(" -–•*\t") if named and not place else quantity.name
            # One word before a number ("giữ 90 %") rarely says what is measured.
            if quantity.current or (not named and " " not in name):
                continue
            if name:
                yield _row(name, quantity)


def _row(name: str, quantity: Quantity) -> dict[str, Any]:
    name = (name[:1].upper() + name[1:])[:120]
    operator = _OPERATORS.get(quantity.operator, Specification.Operator.EQUAL)
    found = _NUMBER_AND_UNIT.fullmatch(quantity.value)
    bounds = _bounds(operator, found) if found else None
    if found is None or bounds is None:
        text = quantity.text[:300]
        return {"name": name, "operator": Specification.Operator.TEXT, "text": text}
    low, high = bounds
    unit = (found["unit"] or "").strip()[:40]
    return {"name": name, "operator": operator, "low": low, "high": high, "unit": unit}


def _bounds(operator: str, found: re.Match[str]) -> tuple[Decimal | None, Decimal | None] | None:
    try:
        low = parse_number(found["low"])
        high = parse_number(found["high"]) if found["high"] else None
    except Unreadable:
        return None
    if (operator == Specification.Operator.BETWEEN) != (high is not None):
        return None
    return (None, low) if operator == Specification.Operator.AT_MOST else (low, high)


def _cut(text: str, limit: int) -> str:
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"
