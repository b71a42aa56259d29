"""The bilingual vocabulary: terms in Vietnamese and English, as rows that staff keep.

It ships as one file a field of Circular 24/2025/TT-BKHCN (`data/terms`), and two for what belongs to
all fields. Queries and needs are read with it (`search.analysis.translations`).
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from marketplace.core import audit, clock
from marketplace.core.text import fold, nfc
from marketplace.taxonomy.list_versions import raise_version, version_of
from marketplace.taxonomy.models import TermPair, WordList
from marketplace.taxonomy.shipped import DATA
from marketplace.taxonomy.words import LoadedWords
from search.analysis.translations import BilingualEntry, forget_translations

FOLDER: Final = DATA / "terms"
SEPARATOR: Final = "|"
SHIPPED_SOURCE: Final = "Kèm theo sàn"
_FACTS: Final = ("vietnamese", "english", "sector", "note", "source", "status")
_KEY: Final = "\t"


@dataclass(frozen=True, slots=True)
class TermLine:
    """One line of a term file; its cells as they stand."""

    vietnamese: str
    english: str
    sector: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        return f"{self.vietnamese}{_KEY}{self.english}"


@lru_cache(maxsize=1)
def shipped_lines() -> tuple[TermLine, ...]:
    return tuple(line for path in sorted(FOLDER.glob("*.tsv")) for line in _lines(path))


def _lines(path: Path) -> Iterator[TermLine]:
    sector = path.stem if path.stem.isdecimal() else ""
    with path.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield TermLine(cell(row["vi"]), cell(row["en"]), sector, row["note"] or "")


def forms(text: str) -> tuple[str, ...]:
    """The forms in a cell, each once."""
    parts = (" ".join(nfc(part).split()) for part in text.split(SEPARATOR))
    return tuple(dict.fromkeys(part for part in parts if part))


def cell(text: str) -> str:
    """A cell as it is kept: composed, spaces in order, no form twice."""
    return f" {SEPARATOR} ".join(forms(text))


@lru_cache(maxsize=1)
def shipped_entries() -> tuple[BilingualEntry, ...]:
    return tuple(
        BilingualEntry(forms(line.vietnamese), forms(line.english), line.sector, line.note)
        for line in shipped_lines()
    )


def entries_in_use() -> Sequence[BilingualEntry]:
    """What queries are read with; as shipped where nothing has been loaded yet."""
    if not list_version():
        return shipped_entries()
    rows = TermPair.objects.in_use().order_by("pk")
    return [
        BilingualEntry(forms(vietnamese), forms(english), sector, note)
        for vietnamese, english, sector, note in rows.values_list(
            "vietnamese", "english", "sector", "note"
        )
    ]


def list_version() -> int:
    return version_of(WordList.List.TERM_PAIRS)


@transaction.atomic
def save_term_pair(pair: TermPair, *, by: Any) -> TermPair:
    """Adds the pair or changes it; the audit log keeps what it was before.

    Raises:
        ValidationError: the pair exists already, or a language is empty.
    """
    put_in_order(pair)
    pair.full_clean()
    before = TermPair.objects.select_for_update().filter(pk=pair.pk).first() if pair.pk else None
    pair.is_edited, pair.changed_at = True, clock.now()
    pair.save()
    audit.record(
        "term_pair.changed" if before else "term_pair.added",
        f"term_pair:{pair.pk}",
        by=by,
        before=_facts(before) if before else {},
        after=_facts(pair),
    )
    raise_version(WordList.List.TERM_PAIRS, forget_translations)
    return pair


def put_in_order(pair: TermPair) -> None:
    pair.vietnamese, pair.english = cell(pair.vietnamese), cell(pair.english)
    pair.folded = folded(pair.vietnamese, pair.english)


def folded(*cells: str) -> str:
    return fold(f" {SEPARATOR} ".join(cells))


@transaction.atomic
def load_term_pairs(lines: Iterable[TermLine]) -> LoadedWords:
    """Brings the shipped pairs to what their files say; what staff added or changed stays as it is.

    A line that has left its file is closed. A pair that staff wrote themselves is not written again.
    """
    wanted = {line.key: line for line in lines}
    shipped: dict[str, TermPair] = {}
    own: set[str] = set()
    for row in TermPair.objects.all():
        own.add(f"{row.vietnamese}{_KEY}{row.english}")
        if row.shipped_as:
            shipped[row.shipped_as] = row
    new: list[TermPair] = []
    updated: list[TermPair] = []
    for key, line in wanted.items():
        known = shipped.get(key)
        if known is None:
            if key not in own:
                new.append(_row_of(line))
        elif not known.is_edited and _differs(known, line):
            known.sector, known.note = line.sector, line.note
            known.status = TermPair.Status.ACTIVE
            updated.append(known)
    closed = [
        row
        for key, row in shipped.items()
        if key not in wanted and not row.is_edited and row.status != TermPair.Status.OFF
    ]
    for row in closed:
        row.status = TermPair.Status.OFF
    TermPair.objects.bulk_create(new, batch_size=1000)
    TermPair.objects.bulk_update([*updated, *closed], ["sector", "note", "status"], batch_size=200)
    if new or updated or closed:
        raise_version(WordList.List.TERM_PAIRS, forget_translations)
    unchanged = len(wanted) - len(new) - len(updated)
    return LoadedWords(len(new), len(updated), len(closed), unchanged)


def _row_of(line: TermLine) -> TermPair:
    return TermPair(
        vietnamese=line.vietnamese,
        english=line.english,
        sector=line.sector,
        note=line.note,
        source=SHIPPED_SOURCE,
        folded=folded(line.vietnamese, line.english),
        shipped_as=line.key,
    )


def _differs(row: TermPair, line: TermLine) -> bool:
    return (row.sector, row.note, row.status) != (line.sector, line.note, TermPair.Status.ACTIVE)


def _facts(pair: TermPair) -> dict[str, Any]:
    return {name: getattr(pair, name) for name in _FACTS}
