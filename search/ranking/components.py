"""The components of the second stage: each looks at one thing in one text. Pure functions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import Any, Final

from search.analysis import PAIR, fold_term, is_syllable
from search.analysis.words import ReadText
from search.queries import TermStatistics
from search.ranking.lexical import between, inverse_frequency, length_norm, slide
from search.ranking.reading import Pair, ReadQuery, other_spellings
from search.ranking.weights import Weights

#: Where a term of the query stands in a text: place, term, share of it that is met.
Place = tuple[int, str, float]
#: Terms of a text without any mark that tell whether it is Vietnamese.
_LOOKED_AT: Final = 60


@dataclass(frozen=True, slots=True)
class WeighedQuery:
    """Terms and pairs of a query with what each is worth in this index.

    ``bare`` is what the terms are worth when marks are left out of account.
    ``forms`` are the terms as they may stand in a text, each with the term it stands for and the
    share of it that it is worth. ``foreign`` are terms and pairs of the other language with the
    terms that they stand for.
    """

    terms: Mapping[str, float]
    bare: Mapping[str, float]
    pairs: Mapping[Pair, float]
    forms: Mapping[str, tuple[str, float]]
    average_length: float
    k1: float
    b: float
    pair_weight: float
    passage_weight: float
    foreign: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Terms with which a pair of the other language begins.
    beginning: frozenset[str] = frozenset()
    #: What all words are worth together: the scale of the components. Each candidate asks for it.
    worth: float = field(init=False)
    #: Whatever of a text is looked at.
    standing: frozenset[str] = field(init=False, repr=False)
    #: ``forms`` once more, each half by itself: every text asks for them word by word.
    own_of: Mapping[str, str] = field(init=False, repr=False)
    share_of: Mapping[str, float] = field(init=False, repr=False)
    #: Forms that meet a part of their term.
    lesser: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "standing", self.beginning.union(self.forms))
        forms = self.forms.items()
        object.__setattr__(self, "own_of", {form: own for form, (own, _) in forms})
        object.__setattr__(self, "share_of", {form: share for form, (_, share) in forms})
        object.__setattr__(self, "lesser", frozenset(f for f, (_, share) in forms if share < 1.0))
        own = (worth for term, worth in self.terms.items() if term not in self.foreign)
        object.__setattr__(self, "worth", sum(own))


def weigh(read: ReadQuery, statistics: TermStatistics, weights: Weights) -> WeighedQuery:
    def factor(term: str) -> float:
        if term in read.asking:
            return weights.asking
        return weights.grammar if term in read.grammar else 1.0

    def rarity(term: str) -> float:
        told = inverse_frequency(statistics, term)
        return told if weights.rarity == 1.0 else told**weights.rarity

    def worth(term: str) -> float:
        return rarity(term) * importance(term)

    def importance(term: str) -> float:
        if term in read.counts:
            return read.counts[term] ** 0.5 * factor(term)
        # What the query says again and again it means no less in another form.
        meant = min(map(importance, foreign[term]), default=1.0) if term in foreign else 1.0
        return weights.other_form * others[term] * meant

    foreign, others = _foreign(read)
    every = [*read.counts, *others]
    terms = {term: worth(term) for term in every}
    bare = {term: rarity(fold_term(term)) * importance(term) for term in every}
    pairs = {
        pair: count**0.5 * rarity(PAIR.join(pair)) * (factor(pair[0]) * factor(pair[1])) ** 0.5
        for pair, count in read.pairs.items()
    }
    share = slide(len(read.counts), weights.short_terms, weights.long_terms)
    return WeighedQuery(
        terms=terms,
        bare=bare,
        pairs=pairs,
        forms=_forms(read, terms, weights),
        average_length=statistics.average_length,
        k1=between(share, weights.k1_short, weights.k1_long),
        b=between(share, weights.b_short, weights.b_long),
        pair_weight=between(share, weights.pairs, weights.pairs_long if weights.pairs else 0.0),
        passage_weight=between(share, weights.passage, 0.0),
        foreign=foreign,
        beginning=frozenset(unit.partition(PAIR)[0] for unit in foreign if PAIR in unit),
    )


def _foreign(read: ReadQuery) -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """Units of the other language with what they stand for; and all other forms with their share."""
    foreign: dict[str, frozenset[str]] = {}
    others = dict(read.others)
    for one in read.translated:
        for unit, share in one.units.items():
            if unit not in read.counts:
                foreign[unit] = foreign.get(unit, frozenset()) | one.terms
                others[unit] = max(others.get(unit, 0.0), share)
    return foreign, others


def _forms(
    read: ReadQuery, terms: Mapping[str, float], weights: Weights
) -> dict[str, tuple[str, float]]:
    forms: dict[str, tuple[str, float]] = {}
    if read.is_bare or not (read.is_text or read.language == "en"):
        share = 1.0 if read.is_bare else weights.other_marks
        for term in read.counts:
            for form in other_spellings(term):
                forms.setdefault(form, (term, share))
    return forms | {term: (term, 1.0) for term in terms}


@dataclass(frozen=True, slots=True)
class Found:
    """Where terms of a query stand in a text, in order: by columns, as hundreds of texts are looked at for
    each question and whole columns are counted at once. ``forms`` are the terms as the text has them."""

    at: Sequence[int]
    terms: Sequence[str]
    forms: Sequence[str]
    share_of: Mapping[str, float]

    def __len__(self) -> int:
        return len(self.at)

    def __iter__(self) -> Iterator[Place]:
        shares = map(self.share_of.__getitem__, self.forms)
        return zip(self.at, self.terms, shares, strict=True)

    def only(self, kept: Sequence[bool]) -> "Found":
        at, terms = list(compress(self.at, kept)), list(compress(self.terms, kept))
        return Found(at, terms, list(compress(self.forms, kept)), self.share_of)


def places(query: WeighedQuery, text: ReadText) -> Found:
    found = _standing(query, text)
    # A syllable without its marks is another word in an English text: "can" is no "cần".
    if not query.lesser.isdisjoint(found.forms) and _is_foreign(text.terms):
        found = found.only([form not in query.lesser for form in found.forms])
    return _once(query, found) if query.foreign else found


def _is_foreign(terms: Sequence[str]) -> bool:
    """Is it no Vietnamese, not even typed without marks? A marked term settles it."""
    first = terms[:_LOOKED_AT]
    # Most Vietnamese shows a mark at once: the rest need not be looked at.
    if not ("".join(first).isascii() and "".join(terms).isascii()):
        return False
    return 2 * sum(map(is_syllable, first)) < len(first)


def _standing(query: WeighedQuery, text: ReadText) -> Found:
    terms, own = text.terms, query.own_of.__getitem__
    # Most words of a text are none of the query's: they are passed over where that costs least.
    places = list(compress(range(len(terms)), map(query.standing.__contains__, terms)))
    here = list(map(terms.__getitem__, places))
    if not query.beginning:
        return Found(places, list(map(own, here)), here, query.share_of)
    phrases = list(_phrases(query, terms, places, here))
    is_one = list(map(query.own_of.__contains__, here))
    places, here = list(compress(places, is_one)), list(compress(here, is_one))
    if not phrases:
        return Found(places, list(map(own, here)), here, query.share_of)
    rows = [*zip(places, map(own, here), here, strict=True), *phrases]
    at, owns, forms = zip(*sorted(rows), strict=True)
    return Found(at, owns, forms, query.share_of)


def _phrases(
    query: WeighedQuery, terms: Sequence[str], places: Sequence[int], here: Sequence[str]
) -> Iterator[tuple[int, str, str]]:
    """A pair of the other language counts where its first term stands."""
    for place in compress(places, map(query.beginning.__contains__, here)):
        if place + 1 < len(terms):
            pair = f"{terms[place]}{PAIR}{terms[place + 1]}"
            if pair in query.foreign:
                yield place, pair, pair


def _once(query: WeighedQuery, found: Found) -> Found:
    """What a text says in both languages counts in the one in which it says more of it, not twice."""
    foreign, worth = query.foreign, query.terms
    if foreign.keys().isdisjoint(found.terms):
        return found
    here = set(found.terms)
    said: dict[frozenset[str], float] = {}
    for unit in here & foreign.keys():
        said[foreign[unit]] = said.get(foreign[unit], 0.0) + worth.get(unit, 0.0)
    lost: set[str] = set()
    for own, otherwise in said.items():
        if not own.isdisjoint(here):
            if sum(worth.get(term, 0.0) for term in own & here) < otherwise:
                lost |= own
            else:
                lost |= {unit for unit in here if foreign.get(unit) == own}
    return found.only([term not in lost for term in found.terms]) if lost else found


def words(query: WeighedQuery, found: Found, length: int) -> float:
    """BM25 of the single terms."""
    times: dict[str, float] = {}
    for form, many in Counter(found.forms).items():
        term, share = query.forms[form]
        times[term] = times.get(term, 0.0) + share * many
    return _told(query.terms, times, query, length)


def neighbours(query: WeighedQuery, found: Found, length: int) -> float:
    """BM25 of the pairs of neighbours; half of a Vietnamese word is one syllable."""
    wanted, times = query.pairs, dict[Pair, float]()
    at, terms, forms, share_of = found.at, found.terms, found.forms, found.share_of
    pairs = map(wanted.__contains__, pairwise(terms))
    for one in compress(range(len(terms)), pairs):
        if at[one + 1] == at[one] + 1:
            pair, left, right = (terms[one], terms[one + 1]), forms[one], forms[one + 1]
            times[pair] = times.get(pair, 0.0) + min(share_of[left], share_of[right])
    return _told(query.pairs, times, query, length)


def _told(
    worth: Mapping[Any, float], times: Mapping[Any, float], query: WeighedQuery, length: int
) -> float:
    """The sum of `saturated` counts, written out: hundreds of texts ask for it at each question."""
    k1, norm = query.k1, length_norm(length, query.average_length, query.k1, query.b)
    total = 0.0
    for unit, many in times.items():
        total += worth[unit] * (many * (k1 + 1) / (many + norm))
    return total


def passage(query: WeighedQuery, found: Found, span: int) -> float:
    """What the distinct terms within ``span`` places are worth, where that is most.

    Marks are left out of account: words side by side explain each other, so that a missing or a
    wrong mark (in the text, or in what was restored of the query) does no harm here.
    """
    inside: dict[str, int] = {}
    total = best = 0.0
    first, at, terms = 0, found.at, found.terms
    for place, term in zip(at, terms, strict=True):
        while at[first] <= place - span:
            leaving = terms[first]
            inside[leaving] -= 1
            if not inside[leaving]:
                total -= query.bare[leaving]
            first += 1
        inside[term] = inside.get(term, 0) + 1
        if inside[term] == 1:
            total += query.bare[term]
            best = max(best, total)
    return best


def named(query: WeighedQuery, found: Found, title_length: int) -> float:
    """What the distinct terms of the title are worth: a title names what a text is about."""
    met: dict[str, float] = {}
    for place, term, share in found:
        if place >= title_length:
            break
        met[term] = max(met.get(term, 0.0), share)
    return sum(query.terms[term] * share for term, share in met.items())
