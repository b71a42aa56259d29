"""Vietnamese words for one thing, read with a query: "bạc đạn" in the south is "vòng bi" and "ổ lăn".

The forms that stand in one line of the bilingual vocabulary stand for each other. Two lines that share an
English phrase do too (it is the pivot), unless a note tells their meanings apart: an English word by itself
has too many meanings to say so ("plant", "tank"), a phrase of two words hardly ever ("lubricating oil").
Lines that belong to no field are left out: everyday words ("bệnh nhân", "người bệnh") stand in so many texts
that their other form tells nothing (docs/quality.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from search.analysis.abbreviations import Expansion
from search.analysis.language import Language, detect_language
from search.analysis.lists import ListInUse, Version
from search.analysis.tokens import exact_terms, fold_terms
from search.analysis.translations import (
    LONGEST_FORM,
    BilingualEntry,
    Entries,
    Form,
    Forms,
    Sense,
    Translation,
    Way,
    as_forms,
    longest_first,
)

#: An English phrase that so many lines share names a sort of thing, not one.
_MOST_LINES: Final = 3


class Thesaurus:
    """The vocabulary by its Vietnamese forms alone."""

    def __init__(self, entries: Iterable[BilingualEntry]) -> None:
        self._forms = Forms()
        lines = [line for line in entries if line.sector]
        for line in (*lines, *_pivoted(lines)):
            self._add(line)

    def _add(self, line: BilingualEntry) -> None:
        forms = [(text, tuple(exact_terms(text, "vi"))) for text in line.vietnamese]
        forms = [one for one in forms if 0 < len(one[1]) <= LONGEST_FORM]
        for text, terms in forms:
            ways = tuple(
                Way(other, theirs, line.note)
                for other, theirs in forms
                if not (_holds(terms, theirs) or _holds(theirs, terms))
            )
            if ways:
                self._forms.put(tuple(fold_terms(terms)), Sense(terms, text, ways, line))

    def find(
        self, folded: Sequence[str], exact: Sequence[str], fields: Sequence[str] = ()
    ) -> list[Translation]:
        """The forms that are known, longest first, none within another, with what else they are called."""
        return longest_first(self._forms, folded, exact, fields)


def _holds(longer: Form, shorter: Form) -> bool:
    """A part of a form is met by the form, and says nothing else."""
    many = len(shorter)
    return any(longer[at : at + many] == shorter for at in range(len(longer) - many + 1))


def _pivoted(lines: Sequence[BilingualEntry]) -> Iterator[BilingualEntry]:
    """Lines joined by an English phrase that they share."""
    by_phrase: dict[Form, list[BilingualEntry]] = {}
    for line in lines:
        for text in line.english if not line.note else ():
            terms = tuple(fold_terms(exact_terms(text, "en")))
            if len(terms) > 1:
                by_phrase.setdefault(terms, []).append(line)
    for sharing in by_phrase.values():
        if not 1 < len(sharing) <= _MOST_LINES:
            continue
        together = tuple(dict.fromkeys(form for line in sharing for form in line.vietnamese))
        yield replace(
            max(sharing, key=lambda line: len(line.sector)), vietnamese=together, english=()
        )


def _nothing() -> tuple[BilingualEntry, ...]:
    return ()


_book: Final = ListInUse[BilingualEntry, Thesaurus]("synonyms", Thesaurus, _nothing)
#: Queries inside the block are read with these lines alone.
trying = _book.trying


def set_provider(
    entries: Entries | None, *, version: Version | None = None, shipped: Entries = _nothing
) -> None:
    """The application's vocabulary; as `search.analysis.translations.set_provider`."""
    _book.set_provider(entries, version=version, shipped=shipped)


def forget_synonyms() -> None:
    """What a process knows of the vocabulary; the next query asks for it."""
    _book.forget()


def synonyms(
    folded: Sequence[str],
    *,
    exact: Sequence[str] = (),
    language: Language = "",
    fields: Sequence[str] = (),
) -> list[Translation]:
    """What the terms of a Vietnamese text are also called; as `translations`, in its own language."""
    return [] if language == "en" else _book.current().find(folded, exact or folded, fields)


def synonym_forms(
    folded: Sequence[str],
    *,
    exact: Sequence[str] = (),
    language: Language = "",
    fields: Sequence[str] = (),
) -> list[Expansion]:
    """The same as other forms of the words, one for each way."""
    found = synonyms(folded, exact=exact, language=language, fields=fields)
    return as_forms(found, kind="synonym")


def forms_of(words: str, *, fields: Sequence[str] = ()) -> list[Expansion]:
    """What else the words are called, for telling people what was searched."""
    language = detect_language(words)
    exact = exact_terms(words, language)
    return synonym_forms(fold_terms(exact), exact=exact, language=language, fields=fields)
