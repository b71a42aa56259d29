"""What may be chosen in a form, and what stands above a code for the search's filters.

Kept by the process for a minute, as the labels are: a document or a form asks for whole tables.
"""

import time
from dataclasses import dataclass

from django.utils.translation import get_language

from marketplace.core import clock
from marketplace.taxonomy.models import Term
from marketplace.taxonomy.shipped import load_shipped

FRESH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    parent: str
    label_vi: str
    label_en: str
    can_be_chosen: bool
    notation: str = ""

    @property
    def label(self) -> str:
        if (get_language() or "vi").startswith("en"):
            return self.label_en or self.label_vi
        return self.label_vi or self.label_en


_tables: dict[str, tuple[float, dict[str, Entry]]] = {}


def forget_tables() -> None:
    _tables.clear()


def table(scheme: str) -> dict[str, Entry]:
    """The edition in use, in its own order; as shipped where none has been loaded yet."""
    fresh_until, entries = _tables.get(scheme, (0.0, {}))
    if time.monotonic() < fresh_until:
        return entries
    today = clock.today()
    entries = {
        term.code: Entry(
            term.code,
            term.parent.code if term.parent else "",
            term.label_vi,
            term.label_en,
            term.is_selectable
            and (term.valid_from is None or term.valid_from <= today)
            and (term.valid_to is None or today <= term.valid_to),
            term.notation,
        )
        for term in Term.objects.in_vocabulary(scheme).select_related("parent")
    }
    if not entries:
        entries = {
            t.code: Entry(
                t.code,
                t.parent,
                t.label_vi,
                t.label_en,
                t.selectable and t.is_valid_on(today),
                t.notation,
            )
            for t in load_shipped(scheme)
        }
    _tables[scheme] = (time.monotonic() + FRESH_SECONDS, entries)
    return entries


def choices(scheme: str) -> list[tuple[str, str]]:
    return [(e.code, e.label) for e in table(scheme).values() if e.can_be_chosen]


def grouped_choices(scheme: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lowest two levels as groups of options; a group's own code stands first in it."""
    entries = table(scheme)
    children: dict[str, list[Entry]] = {}
    for entry in entries.values():
        children.setdefault(entry.parent, []).append(entry)
    groups = []
    for entry in entries.values():
        leaves = [child for child in children.get(entry.code, []) if child.code not in children]
        if not leaves:
            continue
        options = [(e.code, e.label) for e in (entry, *leaves) if e.can_be_chosen]
        groups.append((f"{entry.code} {entry.label}", options))
    return groups


def upper_choices(scheme: str, levels: int = 2) -> list[tuple[str, str]]:
    """The top levels for a filter, each below its own parent."""
    entries = table(scheme)
    return [
        (entry.code, entry.label)
        for entry in entries.values()
        if len(lineage(scheme, entry.code)) <= levels
    ]


def lineage(scheme: str, code: str) -> list[str]:
    """The code and every code above it, the top one first; a code nobody knows stands alone."""
    entries = table(scheme)
    found: list[str] = []
    while code and code not in found:
        found.append(code)
        code = entries[code].parent if code in entries else ""
    return found[::-1]


def with_everything_above(scheme: str, codes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(above for code in codes for above in lineage(scheme, code)))
