"""Saying which other forms of the words were searched, and which of them brought a hit."""

from search.analysis.abbreviations import Expansion, found_by, other_forms
from search.parsing import Parsed, parse
from search.queries import Hit, Query

FIELD = "field"


def also_searched(query: Query, *, understood: str = "") -> tuple[Expansion, ...]:
    """Forms that were searched with the words: for "tìm cả: computer numerical control (cơ khí)".

    ``understood`` is `Results.understood`, where the words were typed without their marks.
    """
    parsed = parse(query.text)
    return other_forms(understood or parsed.words, fields=_fields(query, parsed))


def brought_by(query: Query, hit: Hit, *, understood: str = "") -> tuple[Expansion, ...]:
    """The forms for which the hit was found where it lacks the words themselves.

    Give it the hit as the person sees it (`hydrate`), so that it tells nothing of an older text.
    """
    parsed = parse(query.text)
    shown = f"{hit.title}\n{hit.text}"
    found = found_by(understood or parsed.words, shown, fields=_fields(query, parsed))
    return tuple({one.source: one for one in found}.values())


def _fields(query: Query, parsed: Parsed) -> tuple[str, ...]:
    return (*query.filters.get(FIELD, ()), *parsed.filters.get(FIELD, ()))
