"""Titles that hold what somebody has typed so far; asked at every key, so it must be quick."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy
from tantivy import Occur

from search.analysis import (
    PAIR,
    exact_terms,
    fold,
    fold_term,
    fold_terms,
    has_diacritics,
    is_syllable,
    normalize,
    pairs,
)
from search.analysis.english import STOP_WORDS
from search.engines import fields
from search.engines.embedded.schema import SCHEMA
from search.queries import Hit

T = tantivy.Query

_TOKEN: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 120
#: How many ways to end the begun word are tried, the most frequent ones.
_ENDINGS: Final = 12
_ENDINGS_READ: Final = 64
#: Read for ordering: titles of one score stand in no order that a reader would see.
_READ_FOR_EACH: Final = 4
_SHORTEST: Final = 2


def suggest(searcher: tantivy.Searcher, typed: str, kinds: Sequence[str], limit: int) -> list[Hit]:
    """The best titles for a begun query; nothing for less than two letters."""
    typed = " ".join(normalize(typed[:_LONGEST]).split())
    words = typed.split()
    if limit < 1 or not words or len(fold(typed)) < _SHORTEST:
        return []
    found: dict[str, Hit] = {}
    for query in _queries(searcher, words):
        clauses = [(Occur.Must, query)]
        if kinds:
            chosen = T.term_set_query(SCHEMA, fields.KIND, list(kinds))
            clauses.append((Occur.Must, T.const_score_query(chosen, 0.0)))
        answer = searcher.search(T.boolean_query(clauses), limit * _READ_FOR_EACH, count=False)
        for score, address in answer.hits:
            hit = _titled(searcher, address, score)
            found.setdefault(hit.id, hit)
        if len(found) >= limit:
            break
    return _ordered(found.values(), typed)[:limit]


def _queries(searcher: tantivy.Searcher, words: Sequence[str]) -> Iterator[tantivy.Query]:
    """First the words as neighbours, then in any order, then without English function words."""
    *whole, begun = _TOKEN.findall(fold(words[-1])) or [""]
    before = fold_terms(exact_terms(" ".join([*words[:-1], *whole]), "vi"))
    if not begun:
        if before:
            yield _all(_term(one) for one in (pairs(before) or before))
        return
    if not before:
        yield from _any(_endings(searcher, begun))
        return
    neighbours = _endings(searcher, f"{before[-1]}{PAIR}{begun}")
    for ending in _any(neighbours):
        yield _all([*(_term(one) for one in pairs(before)), ending])
    if len(begun) < _SHORTEST:
        return
    # "of" is left out of English titles; "may" beside Vietnamese words is a machine.
    is_english = not all(map(is_syllable, before))
    telling = [word for word in before if not (is_english and word in STOP_WORDS)]
    for wanted in dict.fromkeys((tuple(before), tuple(telling))):
        for ending in _any(_endings(searcher, begun)):
            yield _all([*(_term(one) for one in wanted), ending])


def _endings(searcher: tantivy.Searcher, begun: str) -> list[str]:
    """Terms of titles that begin so; a pair has a pair's prefix. A whole word may be stemmed."""
    is_pair = PAIR in begun
    known = searcher.terms_with_prefix(fields.TITLE, begun, limit=_ENDINGS_READ)
    terms = [term for term, _count in known if (PAIR in term) == is_pair][:_ENDINGS]
    stemmed = fold_term(PAIR.join(exact_terms(begun.replace(PAIR, " "), "vi")))
    if stemmed not in terms and searcher.doc_freq(fields.TITLE, stemmed):
        terms.append(stemmed)
    return terms


def _any(terms: Sequence[str]) -> Iterator[tantivy.Query]:
    if terms:
        yield T.boolean_query([(Occur.Should, _term(term)) for term in terms])


def _all(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return T.boolean_query([(Occur.Must, query) for query in queries])


def _term(term: str) -> tantivy.Query:
    return T.term_query(SCHEMA, fields.TITLE, term, index_option="freq")


def _titled(searcher: tantivy.Searcher, address: tantivy.DocAddress, score: float) -> Hit:
    stored = searcher.doc(address)
    document_id = str(stored.get_first(fields.ID))
    kind, _, key = document_id.partition(":")
    title = stored.get_first(fields.TITLE_TEXT)
    return Hit(
        document_id, kind, key, score, title.decode() if isinstance(title, bytes) else "", ""
    )


def _ordered(hits: Iterable[Hit], typed: str) -> list[Hit]:
    exact, folded = typed.lower(), fold(typed)
    is_marked = has_diacritics(typed)

    def worth(hit: Hit) -> tuple[bool, bool, bool, float]:
        # Whoever types marks means them: "hòa" is not the beginning of "hoàn".
        is_other = is_marked and exact not in normalize(hit.title).lower()
        place = f" {fold(hit.title)}".find(f" {folded}")
        return is_other, place != 0, place < 0, -hit.score

    return sorted(hits, key=worth)
