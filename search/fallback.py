"""What is listed while no engine answers: the newest rows whose titles hold the words.

Only so many of the newest of each kind are looked at, by primary key, so that the answer takes the
same time whatever the size of the tables; older ones wait until the engine is back. Words are
compared without their marks, as the search does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from search.analysis import exact_terms, fold_terms
from search.analysis.grammar import telling
from search.documents import document_id
from search.narrowed import Narrowed
from search.parsing import parse
from search.queries import Hit, Query
from search.registry import Source, main_sources, sources

#: Newest rows of a kind that are looked at.
WINDOW: Final = 2_000
_MOST_WORDS: Final = 24


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows as hits; ``total`` of those looked at. ``is_cut``: there were more rows."""

    hits: list[tuple[Hit, Model]]
    total: int
    is_cut: bool


def listing(query: Query, user: Any = None) -> Listing:
    """The asked page of what the person may see, newest first within each kind.

    Filters by facet need the engine and are left out; kinds, chosen or typed, are not.
    """
    viewer = AnonymousUser() if user is None else user
    parsed = parse(query.text)
    kinds = {*query.kinds, *parsed.kinds}
    words = fold_terms(telling(exact_terms(parsed.words[:1_000])))[:_MOST_WORDS]
    found: list[tuple[Source, int]] = []
    is_cut = False
    for entry in [one for one in sources() if one.kind in kinds] if kinds else main_sources():
        pks, has_more = _newest(entry, viewer, words, query.narrowed)
        found += ((entry, pk) for pk in pks)
        is_cut = is_cut or has_more
    shown = found[query.offset : query.offset + query.limit]
    return Listing(_hits(shown, viewer), len(found), is_cut)


def _newest(
    entry: Source, viewer: Any, words: Sequence[str], narrowed: Narrowed
) -> tuple[list[int], bool]:
    visible = entry.visible(entry.model._default_manager.all(), viewer)
    rows = entry.narrow(visible, narrowed).order_by("-pk")
    titles = list(rows.values_list("pk", entry.title_field)[:WINDOW])
    pks = [pk for pk, title in titles if not words or _holds(title, words)]
    return pks, len(titles) == WINDOW


def _holds(title: str, words: Sequence[str]) -> bool:
    held = set(fold_terms(exact_terms(title)))
    return all(word in held for word in words)


def _hits(shown: Sequence[tuple[Source, int]], viewer: Any) -> list[tuple[Hit, Model]]:
    """Each with what it says now; what the person may not see any more falls out."""
    hits: dict[tuple[str, int], tuple[Hit, Model]] = {}
    for entry in {entry.kind: entry for entry, _pk in shown}.values():
        pks = [pk for other, pk in shown if other.kind == entry.kind]
        for row in entry.visible(entry.rows(), viewer).filter(pk__in=pks):
            document = entry.document(row)
            if document is not None:
                found_id = document_id(entry.kind, document.key)
                hit = Hit(found_id, entry.kind, document.key, 0.0, document.title, document.text)
                hits[(entry.kind, row.pk)] = (hit, row)
    return [hits[place] for entry, pk in shown if (place := (entry.kind, pk)) in hits]
