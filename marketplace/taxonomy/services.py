"""Loading vocabularies: what the files say is added and updated, nothing is ever deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import transaction

from marketplace.core import clock
from marketplace.taxonomy.labels import forget_labels
from marketplace.taxonomy.models import Term, Vocabulary
from marketplace.taxonomy.shipped import TermData, VocabularyData

COPIED = ("notation", "level", "label_vi", "label_en", "valid_from", "valid_to", "note")


@dataclass(frozen=True, slots=True)
class Loaded:
    code: str
    added: int = 0
    updated: int = 0
    closed: int = 0
    unchanged: int = 0


@transaction.atomic
def load_vocabulary(
    data: VocabularyData,
    *,
    terms: Iterable[TermData],
    shipped: bool,
    position: int | None = None,
) -> Loaded:
    """Brings one vocabulary to what its file says.

    A term the file no longer has keeps its row, since records may carry its code: its validity ends
    yesterday and it can no longer be chosen. Files that come with the exchange leave alone what was
    loaded from elsewhere, so that an upgrade never undoes an official table.
    """
    terms = list(terms)
    vocabulary = Vocabulary.objects.select_for_update().filter(code=data.code).first()
    if vocabulary and shipped and not vocabulary.is_shipped:
        return Loaded(data.code, unchanged=vocabulary.terms.count())
    vocabulary = _save_vocabulary(vocabulary, data, shipped, position)
    existing = {term.code: term for term in vocabulary.terms.all()}

    by_code = dict(existing)
    changed: dict[str, Term] = {}
    added = 0
    # Parents first, level by level, so that each row is written once.
    for _level, group in groupby(
        sorted(enumerate(terms, start=1), key=lambda pair: pair[1].level),
        key=lambda pair: pair[1].level,
    ):
        new: list[Term] = []
        for place, item in group:
            values: dict[str, object] = {name: getattr(item, name) for name in COPIED}
            values |= {
                "is_selectable": item.selectable,
                "position": place,
                "aliases": list(item.aliases),
                "parent_id": by_code[item.parent].pk if item.parent else None,
            }
            term = existing.get(item.code)
            if term is None:
                new.append(Term(vocabulary=vocabulary, code=item.code, **values))
            elif _assign(term, values):
                changed[term.code] = term
        Term.objects.bulk_create(new, batch_size=400)
        by_code |= {term.code: term for term in new}
        added += len(new)
    closed = _close_missing(existing, {item.code for item in terms})
    Term.objects.bulk_update(
        [*changed.values(), *closed],
        [*COPIED, "is_selectable", "position", "parent", "aliases"],
        batch_size=200,
    )
    transaction.on_commit(forget_labels)
    return Loaded(
        data.code,
        added=added,
        updated=len(changed),
        closed=len(closed),
        unchanged=len(existing) - len(changed) - len(closed),
    )


def _save_vocabulary(
    vocabulary: Vocabulary | None, data: VocabularyData, shipped: bool, position: int | None
) -> Vocabulary:
    values: dict[str, object] = {
        "scheme": data.scheme,
        "edition": data.edition,
        "label_vi": data.label_vi,
        "label_en": data.label_en,
        "legal_basis": data.legal_basis,
        "source": data.source,
        "status": data.status,
        "valid_from": data.valid_from,
        "valid_to": data.valid_to,
        "note": data.note,
        "is_shipped": shipped,
    }
    if position is not None:
        values["position"] = position
    vocabulary = vocabulary or Vocabulary(code=data.code)
    if _assign(vocabulary, values) or vocabulary.pk is None:
        vocabulary.save()
    return vocabulary


def _assign(row: Vocabulary | Term, values: Mapping[str, object]) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _close_missing(existing: dict[str, Term], kept: set[str]) -> list[Term]:
    yesterday = clock.today() - timedelta(days=1)
    closed = []
    for code, term in existing.items():
        if code in kept or (term.valid_to is not None and term.valid_to <= yesterday):
            continue
        term.valid_to = yesterday
        closed.append(term)
    return closed
