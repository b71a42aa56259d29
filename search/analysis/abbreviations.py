"""Words that stand for each other, as data: abbreviations, synonyms, translations, read with a query.

Nothing is expanded in the index, so a change needs no rebuild. An application hands in its own list
(`set_provider`); without one the list that comes with the package serves.

Where a form has several meanings, the chosen field decides, else the words around it; where neither
does, all meanings stand, and each `Expansion` says by its ``note`` which one it is.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

from search.analysis.lists import ListInUse, Version
from search.analysis.tokens import PAIR, exact_terms, fold_terms
from search.analysis.vietnamese import is_syllable

EntryKind = Literal["abbreviation", "synonym", "translation"]

#: Longer forms are sentences; so many further forms in one query help nobody.
_LONGEST_FORM: Final = 12
_MOST_EXPANSIONS: Final = 40
_MOST_TYPED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """``short`` and ``long`` stand for each other, with ``is_one_way`` only the long one for the short.

    ``context`` are words that favour this meaning, ``fields`` codes of a field tree in which a
    longer code lies below a shorter one. ``note`` tells people the meanings apart.
    """

    short: str
    long: str
    kind: EntryKind = "abbreviation"
    context: str = ""
    fields: tuple[str, ...] = ()
    is_one_way: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say the terms from ``start`` to ``end`` (folded, in order).

    ``source`` is the form as people write it, ``said`` the one that it stands for.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    exact_terms: tuple[str, ...]
    source: str = ""
    said: str = ""
    kind: EntryKind = "abbreviation"
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """One form and what it may be replaced by; ``own`` are its own terms with their marks."""

    own: tuple[str, ...]
    terms: tuple[str, ...]
    exact: tuple[str, ...]
    context: frozenset[str]
    is_short: bool
    said: str
    source: str
    entry: Entry

    def fits(self, chosen: Sequence[str]) -> bool:
        return any(
            code.startswith(own) or own.startswith(code)
            for code in chosen
            for own in self.entry.fields
        )


@dataclass(slots=True)
class _Table:
    forms: dict[tuple[str, ...], list[_Meaning]] = field(default_factory=dict)
    longest: int = 1

    def add(self, entry: Entry) -> None:
        short, long = _form(entry.short, entry), _form(entry.long)
        if not short or not long or max(len(short), len(long)) > _LONGEST_FORM:
            return
        folded_short, folded_long = tuple(fold_terms(short)), tuple(fold_terms(long))
        if folded_short == folded_long:
            return
        context = frozenset(fold_terms(exact_terms(entry.context, "vi")))
        self._put(
            folded_short,
            _Meaning(short, folded_long, long, context, True, entry.short, entry.long, entry),
        )
        if not entry.is_one_way:
            self._put(
                folded_long,
                _Meaning(long, folded_short, short, context, False, entry.long, entry.short, entry),
            )

    def _put(self, form: tuple[str, ...], meaning: _Meaning) -> None:
        known = self.forms.setdefault(form, [])
        if all(meaning.terms != other.terms for other in known):
            known.append(meaning)
            self.longest = max(self.longest, len(form))


def _form(text: str, entry: Entry | None = None) -> tuple[str, ...]:
    """Terms of a form; an abbreviation is read as it stands, whatever language it looks like."""
    if entry is not None and entry.kind == "abbreviation":
        return tuple(exact_terms(text, "vi"))
    return tuple(exact_terms(text))


@lru_cache(maxsize=1)
def shipped() -> tuple[Entry, ...]:
    """The list that comes with the package."""
    table = resources.files("search.analysis").joinpath("abbreviations.tsv")
    with table.open(encoding="utf-8") as lines:
        return tuple(
            Entry(
                short=row["short"],
                long=row["long"],
                kind=row["kind"] or "abbreviation",  # type: ignore[arg-type]
                context=row["context"] or "",
                fields=tuple((row["fields"] or "").split()),
                note=row["note"] or "",
            )
            for row in csv.DictReader(lines, delimiter="\t")
        )


Entries = Callable[[], Iterable[Entry]]


def _tabled(entries: Iterable[Entry]) -> _Table:
    table = _Table()
    for entry in entries:
        table.add(entry)
    return table


_book: Final = ListInUse[Entry, _Table]("words", _tabled, shipped)
#: Queries inside the block are read with this list: what would a change of it do?
trying = _book.trying


def set_provider(entries: Entries | None, *, version: Version | None = None) -> None:
    """The application's own list instead of the shipped one; None goes back to that.

    ``version`` is asked every `FRESH_SECONDS` at most; where its answer changed, ``entries`` is.
    An empty list is a list: then nothing is expanded.
    """
    _book.set_provider(entries, version=version)


def forget_words() -> None:
    """What a process knows of the list; the next query asks for it."""
    _book.forget()


def expansions(
    folded: Sequence[str],
    *,
    exact: Sequence[str] = (),
    fields: Sequence[str] = (),
) -> list[Expansion]:
    """Other forms of what the folded terms of a text say, with the meaning that fits.

    ``exact`` are the same terms with their marks, typed or restored: they tell "hàn" from "hạn".
    ``fields`` are the codes that a filter chose.
    """
    table = _book.current()
    found: list[Expansion] = []
    around = frozenset(folded)
    for start in range(len(folded)):
        for end in range(min(len(folded), start + table.longest), start, -1):
            meanings = table.forms.get(tuple(folded[start:end]))
            if meanings:
                found += (
                    Expansion(
                        start,
                        end,
                        meaning.terms,
                        meaning.exact,
                        meaning.source,
                        meaning.said,
                        meaning.entry.kind,
                        meaning.entry.note,
                    )
                    for meaning in _fitting(
                        meanings, folded[start:end], exact[start:end], around, fields
                    )
                )
        if len(found) >= _MOST_EXPANSIONS:
            break
    return found[:_MOST_EXPANSIONS]


def _fitting(
    meanings: Sequence[_Meaning],
    said: Sequence[str],
    exact: Sequence[str],
    around: frozenset[str],
    fields: Sequence[str],
) -> Sequence[_Meaning]:
    """Of several meanings those of the chosen field, else those that other words hint at."""
    if fields:
        chosen = [meaning for meaning in meanings if meaning.fits(fields)]
        anywhere = [meaning for meaning in meanings if not meaning.entry.fields]
        if chosen or any(meaning.entry.fields for meaning in meanings):
            return chosen or anywhere
    hinted = [meaning for meaning in meanings if meaning.context & (around - frozenset(said))]
    if hinted:
        return hinted
    if len(said) == 1 and is_syllable(said[0]):
        # "AI" without a hint is more often the Vietnamese word "ai"; "han" may be any of five words.
        return [m for m in meanings if tuple(exact) == m.own and not exact[0].isascii()]
    return meanings


def found_by(
    words: str, shown: str, *, fields: Sequence[str] = (), more: Sequence[Expansion] = ()
) -> tuple[Expansion, ...]:
    """Which other forms brought a hit: those that its text has while it lacks what was typed.

    ``more`` are further forms of the same words.
    """
    others = [*forms_of_words(words, fields=fields), *more]
    return brought(others, typed_terms(words), exact_terms(shown)) if others else ()


def brought(
    others: Iterable[Expansion], typed: Sequence[str], shown: Sequence[str]
) -> tuple[Expansion, ...]:
    """`found_by` of forms that are known already: ``typed`` are the `typed_terms`, ``shown`` the exact ones of a text."""
    terms = fold_terms(shown)
    return tuple(
        _widest(
            one
            for one in others
            if _holds(terms, one.terms) and not _holds(terms, typed[one.start : one.end])
        )
    )


def typed_terms(words: str) -> list[str]:
    """The folded terms in which the places of forms are told."""
    return fold_terms(exact_terms(words[:_MOST_TYPED]))


def other_forms(words: str, *, fields: Sequence[str] = ()) -> tuple[Expansion, ...]:
    """What else is searched for these words, each form once: "tìm cả: computer numerical control"."""
    return tuple(
        {one.source: one for one in _widest(forms_of_words(words, fields=fields))}.values()
    )


def _widest(found: Iterable[Expansion]) -> list[Expansion]:
    """Without those that stand for a part of what another one stands for: people need not read both."""
    kept = list(found)
    return [
        one
        for one in kept
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in kept
        )
    ]


def forms_of_words(words: str, *, fields: Sequence[str] = ()) -> list[Expansion]:
    """All that stands for a part of these words, narrower forms beside wider ones."""
    exact = exact_terms(words[:_MOST_TYPED])
    return expansions(fold_terms(exact), exact=exact, fields=fields)


def _holds(terms: Sequence[str], wanted: Sequence[str]) -> bool:
    wanted = tuple(wanted)
    if len(wanted) == 1:
        return wanted[0] in terms
    return any(
        tuple(terms[at : at + len(wanted)]) == wanted for at in range(len(terms) - len(wanted) + 1)
    )


@lru_cache(maxsize=10_000)
def _joined(terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(PAIR.join(pair) for pair in zip(terms, terms[1:], strict=False))


def joined(terms: Sequence[str]) -> tuple[str, ...]:
    """The pairs of a phrase, or the term itself where it is one."""
    return tuple(terms) if len(terms) == 1 else _joined(tuple(terms))
