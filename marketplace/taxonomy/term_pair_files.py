"""The bilingual vocabulary as a CSV file: given out, and brought back with what would change shown first.

A line with an `id` changes that pair, whatever its terms are now; without one it is the pair of the same
terms, or a new one. What the file leaves out stays as it is: a pair is retired by its status.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.cells import harmless
from marketplace.core.errors import DomainError
from marketplace.taxonomy.labels import label
from marketplace.taxonomy.models import TermPair
from marketplace.taxonomy.term_pairs import cell, save_term_pair

COLUMNS: Final = ("id", "vi", "en", "sector", "note", "source", "status")
_REQUIRED: Final = frozenset({"vi", "en"})
_FIELDS: Final = {
    "vi": "vietnamese",
    "en": "english",
    "sector": "sector",
    "note": "note",
    "source": "source",
    "status": "status",
}
MOST_LINES: Final = 10_000
LARGEST: Final = 2_000_000


class TermFileRefused(DomainError):
    """The file as a whole cannot be read as pairs of terms."""


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A pair as the file would make it; ``before`` says field by field what it is now."""

    line: int
    pair: TermPair
    before: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.pair.pk is None


@dataclass(frozen=True, slots=True)
class Plan:
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    unchanged: int

    @property
    def added(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.added


def csv_lines(pairs: Iterable[TermPair]) -> Iterator[str]:
    """A header and a line a pair; no cell that a spreadsheet would run."""
    yield ",".join(COLUMNS) + "\r\n"
    for pair in pairs:
        line = io.StringIO()
        values = (harmless(str(getattr(pair, name))) for name in _FIELDS.values())
        csv.writer(line).writerow([pair.pk, *values])
        yield line.getvalue()


def read_csv(content: str) -> Plan:
    """What the file would change; nothing is written.

    Raises:
        TermFileRefused: no header with the columns `vi` and `en`, or too many lines.
    """
    rows = csv.DictReader(io.StringIO(content.lstrip("\ufeff")))
    known = {pair.pk: pair for pair in TermPair.objects.all()}
    reading = _Reading(
        known, {_key(pair.vietnamese, pair.english): pair for pair in known.values()}
    )
    try:
        names = {(name or "").strip() for name in rows.fieldnames or ()}
        if not names >= _REQUIRED:
            raise TermFileRefused(_("Dòng đầu của tệp phải có các cột vi và en."))
        for row in rows:
            if rows.line_num > MOST_LINES:
                raise TermFileRefused(
                    _("Tệp dài quá %(most)d dòng; hãy chia nhỏ.") % {"most": MOST_LINES}
                )
            reading.take(rows.line_num, {str(k or "").strip(): v for k, v in row.items()})
    except csv.Error as error:
        raise TermFileRefused(_("Tệp CSV hỏng: %(reason)s") % {"reason": error}) from error
    return Plan(tuple(reading.changes), tuple(reading.faults), reading.unchanged)


@transaction.atomic
def apply_plan(plan: Plan, *, by: Any) -> int:
    """Writes the changes of a plan, all or none; returns how many.

    Raises:
        ValidationError: somebody added the same pair in the meantime.
    """
    for change in plan.changes:
        save_term_pair(change.pair, by=by)
    return len(plan.changes)


def _key(vietnamese: str, english: str) -> tuple[str, str]:
    return vietnamese.casefold(), english.casefold()


class _Reading:
    """The lines of one file, each against the rows there are and the lines before it."""

    def __init__(
        self, by_id: dict[int, TermPair], by_terms: dict[tuple[str, str], TermPair]
    ) -> None:
        self.by_id, self.by_terms = by_id, by_terms
        self.changes: list[Change] = []
        self.faults: list[Fault] = []
        self.unchanged = 0
        self._seen: dict[object, int] = {}

    def take(self, number: int, row: Mapping[str, Any]) -> None:
        values = {name: _plain(row[name]) for name in COLUMNS if row.get(name) is not None}
        if not any(values.values()):
            return
        try:
            self._take(number, values)
        except ValidationError as error:
            self.faults += (Fault(number, reason) for reason in error.messages)

    def _take(self, number: int, values: dict[str, str]) -> None:
        values["vi"], values["en"] = cell(values.get("vi", "")), cell(values.get("en", ""))
        pair = self._pair(values)
        before = {name: str(getattr(pair, attribute)) for name, attribute in _FIELDS.items()}
        for name, attribute in _FIELDS.items():
            if name in values:
                setattr(pair, attribute, values[name])
        if not pair.status:
            pair.status = TermPair.Status.ACTIVE
        self._check(number, pair)
        after = {name: str(getattr(pair, attribute)) for name, attribute in _FIELDS.items()}
        if pair.pk and after == before:
            self.unchanged += 1
            return
        was = {name: before[name] for name in before if pair.pk and before[name] != after[name]}
        self.changes.append(Change(number, pair, was))

    def _pair(self, values: Mapping[str, str]) -> TermPair:
        given = values.get("id", "")
        if not given:
            found = self.by_terms.get(_key(values["vi"], values["en"]))
            return copy(found) if found else TermPair()
        found = self.by_id.get(int(given)) if given.isdecimal() and len(given) < 12 else None
        if found is None:
            raise ValidationError(_("Không có cặp nào mang id %(id)s.") % {"id": given[:20]})
        return copy(found)

    def _check(self, number: int, pair: TermPair) -> None:
        if not pair.vietnamese or not pair.english:
            raise ValidationError(_("Thiếu tiếng Việt hoặc tiếng Anh."))
        if pair.sector and label("st-fields", pair.sector) == pair.sector:
            raise ValidationError(_("Không có lĩnh vực %(code)s.") % {"code": pair.sector[:20]})
        key = _key(pair.vietnamese, pair.english)
        other = self.by_terms.get(key)
        if other is not None and other.pk != pair.pk:
            raise ValidationError(_("Cặp thuật ngữ này đã có."))
        for seen in (key, pair.pk):
            if seen is not None and seen in self._seen:
                raise ValidationError(
                    _("Cặp này đã có ở dòng %(line)d.") % {"line": self._seen[seen]}
                )
        pair.clean_fields(exclude=["folded", "shipped_as"])
        self._seen[key] = number
        if pair.pk is not None:
            self._seen[pair.pk] = number


def _plain(value: Any) -> str:
    """A cell as it was before `harmless` made it so."""
    text = " ".join(str(value).split())
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text
