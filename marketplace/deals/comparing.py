"""What changed between two versions of the terms, word by word."""

import difflib
import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core.currencies import shown
from marketplace.deals.contents import edition_on
from marketplace.deals.models import TermSheet, Wording
from marketplace.deals.services.terms import PRICE_FORMS
from marketplace.taxonomy.labels import label

_WORDS: Final = re.compile(r"\s+|[^\s]+")
#: Longer texts are shown whole: comparing grows with the product of their lengths.
_MOST_WORDS: Final = 3000


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the terms: its pieces are (text, "same" | "added" | "gone")."""

    label: str
    pieces: tuple[tuple[str, str], ...]
    is_changed: bool


def lines_of(sheet: Wording) -> dict[str, tuple[str, str]]:
    """code → (name, text): everything that a version says, in the order of a contract."""
    currency = sheet.content["currency"]
    form = label(PRICE_FORMS, sheet.content["price_form"])
    lines = {
        "price_form": (_("Phương thức thanh toán"), form),
        "currency": (_("Đồng tiền"), currency),
    }
    for content in edition_on(sheet.made_at.date()).contents:
        text = sheet.contents.get(content.code, "")
        if text:
            lines[content.code] = (content.label, text)
    for number, line in enumerate(sheet.plan, start=1):
        due = f" · {line['due_on']}" if line["due_on"] else _days_of(line)
        name = _("Mốc %(number)s") % {"number": number}
        lines[f"plan-{number}"] = (
            name,
            f"{line['title']} · {shown(line['amount'], currency)}{due}",
        )
    return lines  # fmt: skip


def _days_of(line: dict[str, Any]) -> str:
    """Of a standard licence: its days begin with whoever takes it."""
    days = line.get("days")
    if days is None:
        return ""
    return " · " + _("trong %(days)s ngày từ ngày chấp nhận") % {"days": days}


def differences(before: TermSheet | None, after: TermSheet) -> list[Difference]:
    """Every line of the newer version, and those that it dropped; of a first one nothing is changed."""
    new = lines_of(after)
    old = lines_of(before) if before is not None else new
    names = [*new, *(code for code in old if code not in new)]
    found = []
    for code in names:
        name = (new.get(code) or old[code])[0]
        was, now = old.get(code, ("", ""))[1], new.get(code, ("", ""))[1]
        pieces = tuple(_pieces(was, now))
        found.append(Difference(name, pieces, was != now))
    return found


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    if before == after:
        return [(after, "same")]
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        return [(before, "gone"), (after, "added")]
    pieces: list[tuple[str, str]] = []
    matcher: Any = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act == "equal":
            pieces.append(("".join(new[new_from:new_to]), "same"))
            continue
        if old_to > old_from:
            pieces.append(("".join(old[old_from:old_to]), "gone"))
        if new_to > new_from:
            pieces.append(("".join(new[new_from:new_to]), "added"))
    return pieces
