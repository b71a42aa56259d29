"""Abbreviations of the field, as data, understood both ways when a query is read.

Nothing is expanded in the index, so the list can grow without building it again. Where an
abbreviation has several meanings, the words around it choose among them; without a hint all
meanings stand.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

from search.analysis.tokens import PAIR, exact_terms, fold_terms
from search.analysis.vietnamese import is_syllable


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """``term`` is the folded index term of the short form, ``phrase`` those of the long one."""

    term: str
    phrase: tuple[str, ...]
    exact_phrase: tuple[str, ...]
    context: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say the terms from ``start`` to ``end`` (folded, in order)."""

    start: int
    end: int
    terms: tuple[str, ...]
    exact_terms: tuple[str, ...]


_short: dict[str, list[Abbreviation]] = {}
_long: dict[tuple[str, ...], list[Abbreviation]] = {}
_longest = 0


def register_abbreviations(rows: Iterable[tuple[str, str, str]]) -> None:
    """Add rows of (abbreviation, phrase, words that favour this meaning); known rows are skipped."""
    global _longest
    for short, phrase, context in rows:
        term = "".join(fold_terms(exact_terms(short, "vi")))
        exact = tuple(exact_terms(phrase))
        folded = tuple(fold_terms(exact))
        if not term or not folded:
            continue
        known = Abbreviation(term, folded, exact, frozenset(fold_terms(exact_terms(context, "vi"))))
        if all(known.phrase != other.phrase for other in _short.get(term, ())):
            _short.setdefault(term, []).append(known)
            _long.setdefault(folded, []).append(known)
            _longest = max(_longest, len(folded))


def _shipped() -> Iterable[tuple[str, str, str]]:
    table = resources.files("search.analysis").joinpath("abbreviations.tsv")
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield row["abbreviation"], row["phrase"], row["context"] or ""


def expansions(folded: Sequence[str]) -> list[Expansion]:
    """Other forms of what the folded terms of a text say, short for long and long for short."""
    found: list[Expansion] = []
    around = frozenset(folded)
    for start, term in enumerate(folded):
        meanings: Sequence[Abbreviation] = _short.get(term, ())
        hinted = [meaning for meaning in meanings if meaning.context & around]
        if not hinted and is_syllable(term):
            # "AI" without a hint is more often the Vietnamese word "ai".
            meanings = ()
        for meaning in hinted or meanings:
            found.append(Expansion(start, start + 1, meaning.phrase, meaning.exact_phrase))
        for end in range(min(len(folded), start + _longest), start + 1, -1):
            for meaning in _long.get(tuple(folded[start:end]), ()):
                found.append(Expansion(start, end, (meaning.term,), (meaning.term,)))
    return found


def joined(terms: Sequence[str]) -> tuple[str, ...]:
    """The pairs of a phrase, or the term itself where it is one."""
    if len(terms) == 1:
        return tuple(terms)
    return tuple(PAIR.join(pair) for pair in zip(terms, terms[1:], strict=False))


register_abbreviations(_shipped())
