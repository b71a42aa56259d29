"""A bilingual vocabulary, read with a query: what its terms are in the other language.

The longest term wins, wherever it stands; what it covers is not looked at again. A single syllable is
translated only where it was written with its marks ("đồng", "vàng"): without them it may be any of
several words, and English has some of the same letters ("tin", "die"). English is read by its stems, as
the index holds it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, Literal

from search.analysis.abbreviations import EntryKind, Expansion
from search.analysis.language import Language, detect_language
from search.analysis.lists import ListInUse, Version
from search.analysis.tokens import PAIR, exact_terms, fold_terms
from search.analysis.vietnamese import is_syllable

#: Longer forms are sentences.
LONGEST_FORM: Final = 10
#: Ways to say one term that are looked for; a word with more of them says little.
_MOST_WAYS: Final = 6
_SHORTEST_ENGLISH: Final = 3

Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BilingualEntry:
    """One line of the vocabulary: the forms of one thing in both languages.

    ``sector`` is a code of the field tree, or empty where the term belongs to all. ``note`` tells
    people the meanings of a form apart.
    """

    vietnamese: tuple[str, ...]
    english: tuple[str, ...]
    sector: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say something in the other language: as people write it, and its terms."""

    text: str
    terms: Form
    note: str = ""

    @property
    def folded(self) -> Form:
        return tuple(fold_terms(self.terms))


@dataclass(frozen=True, slots=True)
class Translation:
    """The terms of a text from ``start`` to ``end``, and how the other ``language`` says them."""

    start: int
    end: int
    said: str
    language: Literal["vi", "en"]
    ways: tuple[Way, ...]

    @property
    def units(self) -> dict[str, float]:
        """Terms and pairs of the other language, each with its share of the meaning.

        A phrase counts by its pairs. A word of an English phrase says a part of it; a syllable of a
        Vietnamese one says nothing.
        """
        found: dict[str, float] = {}
        for way in self.ways:
            for unit, share in _units(way.terms, self.language):
                found[unit] = max(found.get(unit, 0.0), share)
        return found


#: What the words of an English phrase are worth each, where they do not stand together: "treatment of
#: textile wastewater" for "wastewater treatment".
_PART: Final = 0.5


def _units(terms: Form, language: Literal["vi", "en"]) -> Iterator[tuple[str, float]]:
    if len(terms) == 1:
        yield terms[0], 1.0
        return
    for left, right in zip(terms, terms[1:], strict=False):
        yield f"{left}{PAIR}{right}", 1.0 / (len(terms) - 1)
    if language == "en":
        for term in terms:
            yield term, _PART / len(terms)


@dataclass(frozen=True, slots=True)
class Sense:
    """What one form says, by the line in which it stands; ``own`` are its terms with their marks."""

    own: Form
    said: str
    ways: tuple[Way, ...]
    entry: BilingualEntry

    def fits(self, chosen: Sequence[str]) -> bool:
        own = self.entry.sector
        return bool(own) and any(code.startswith(own) or own.startswith(code) for code in chosen)


@dataclass(slots=True)
class Forms:
    """Forms of one language by their folded terms, and how long those are that begin with a term."""

    senses: dict[Form, list[Sense]] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)

    def put(self, form: Form, sense: Sense) -> None:
        self.senses.setdefault(form, []).append(sense)
        self.reach[form[0]] = max(self.reach.get(form[0], 0), len(form))

    def at(self, terms: Sequence[str], start: int) -> Iterator[tuple[int, list[Sense]]]:
        """Ends of the forms that begin there, the longest first."""
        longest = min(self.reach.get(terms[start], 0), len(terms) - start)
        for end in range(start + longest, start, -1):
            senses = self.senses.get(tuple(terms[start:end]))
            if senses:
                yield end, senses


class Lexicon:
    """The vocabulary made ready: one look-up for each term of a text that begins a form."""

    def __init__(self, entries: Iterable[BilingualEntry]) -> None:
        self._vietnamese = Forms()
        self._english = Forms()
        for entry in entries:
            self._add(entry)

    def _add(self, entry: BilingualEntry) -> None:
        vietnamese = [(text, tuple(exact_terms(text, "vi"))) for text in entry.vietnamese]
        english = [(text, tuple(fold_terms(exact_terms(text, "en")))) for text in entry.english]
        vietnamese = [one for one in vietnamese if 0 < len(one[1]) <= LONGEST_FORM]
        english = [one for one in english if 0 < len(one[1]) <= LONGEST_FORM]
        in_vietnamese = tuple(Way(text, terms, entry.note) for text, terms in vietnamese)
        in_english = tuple(Way(text, terms, entry.note) for text, terms in english)
        for text, terms in vietnamese:
            self._vietnamese.put(tuple(fold_terms(terms)), Sense(terms, text, in_english, entry))
        for text, terms in english:
            self._english.put(terms, Sense(terms, text, in_vietnamese, entry))

    def translate(
        self,
        folded: Sequence[str],
        exact: Sequence[str],
        language: Language,
        fields: Sequence[str] = (),
    ) -> list[Translation]:
        """The terms that are known, longest first, none within another, in the order they stand."""
        found: list[_Found] = []
        if language != "en":
            found += _in_vietnamese(self._vietnamese, folded, exact, "en")
        for start in range(len(folded)):
            for end, senses in self._english.at(folded, start):
                if _is_english(folded[start:end], language):
                    found.append((start, end, "vi", senses))
        return _longest(found, folded, fields)


_Found = tuple[int, int, Literal["vi", "en"], list[Sense]]


def longest_first(
    forms: Forms, folded: Sequence[str], exact: Sequence[str], fields: Sequence[str] = ()
) -> list[Translation]:
    """What Vietnamese forms say in Vietnamese, longest first, none within another, in order."""
    return _longest(_in_vietnamese(forms, folded, exact, "vi"), folded, fields)


def _in_vietnamese(
    forms: Forms, folded: Sequence[str], exact: Sequence[str], other: Literal["vi", "en"]
) -> Iterator[_Found]:
    marked = any(not term.isascii() for term in exact)
    for start in range(len(folded)):
        for end, senses in forms.at(folded, start):
            said = tuple(exact[start:end])
            if fitting := _as_written(senses, said, marked=marked, bare=other == "vi"):
                yield start, end, other, fitting


def _longest(
    found: Iterable[_Found], folded: Sequence[str], fields: Sequence[str]
) -> list[Translation]:
    taken = [False] * len(folded)
    chosen: list[Translation] = []
    for start, end, other, senses in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if any(taken[start:end]):
            continue
        taken[start:end] = [True] * (end - start)
        if ways := _ways(senses, fields, said=folded[start:end]):
            chosen.append(Translation(start, end, senses[0].said, other, ways))
    return sorted(chosen, key=lambda one: one.start)


def _as_written(senses: Sequence[Sense], said: Form, *, marked: bool, bare: bool) -> list[Sense]:
    """Those senses whose form this is: with its marks in a text that has some. ``bare`` syllables that have
    none ("heo") are themselves in a text that is marked elsewhere."""
    own = [sense for sense in senses if sense.own == said]
    if len(said) == 1 and is_syllable(said[0]):
        return own if not said[0].isascii() or (bare and marked) else []
    return own if own or marked else list(senses)


def _is_english(said: Sequence[str], language: Language) -> bool:
    if language == "en":
        return len(said) > 1 or len(said[0]) >= _SHORTEST_ENGLISH
    # Beside Vietnamese words only what can be no Vietnamese word is English.
    foreign = sum(not is_syllable(term) and not term.isdecimal() for term in said)
    return foreign == len(said) and (len(said) > 1 or len(said[0]) > _SHORTEST_ENGLISH)


def _ways(
    senses: Sequence[Sense], fields: Sequence[str], *, said: Sequence[str]
) -> tuple[Way, ...]:
    """Of several meanings those of the chosen field; each way once, none that was said already."""
    chosen = [sense for sense in senses if sense.fits(fields)] if fields else []
    # The first way of every sense comes before the second of any.
    rounds = zip_longest(*(sense.ways for sense in chosen or senses))
    ways = {way.terms: way for one in rounds for way in one if way is not None}
    ways.pop(tuple(said), None)
    return tuple(ways.values())[:_MOST_WAYS]


def _nothing() -> tuple[BilingualEntry, ...]:
    return ()


_book: Final = ListInUse[BilingualEntry, Lexicon]("translations", Lexicon, _nothing)
#: Queries inside the block are read with these entries alone.
trying = _book.trying

Entries = Callable[[], Iterable[BilingualEntry]]


def set_provider(
    entries: Entries | None, *, version: Version | None = None, shipped: Entries = _nothing
) -> None:
    """The application's vocabulary; ``shipped`` serves where it cannot be read.

    ``version`` is asked every second at most; where its answer changed, ``entries`` is.
    """
    _book.set_provider(entries, version=version, shipped=shipped)


def forget_translations() -> None:
    """What a process knows of the vocabulary; the next query asks for it."""
    _book.forget()


def translations(
    folded: Sequence[str],
    *,
    exact: Sequence[str] = (),
    language: Language = "",
    fields: Sequence[str] = (),
) -> list[Translation]:
    """What the folded terms of a text are in the other language.

    ``exact`` are the same terms with their marks, typed or restored. ``fields`` are the codes that
    a filter chose: they decide among the meanings of a form.
    """
    return _book.current().translate(folded, exact or folded, language, fields)


def as_forms(found: Iterable[Translation], *, kind: EntryKind = "translation") -> list[Expansion]:
    """The same as other forms of the words, one for each way."""
    return [
        Expansion(
            start=one.start,
            end=one.end,
            terms=way.folded,
            exact_terms=way.terms,
            source=way.text,
            said=one.said,
            kind=kind,
            note=way.note,
        )
        for one in found
        for way in one.ways
    ]


def translated_forms(words: str, *, fields: Sequence[str] = ()) -> list[Expansion]:
    """How the other language says the words, for telling people what was searched."""
    language = detect_language(words)
    exact = exact_terms(words, language)
    folded = fold_terms(exact)
    exact = folded if language == "en" else exact
    return as_forms(translations(folded, exact=exact, language=language, fields=fields))
