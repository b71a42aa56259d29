"""Words that staff keep for the search: a change counts within seconds in every process, no rebuild.

Each process keeps the list and asks for its version now and then (`search.analysis.abbreviations`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from marketplace.core import audit, clock
from marketplace.core.text import nfc
from marketplace.taxonomy.list_versions import raise_version, version_of
from marketplace.taxonomy.models import Word, WordList
from search.analysis.abbreviations import Entry, forget_words, shipped

_FACTS: Final = (
    "kind", "short", "long", "is_one_way", "field_codes", "context", "note", "source", "status",
)  # fmt: skip
_SHIPPED_SOURCE: Final = "Kèm theo sàn"


@dataclass(frozen=True, slots=True)
class LoadedWords:
    added: int = 0
    updated: int = 0
    closed: int = 0
    unchanged: int = 0


def entry_of(word: Word) -> Entry:
    return Entry(
        short=word.short,
        long=word.long,
        kind=word.kind,  # type: ignore[arg-type]
        context=word.context,
        fields=tuple(word.field_codes),
        is_one_way=word.is_one_way,
        note=word.note,
    )


def words_in_use() -> Sequence[Entry]:
    """What queries are read with; as shipped where nothing has been loaded yet."""
    if not Word.objects.exists():
        return shipped()
    return [entry_of(word) for word in Word.objects.in_use().order_by("pk")]


def list_version() -> int:
    return version_of(WordList.List.WORDS)


@transaction.atomic
def save_word(word: Word, *, by: Any) -> Word:
    """Adds the word or changes it; the audit log keeps what it was before.

    Raises:
        ValidationError: the pair exists already, or a form is empty.
    """
    word.short, word.long = (" ".join(nfc(text).split()) for text in (word.short, word.long))
    word.full_clean()
    before = Word.objects.select_for_update().filter(pk=word.pk).first() if word.pk else None
    word.is_edited, word.changed_at = True, clock.now()
    word.save()
    audit.record(
        "word.changed" if before else "word.added",
        f"word:{word.pk}",
        by=by,
        before=_facts(before) if before else {},
        after=_facts(word),
    )
    raise_version(WordList.List.WORDS, forget_words)
    return word


@transaction.atomic
def load_words(entries: Iterable[Entry]) -> LoadedWords:
    """Brings the shipped words to what their file says; what staff changed stays as it is."""
    rows = {(row.kind, row.short, row.long): row for row in Word.objects.all()}
    wanted = {(one.kind, nfc(one.short), nfc(one.long)): one for one in entries}
    new: list[Word] = []
    updated: list[Word] = []
    for key, one in wanted.items():
        values = _values(one)
        row = rows.get(key)
        if row is None:
            new.append(Word(kind=key[0], short=key[1], long=key[2], is_shipped=True, **values))
        elif not row.is_edited and any(getattr(row, name) != values[name] for name in values):
            for name, value in values.items():
                setattr(row, name, value)
            updated.append(row)
    closed = [
        row
        for key, row in rows.items()
        if key not in wanted and row.is_shipped and not row.is_edited and row.status != "off"
    ]
    for row in closed:
        row.status = Word.Status.OFF
    Word.objects.bulk_create(new, batch_size=400)
    changed = [*updated, *closed]
    Word.objects.bulk_update(
        changed, ["context", "field_codes", "is_one_way", "note", "source", "status"]
    )
    if new or changed:
        raise_version(WordList.List.WORDS, forget_words)
    return LoadedWords(len(new), len(updated), len(closed), len(wanted) - len(new) - len(updated))


def _values(one: Entry) -> dict[str, Any]:
    return {
        "context": one.context,
        "field_codes": list(one.fields),
        "is_one_way": one.is_one_way,
        "note": one.note,
        "source": _SHIPPED_SOURCE,
        "status": Word.Status.ACTIVE,
    }


def _facts(word: Word) -> dict[str, Any]:
    return {name: getattr(word, name) for name in _FACTS}
