"""Begun titles and terms nearly typed, in tantivy: the dictionary of a stream says which there are."""

from collections.abc import Iterator, Sequence
from typing import Final

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Occur

from search.analysis import PAIR
from search.engines import fields
from search.engines.embedded.asking import to_tantivy_query
from search.engines.embedded.schema import SCHEMA
from search.engines.narrowing import left_out
from search.engines.suggestions import MOST_EDITS, MOST_NEAR, Begun, is_one_term, suggested
from search.queries import Hit, Narrowing

T = tantivy.Query

#: How many ways to end the begun word are tried, the most frequent ones.
_ENDINGS: Final = 12
_ENDINGS_READ: Final = 64

#: Terms that begin with one letter, the most frequent ones: of a million documents as of a hundred.
_BEGUN_READ: Final = 20_000


def suggest(
    searcher: tantivy.Searcher,
    typed: str,
    kinds: Sequence[str],
    limit: int,
    narrowed: Sequence[Narrowing] = (),
) -> list[Hit]:
    refused = [(Occur.MustNot, to_tantivy_query(node)) for node in left_out(narrowed)]

    def answer(wish: Begun, most: int) -> Iterator[Hit]:
        wanted = [_term(term) for term in wish.terms]
        if wish.prefix:
            endings = _endings(searcher, wish)
            if not endings:
                return
            wanted.append(T.boolean_query([(Occur.Should, _term(term)) for term in endings]))
        if kinds:
            chosen = T.term_set_query(SCHEMA, fields.KIND, list(kinds))
            wanted.append(T.const_score_query(chosen, 0.0))
        query = T.boolean_query([*((Occur.Must, one) for one in wanted), *refused])
        for score, address in searcher.search(query, most, count=False).hits:
            yield _titled(searcher, address, score)

    return suggested(typed, limit, answer)


def _endings(searcher: tantivy.Searcher, wish: Begun) -> list[str]:
    """Terms of titles that begin so; a pair has a pair's prefix. A whole word may be stemmed."""
    is_pair = PAIR in wish.prefix
    known = searcher.terms_with_prefix(fields.TITLE, wish.prefix, limit=_ENDINGS_READ)
    terms = [term for term, _count in known if (PAIR in term) == is_pair][:_ENDINGS]
    if wish.whole not in terms and searcher.doc_freq(fields.TITLE, wish.whole):
        terms.append(wish.whole)
    return terms


def near_terms(searcher: tantivy.Searcher, terms: Sequence[str]) -> dict[str, int]:
    terms = [term for term in terms if is_one_term(term)]
    if not terms:
        return {}
    begun = searcher.terms_with_prefix(fields.FOLDED, terms[0][:1], limit=_BEGUN_READ)
    shortest, longest = min(map(len, terms)) - MOST_EDITS, max(map(len, terms)) + MOST_EDITS
    counts = {known: count for known, count in begun if shortest <= len(known) <= longest}
    known = list(counts)
    return {
        found: counts[found]
        for term in terms
        for found, _distance, _place in process.extract(
            term, known, scorer=OSA.distance, score_cutoff=MOST_EDITS, limit=MOST_NEAR
        )
    }


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
