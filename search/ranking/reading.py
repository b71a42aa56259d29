"""Queries read once: their terms, and in which forms a term may stand in a text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from search.analysis import (
    PAIR,
    Language,
    detect_language,
    exact_terms,
    fold_terms,
    has_diacritics,
    is_syllable,
    strip_marks,
)
from search.analysis.abbreviations import expansions
from search.analysis.restoring import spellings
from search.analysis.synonyms import synonyms
from search.analysis.translations import translations

#: What follows in a pasted text says nothing new.
_LONGEST_QUERY: Final = 8_000
_MOST_TERMS: Final = 120
#: Above so many terms a query is a text.
_MOST_WORDS: Final = 24

_ASKING: Final = """
    gì nào sao đâu ai mấy nhiêu bao thế không phải hay vậy chăng hả nhỉ
"""
_GRAMMAR: Final = """
    là có được của và các những cho trong với tại từ đến thì mà này đó để về khi theo bằng như hoặc
    cũng cùng đã sẽ đang trên dưới một bị bởi ra vào do
"""
#: Words of a question that its answer does not repeat, and words that only hold others together.
ASKING: Final = frozenset(_ASKING.split())
GRAMMAR: Final = frozenset(_GRAMMAR.split())
BARE_ASKING: Final = frozenset(map(strip_marks, ASKING))
BARE_GRAMMAR: Final = frozenset(map(strip_marks, GRAMMAR))

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """Terms of a query that the other language, or another Vietnamese word, says by these units."""

    terms: frozenset[str]
    units: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """``respelled`` says whether a syllable with other marks may answer too.

    ``others`` are terms of other forms (abbreviations and their phrases) with their share.
    ``translated`` is what the query says otherwise, which counts once with its own words.
    """

    language: Language
    counts: Mapping[str, float]
    pairs: Mapping[Pair, float]
    others: Mapping[str, float]
    asking: frozenset[str]
    grammar: frozenset[str]
    is_text: bool
    is_bare: bool
    translated: tuple[Said, ...] = ()

    @property
    def statistics_terms(self) -> list[str]:
        """What the index is to be asked about before scoring."""
        terms = [*self.counts, *self.others]
        units = [unit for one in self.translated for unit in one.units]
        return [*terms, *fold_terms(terms), *map(PAIR.join, self.pairs), *units]


def read_query(words: str, understood: str = "", *, translated: bool = False) -> ReadQuery:
    """The words of a query, with their marks restored where the engine restored them; ``translated``
    says whether hits that say them in the other language are among those to put in order."""
    words = words[:_LONGEST_QUERY]
    language = detect_language(words)
    marked = has_diacritics(words)
    terms = exact_terms(understood or words, "en" if language == "en" else "vi")
    terms = terms[:_MOST_TERMS] if language != "en" else fold_terms(terms[:_MOST_TERMS])
    folded = fold_terms(terms)
    counts = Counter(terms)
    others: dict[str, float] = {}
    for one in expansions(folded):
        for term in one.exact_terms:
            if term not in counts:
                share = (one.end - one.start) / len(one.exact_terms)
                others[term] = max(others.get(term, 0.0), min(1.0, share))
    bare = not (marked or understood)
    asking, grammar = (BARE_ASKING, BARE_GRAMMAR) if bare else (ASKING, GRAMMAR)
    if language == "en":
        asking = grammar = frozenset()
    return ReadQuery(
        language=language,
        counts=counts,
        pairs=Counter(pairwise(terms)),
        others=others,
        asking=asking & counts.keys(),
        grammar=grammar & counts.keys(),
        is_text=len(counts) > _MOST_WORDS,
        is_bare=bare and language != "en",
        translated=tuple(said_otherwise(terms, language, translated=translated)),
    )


def said_otherwise(
    terms: Sequence[str],
    language: Language,
    *,
    fields: Sequence[str] = (),
    translated: bool = True,
) -> list[Said]:
    """What the vocabulary knows of the terms, in their own language and, ``translated``, in the other; what
    is written alike is theirs."""
    own = frozenset(terms).union(map(PAIR.join, pairwise(terms)))
    folded = fold_terms(terms)
    found = synonyms(folded, exact=terms, language=language, fields=fields)
    if translated:
        found += translations(folded, exact=terms, language=language, fields=fields)
    said = (
        Said(
            frozenset(terms[one.start : one.end]),
            {unit: share for unit, share in one.units.items() if unit not in own},
        )
        for one in found
    )
    return [one for one in said if one.units]


def other_spellings(term: str) -> tuple[str, ...]:
    """The term with other marks or none, as it may stand in a text."""
    bare = strip_marks(term)
    if is_syllable(bare):
        return spellings(bare)
    return tuple({bare, *fold_terms([term])})
