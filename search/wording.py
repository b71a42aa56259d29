"""Saying which other forms of the words were searched, which of them brought a hit, what a hit lacks."""

from functools import cached_property, lru_cache
from typing import Final

from search.analysis import exact_terms, fold_term, fold_terms, normalize
from search.analysis.abbreviations import (
    Expansion,
    brought,
    forms_of_words,
    other_forms,
    typed_terms,
)
from search.analysis.grammar import compounds, telling
from search.analysis.synonyms import forms_of
from search.analysis.tokens import Token, tokens_of
from search.analysis.translations import translated_forms
from search.parsing import Parsed, parse
from search.queries import Hit, Query

FIELD = "field"
#: Of a longer question nobody wants to read what each answer does not repeat.
_MOST_WORDS: Final = 8
_MOST_FORMS: Final = 12


class Wording:
    """One question, told of each of its hits: what its words stand for is read once.

    Args:
        understood: `Results.understood`, where the words were typed without their marks.
        translated: whether the other language was searched too (`Results.is_translated`).
    """

    def __init__(self, query: Query, *, understood: str = "", translated: bool = False) -> None:
        parsed = parse(query.text)
        self._branches = parsed.branches
        self._words = understood or parsed.words
        self._fields = _fields(query, parsed)
        self._translated = translated

    def also_searched(self) -> tuple[Expansion, ...]:
        """Forms that were searched with the words: for "tìm cả: computer numerical control (cơ khí)"."""
        own = other_forms(self._words, fields=self._fields)
        forms = {one.source: one for one in (*own, *self._called)}
        return tuple(forms.values())[:_MOST_FORMS]

    def brought_by(self, hit: Hit) -> tuple[Expansion, ...]:
        """The forms for which the hit was found where it lacks the words themselves.

        Give it the hit as the person sees it (`hydrate`), so that it tells nothing of an older text.
        """
        if not self._others:
            return ()
        found = brought(self._others, self._typed, _terms(hit.title, hit.text))
        return tuple({one.source: one for one in found}.values())

    def lacking(self, hit: Hit, forms: tuple[Expansion, ...] = ()) -> tuple[str, ...]:
        """The words of a short question that the hit has in no form, as they were typed, in order.

        ``forms`` are those that brought it (`brought_by`). A hit written without marks has a word that
        was typed with them; of several alternatives (OR) none is missed.
        """
        words, tokens, exact, keep = self._asked
        if not 1 < len(keep) <= _MOST_WORDS:
            return ()
        held = set(_terms(hit.title, hit.text))
        meant = {term for one in forms for term in fold_terms(exact_terms(one.said, "vi"))}
        plain = {term for term in held if term.isascii()}
        folded = set(fold_terms(held)) | meant
        missed = [
            term in keep
            and term not in held
            and fold_term(term) not in (folded if term.isascii() else plain | meant)
            for term in exact
        ]
        alone: set[int] = set()
        for one in compounds(exact):
            if any(missed[one.start : one.end]):
                missed[one.start : one.end] = [True] * (one.end - one.start)
            alone |= {one.start, one.end}
        return _runs(words, tokens, missed, alone)

    @cached_property
    def _called(self) -> list[Expansion]:
        called = forms_of(self._words, fields=self._fields)
        if not self._translated:
            return called
        return [*called, *translated_forms(self._words, fields=self._fields)]

    @cached_property
    def _others(self) -> list[Expansion]:
        return [*forms_of_words(self._words, fields=self._fields), *self._called]

    @cached_property
    def _typed(self) -> list[str]:
        return typed_terms(self._words)

    @cached_property
    def _asked(self) -> tuple[str, list[Token], list[str], set[str]]:
        """The words of the only branch with their tokens and terms, and which of these tell something."""
        words = normalize(self._branches[0].words) if len(self._branches) == 1 else ""
        tokens = tokens_of(words, "vi")
        exact = [token.term for token in tokens]
        return words, tokens, exact, set(telling(exact))


#: Asked for twice of each hit of a page: what brought it, and what it lacks.
@lru_cache(maxsize=64)
def _terms(title: str, text: str) -> tuple[str, ...]:
    return tuple(exact_terms(f"{title}\n{text}"))


def _runs(words: str, tokens: list[Token], missed: list[bool], alone: set[int]) -> tuple[str, ...]:
    """The missed words, neighbours in one piece but where a word of its own begins or ends."""
    spans: list[list[int]] = []
    for place, token in enumerate(tokens):
        if not missed[place]:
            continue
        if spans and missed[place - 1] and place not in alone:
            spans[-1][1] = token.end
        else:
            spans.append([token.start, token.end])
    return tuple(dict.fromkeys(words[start:end] for start, end in spans))


def _fields(query: Query, parsed: Parsed) -> tuple[str, ...]:
    return (*query.filters.get(FIELD, ()), *parsed.filters.get(FIELD, ()))
