"""Saying which other forms of the words were searched, which of them brought a hit, what a hit lacks."""

from typing import Final

from search.analysis import exact_terms, fold_term, fold_terms, normalize
from search.analysis.abbreviations import Expansion, found_by, other_forms
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


def also_searched(
    query: Query, *, understood: str = "", translated: bool = False
) -> tuple[Expansion, ...]:
    """Forms that were searched with the words: for "tìm cả: computer numerical control (cơ khí)".

    ``understood`` is `Results.understood`, where the words were typed without their marks;
    ``translated`` whether the other language was searched too (`Results.is_translated`).
    """
    parsed = parse(query.text)
    words, fields = understood or parsed.words, _fields(query, parsed)
    more = _more_forms(words, fields, translated=translated)
    forms = {one.source: one for one in (*other_forms(words, fields=fields), *more)}
    return tuple(forms.values())[:_MOST_FORMS]


def brought_by(
    query: Query, hit: Hit, *, understood: str = "", translated: bool = False
) -> tuple[Expansion, ...]:
    """The forms for which the hit was found where it lacks the words themselves.

    Give it the hit as the person sees it (`hydrate`), so that it tells nothing of an older text.
    """
    parsed = parse(query.text)
    words, fields = understood or parsed.words, _fields(query, parsed)
    more = _more_forms(words, fields, translated=translated)
    found = found_by(words, f"{hit.title}\n{hit.text}", fields=fields, more=more)
    return tuple({one.source: one for one in found}.values())


def _more_forms(words: str, fields: tuple[str, ...], *, translated: bool) -> list[Expansion]:
    called = forms_of(words, fields=fields)
    return [*called, *translated_forms(words, fields=fields)] if translated else called


def lacking(query: Query, hit: Hit, forms: tuple[Expansion, ...] = ()) -> tuple[str, ...]:
    """The words of a short query that the hit has in no form, as they were typed, in order.

    ``forms`` are those that brought it (`brought_by`). A hit written without marks has a word that
    was typed with them; of several alternatives (OR) none is missed.
    """
    branches = parse(query.text).branches
    words = normalize(branches[0].words) if len(branches) == 1 else ""
    tokens = tokens_of(words, "vi")
    exact = [token.term for token in tokens]
    keep = set(telling(exact))
    if not 1 < len(keep) <= _MOST_WORDS:
        return ()
    held = set(exact_terms(f"{hit.title}\n{hit.text}"))
    brought = {term for one in forms for term in fold_terms(exact_terms(one.said, "vi"))}
    plain = {term for term in held if term.isascii()}
    folded = set(fold_terms(held)) | brought
    missed = [
        term in keep
        and term not in held
        and fold_term(term) not in (folded if term.isascii() else plain | brought)
        for term in exact
    ]
    alone: set[int] = set()
    for one in compounds(exact):
        if any(missed[one.start : one.end]):
            missed[one.start : one.end] = [True] * (one.end - one.start)
        alone |= {one.start, one.end}
    return _runs(words, tokens, missed, alone)


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
