"""From what was asked to a tantivy query: which streams answer, and with what weight.

The weights were chosen over six public collections at once (Vietnamese questions, with and
without marks, and English abstracts); none of them was best for a single one.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import tantivy
from tantivy import FieldType, Occur

from search.analysis import (
    detect_language,
    exact_terms,
    fold_term,
    fold_terms,
    is_syllable,
    pairs,
    typed_codes,
)
from search.analysis.abbreviations import Expansion, expansions, joined
from search.analysis.highlighting import telling
from search.analysis.restoring import restore_marks
from search.documents import NUMBERS
from search.engines.embedded import schema
from search.engines.embedded.schema import SCHEMA
from search.facets import KIND as KIND_FACET
from search.parsing import Branch, parse
from search.queries import Query, TextQuery

T = tantivy.Query


@dataclass(frozen=True, slots=True)
class Weights:
    exact: float
    exact_pairs: float
    folded: float
    folded_pairs: float


#: Typed with marks: they decide, the folded form helps.
MARKED: Final = Weights(1.0, 0.7, 0.5, 0.35)
#: Typed without: the folded form decides, the restored marks help.
UNMARKED: Final = Weights(0.5, 0.35, 1.0, 0.7)
#: English: pairs of words say less than pairs of syllables.
ENGLISH: Final = Weights(0.0, 0.0, 1.0, 0.3)

_TITLE: Final = 0.3
_CODE: Final = 100.0
_EXPANDED: Final = 0.5
#: Above this number of words a query is a text: no word of it is demanded.
_MOST_WORDS: Final = 24
_MOST_RESTORED: Final = 120
_TEXT_TERMS: Final = 48
_TEXT_PAIRS: Final = 40
#: A term in more than this share of the documents says nothing about a need.
_COMMON: Final = 0.4
_FACET_NAME: Final = re.compile(r"[a-z][a-z_]{0,40}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query ready to run; filters stay apart, so that a facet can be counted without its own."""

    strict: tantivy.Query
    loose: tantivy.Query | None = None
    filters: dict[str, tantivy.Query] = field(default_factory=dict)
    understood: str = ""

    def query(self, without: str = "") -> tantivy.Query:
        clauses = [(Occur.Must, self.strict)]
        clauses += [
            (Occur.Must, _silent(clause))
            for name, clause in self.filters.items()
            if name != without
        ]
        return T.boolean_query(clauses)

    def relaxed(self) -> "Asked":
        return replace(self, strict=self.loose or self.strict, loose=None)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text read in the light of the index: its terms in both forms and how to weigh them."""

    exact: list[str]
    folded: list[str]
    weights: Weights
    restored: bool = False

    @property
    def marked(self) -> bool:
        return self.weights is MARKED


class Asker:
    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self.documents = max(1, searcher.num_docs)
        #: Codes of the chosen field: they decide among the meanings of an abbreviation.
        self.fields: tuple[str, ...] = ()

    # What people type

    def words(self, query: Query) -> Asked:
        parsed = parse(query.text)
        understood: list[str] = []
        self.fields = (*query.filters.get("field", ()), *parsed.filters.get("field", ()))
        branches = [self._branch(branch, understood) for branch in parsed.branches]
        filters = _filters(query, parsed.kinds, parsed.filters, parsed.ranges)
        if not branches:
            return Asked(T.all_query(), None, filters)
        strict = _any([strict for strict, _ in branches])
        loose = _any([loose for _, loose in branches])
        if query.match == "any":
            return Asked(loose, None, filters, " ".join(understood))
        return Asked(strict, loose, filters, " ".join(understood))

    def _branch(self, branch: Branch, understood: list[str]) -> tuple[tantivy.Query, tantivy.Query]:
        """The branch as it is demanded, and as it is if nothing answers that."""
        demanded = [(Occur.Must, _silent(self._phrase(phrase))) for phrase in branch.phrases]
        refused = [(Occur.MustNot, self._phrase(phrase)) for phrase in branch.excluded]
        scored = [(Occur.Should, self._scoring(self._read(p))) for p in branch.phrases]
        read = self._read(branch.words)
        if not read.folded:
            only = [*demanded, *scored, *refused]
            if not demanded:
                only.append((Occur.Must, T.all_query()))
            whole = T.boolean_query(only)
            return whole, whole
        if read.restored:
            understood.append(" ".join(read.exact))
        codes = typed_codes(branch.words)
        scoring = self._scoring(read)
        if codes:
            hit = T.const_score_query(T.term_set_query(SCHEMA, schema.CODE, sorted(codes)), _CODE)
            scoring = _any([scoring, hit])
        units = self._units(read)
        loose = T.boolean_query([*demanded, *scored, *refused, (Occur.Must, scoring)])
        if len(units) > _MOST_WORDS:
            return loose, loose
        enough = T.boolean_query(
            [(Occur.Should, unit) for unit in units],
            minimum_number_should_match=demanded_of(len(units)),
        )
        if codes:
            enough = _any([enough, T.term_set_query(SCHEMA, schema.CODE, sorted(codes))])
        strict = T.boolean_query(
            [*demanded, *scored, *refused, (Occur.Must, _silent(enough)), (Occur.Should, scoring)]
        )
        return strict, loose

    def _read(self, text: str) -> _Read:
        language = detect_language(text)
        exact = exact_terms(text, language)
        folded = fold_terms(exact)
        if language == "en":
            return _Read(folded, folded, ENGLISH)
        if any(not term.isascii() for term in exact):
            return _Read(exact, folded, MARKED)
        if len(folded) > _MOST_RESTORED:
            return _Read(folded, folded, UNMARKED)
        restored = restore_marks(folded, self._exact_frequency, self.documents)
        return _Read(restored, folded, UNMARKED, restored != folded)

    def _exact_frequency(self, term: str) -> int:
        stream = schema.EXACT_PAIRS if "_" in term else schema.EXACT
        return int(self.searcher.doc_freq(stream, term))

    def _units(self, read: _Read) -> list[tantivy.Query]:
        """What a hit should hold, each counted once: a word, or an abbreviation or its phrase."""
        others = self._expansions(read)
        spans = [one for one in others if one.end - one.start > 1]
        covered = {place for span in spans for place in range(span.start, span.end)}
        units: list[tantivy.Query] = []
        for (start, end), forms in _by_span(spans).items():
            itself = [self._demanded_term(read, place) for place in range(start, end)]
            units.append(_any([_all(itself), *map(_other, forms)]))
        keep = set(telling(read.folded))
        taken: set[str] = set()
        for place, term in enumerate(read.folded):
            if place in covered or term not in keep or term in taken:
                continue
            taken.add(term)
            forms = [one for one in others if (one.start, one.end) == (place, place + 1)]
            units.append(_any([self._demanded_term(read, place), *map(_other, forms)]))
        return units

    def _expansions(self, read: _Read) -> list[Expansion]:
        return expansions(read.folded, exact=read.exact, fields=self.fields)

    def _demanded_term(self, read: _Read, place: int) -> tantivy.Query:
        """A word typed with marks is wanted with them; if nothing has it, the query is relaxed."""
        if read.marked and not read.exact[place].isascii():
            return _term(schema.EXACT, read.exact[place])
        return _term(schema.FOLDED, read.folded[place])

    def _phrase(self, phrase: str) -> tantivy.Query:
        """Neighbours all through; in this index a phrase is the pairs it consists of."""
        exact = exact_terms(phrase)
        if not exact:
            return T.empty_query()
        return _all([_matching(term) for term in (pairs(exact) or exact)])

    def _scoring(self, read: _Read) -> tantivy.Query:
        weights = _weighted(read, Counter)
        titles = {
            (_TITLES[stream], term): weight * _TITLE for (stream, term), weight in weights.items()
        }
        weights |= titles
        for one in self._expansions(read):
            for stream, term, share in _expanded(one, read.weights):
                weights[(stream, term)] = max(weights.get((stream, term), 0.0), share)
        return _sum(weights)

    # Whole texts

    def text(self, query: TextQuery) -> tantivy.Query:
        read = self._read(query.text)
        weights = self._most_telling(read)
        for phrase, boost in query.boosts:
            for key, weight in _weighted(self._read(phrase), Counter).items():
                weights[key] = weights.get(key, 0.0) + weight * boost
        clauses = [(Occur.Must, _sum(weights) if weights else T.empty_query())]
        if query.kinds:
            clauses.append((Occur.Must, _silent(_kinds(query.kinds))))
        return T.boolean_query(clauses) if len(clauses) > 1 else clauses[0][1]

    def _most_telling(self, read: _Read) -> dict[tuple[str, str], float]:
        """The terms that tell this text from others, by frequency here and rarity in the index."""
        weights = _weighted(read, Counter, damped=True)
        valued: dict[bool, list[tuple[float, tuple[str, str]]]] = {False: [], True: []}
        for (stream, term), weight in weights.items():
            frequency = int(self.searcher.doc_freq(stream, term))
            if frequency and frequency <= max(1, _COMMON * self.documents):
                value = weight * math.log(1 + self.documents / frequency)
                valued["_" in term].append((value, (stream, term)))
        kept = sorted(valued[False], reverse=True)[:_TEXT_TERMS]
        kept += sorted(valued[True], reverse=True)[:_TEXT_PAIRS]
        chosen = {key: weights[key] for _, key in kept}
        for one in self._expansions(read):
            for stream, term, share in _expanded(one, read.weights):
                if self.searcher.doc_freq(stream, term):
                    chosen.setdefault((stream, term), share)
        return chosen


_TITLES: Final = {
    schema.EXACT: schema.TITLE_EXACT,
    schema.EXACT_PAIRS: schema.TITLE_EXACT,
    schema.FOLDED: schema.TITLE,
    schema.FOLDED_PAIRS: schema.TITLE,
}


def demanded_of(units: int) -> int:
    """How many of so many words a hit must hold: few words are a wish, many are a question."""
    if units <= 4:
        return min(units, 3)
    return max(2, math.ceil(units * 0.2))


def _weighted(
    read: _Read, count: type[Counter[str]], *, damped: bool = False
) -> dict[tuple[str, str], float]:
    """Stream and term → weight, by how often the text says it."""
    weights: dict[tuple[str, str], float] = {}
    w = read.weights

    def put(stream: str, terms: Iterable[str], weight: float) -> None:
        if not weight:
            return
        for term, times in count(terms).items():
            weights[(stream, term)] = weight * (math.sqrt(times) if damped else times)

    if read.marked:
        # Words and numbers have one form: their exact share goes to the folded stream, where
        # English documents are.
        put(schema.EXACT, (t for t in read.exact if not _formless(t)), w.exact)
        put(schema.FOLDED, (t for t in read.folded if not _formless(t)), w.folded)
        put(schema.FOLDED, (t for t in read.folded if _formless(t)), w.exact + w.folded)
    else:
        put(schema.EXACT, read.exact, w.exact)
        put(schema.FOLDED, read.folded, w.folded)
    put(schema.EXACT_PAIRS, pairs(read.exact), w.exact_pairs)
    put(schema.FOLDED_PAIRS, pairs(read.folded), w.folded_pairs)
    return weights


def _formless(term: str) -> bool:
    """Is the term the same with and without marks, whatever it stands in."""
    return term.isascii() and not is_syllable(term)


def _expanded(one: Expansion, weights: Weights) -> Iterator[tuple[str, str, float]]:
    """Streams, terms and weights of another form of words; a phrase counts by its pairs."""
    share = _EXPANDED * max(weights.exact, weights.folded)
    if len(one.terms) == 1:
        yield schema.FOLDED, one.terms[0], share * (one.end - one.start)
        return
    for pair in joined(one.terms):
        yield schema.FOLDED_PAIRS, pair, share / (len(one.terms) - 1)


def _other(one: Expansion) -> tantivy.Query:
    """Another form as a hit may hold it: its word, or its neighbours all through."""
    if len(one.terms) == 1:
        return _term(schema.FOLDED, one.terms[0])
    return _all([_term(schema.FOLDED_PAIRS, pair) for pair in joined(one.terms)])


def _by_span(spans: Sequence[Expansion]) -> dict[tuple[int, int], list[Expansion]]:
    """Forms by what they stand for; of spans that overlap the longest counts."""
    chosen: dict[tuple[int, int], list[Expansion]] = {}
    for one in sorted(spans, key=lambda one: one.start - one.end):
        span = (one.start, one.end)
        if span in chosen or all(span[1] <= s or span[0] >= e for s, e in chosen):
            chosen.setdefault(span, []).append(one)
    return chosen


def _filters(
    query: Query,
    kinds: tuple[str, ...],
    typed: dict[str, tuple[str, ...]],
    typed_ranges: dict[str, tuple[int | None, int | None]],
) -> dict[str, tantivy.Query]:
    filters: dict[str, tantivy.Query] = {}
    for name, wanted in ((KIND_FACET, query.kinds), (f"{KIND_FACET}:", kinds)):
        if wanted:
            filters[name] = _kinds(wanted)
    # What was typed and what was chosen must both hold; only the chosen is left out of counts.
    for suffix, found in (("", query.filters), (":", typed)):
        for name, values in found.items():
            if values and name in NUMBERS:
                filters[f"{name}{suffix}"] = _any(
                    [_term(name, int(value)) for value in values if _is_number(value)]
                    or [T.empty_query()]
                )
            elif values and _FACET_NAME.fullmatch(name):
                filters[f"{name}{suffix}"] = _any(
                    [_term(f"{schema.FACETS}.{name}", value) for value in values]
                )
    for suffix, ranges in ((" range", query.ranges), (" range:", typed_ranges)):
        for name, (low, high) in ranges.items():
            if name in NUMBERS and not (low is None and high is None):
                filters[f"{name}{suffix}"] = T.range_query(
                    SCHEMA, name, FieldType.Integer, low, high
                )
    return filters


def _kinds(kinds: Sequence[str]) -> tantivy.Query:
    return T.term_set_query(SCHEMA, schema.KIND, list(kinds))


def _matching(term: str) -> tantivy.Query:
    """A term or pair as it was typed."""
    if "_" in term:
        if term.isascii() or all(map(_formless, term.split("_"))):
            return _term(schema.FOLDED_PAIRS, fold_term(term))
        return _term(schema.EXACT_PAIRS, term)
    return _term(schema.FOLDED, term) if term.isascii() else _term(schema.EXACT, term)


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) <= 18


def _term(stream: str, term: str | int) -> tantivy.Query:
    option = "freq" if stream in schema.STREAMS else "basic"
    return T.term_query(SCHEMA, stream, term, index_option=option)


def _sum(weights: dict[tuple[str, str], float]) -> tantivy.Query:
    return T.boolean_query(
        [
            (Occur.Should, T.boost_query(_term(stream, term), weight))
            for (stream, term), weight in weights.items()
        ]
    )


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return T.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return T.boolean_query([(Occur.Must, query) for query in queries])


def _silent(query: tantivy.Query) -> tantivy.Query:
    """Decides, but does not score."""
    return T.const_score_query(query, 0.0)
