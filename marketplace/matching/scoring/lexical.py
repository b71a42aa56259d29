"""A need's words against candidates: the components of `search.ranking`, weighed for whole texts."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import Final

from marketplace.matching.scoring.weights import Lexical, Weights
from search.analysis import PAIR, Language, exact_terms, fold_term, fold_terms
from search.analysis.english import stem
from search.analysis.grammar import FUNCTION_WORDS
from search.analysis.words import ReadText
from search.queries import TermStatistics
from search.ranking import Weights as ComponentWeights
from search.ranking import components
from search.ranking.components import Found, WeighedQuery
from search.ranking.feedback import likeness
from search.ranking.lexical import slide
from search.ranking.reading import ReadQuery, Said

_ASKING: Final = """
    can tim mua muon mong toi chung cong ty xin nho giup hien nay hoi em anh ben minh
    kinh gui quy loi chao tran trong nhan duoc hop tac ho tro don vi co quan cam ket thuc hien dung cac quy dinh
    phap luat hanh theo
    need want seek look require company please wish
"""
#: How people talk: said by no result, so rarer than anything that a need is about. With their marks alone, as
#: without them they are other words ("quá" and "quả", "lắm" and "làm").
_HOW_PEOPLE_TALK: Final = """
    tụi bọn tui lẹ lắm dữ quá trời hoài liền luôn nè nha nhé ạ dạ vậy vầy thôi đâu xài khỏi chớ hen hổng hông chẳng thiệt
    nhiêu bữa hồi giờ lúc cứ đợi hết rồi nữa mấy vài cái gì nào sao bà cô chú đó kia này muốn biết sợ ngán nản khổ
"""
_SPOKEN: Final = frozenset(_HOW_PEOPLE_TALK.split())
#: What needs say and results do not, folded: its absence from a candidate means nothing.
_WORDS_OF_ASKING: Final = FUNCTION_WORDS | frozenset(map(stem, _ASKING.split()))
#: Terms and pairs of a need that are compared: the most telling; what a pasted tender says besides
#: moves no candidate and costs time with each.
_MOST_COMPARED: Final = 240
#: The most telling terms, which a good answer says nearly all of.
_TELLING: Final = 16
#: … and in any case so many terms that stand in one document only: a match of one word is no match
#: of a need, however well the word is met.
_LEAST_TELLING: Final = 2.0
#: Of a text that says little but courtesies and words of grammar, what agrees says little too.
_MOST_MEANT: Final = 1.5
#: The same of words in the other language, each of which is only as sure as the vocabulary.
_LEAST_BRIDGED: Final = 3.0


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """What the words of a need are worth in this index, and what each component counts."""

    weighed: WeighedQuery
    lexical: Lexical
    passage_length: int
    terms: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    telling: float  # what the most telling terms are worth together
    bridged: float  # the same of other spellings and the other language
    meant: float  # share of the need's words that say something, up to 1 where most do
    most_telling: Mapping[str, float]
    others: Mapping[str, float]  # other spellings and the other language
    said: tuple[Said, ...]  # telling terms as the other language says them
    sureness: float  # of what is said otherwise
    informative: Mapping[str, float]  # the terms worth showing, without filler
    phrases: Mapping[
        tuple[str, str], float
    ]  # neighbours of what is said otherwise, as texts have them
    together: Mapping[tuple[str, str], float]  # all neighbours that are worth something


@dataclass(frozen=True, slots=True)
class Signs:
    """What a candidate's words mean by themselves, whoever else is compared.

    Attributes:
        strength: words and neighbours, against the need's most telling terms.
        covered: share of those terms that the candidate has at all, in whichever language.
        title: what its title has of them.
        own: what of it the need's own words say; the rest is as sure as the vocabulary.
    """

    strength: float
    covered: float
    title: float
    own: float = 1.0


@dataclass(frozen=True)
class LexicalFit:
    """One candidate by its words: the weighed parts of the score, and the signs of its probability.

    Attributes:
        parts: component → what it adds to the score.
        tell: finds the signs; asked only of the few that are read in full, out of hundreds.
    """

    parts: Mapping[str, float]
    tell: Callable[[], Signs]

    @cached_property
    def signs(self) -> Signs:
        return self.tell()

    @cached_property
    def total(self) -> float:
        return sum(self.parts.values())


@lru_cache(maxsize=16_384)
def tokenize(text: str, language: Language, *, folded: bool) -> tuple[str, ...]:
    """Terms in order. Remembered: needs of one field meet the same candidates again and again,
    above all when all needs are matched anew."""
    if folded:
        return tuple(fold_terms(tokenize(text, language, folded=False)))
    return tuple(exact_terms(text, language or _plainly_english(text)))


def _plainly_english(text: str) -> Language | None:
    """Spares most English texts the look at their words; None leaves the question open."""
    return "en" if text.isascii() and (" the " in text or " of " in text) else None


def weigh(read: ReadQuery, statistics: TermStatistics, weights: Weights) -> LexicalQuery:
    """`read` says how often the need says each term and pair, and which others mean the same."""
    share = slide(len(read.counts), weights.short_terms, weights.long_terms)
    lexical = weights.lexical(read.language, share)
    asked = ComponentWeights(
        engine=lexical.engine,
        words=lexical.words,
        pairs=lexical.pairs,
        passage=lexical.passage,
        title=lexical.title,
        passage_length=weights.passage_length,
        k1_short=lexical.k1,
        k1_long=lexical.k1,
        b_short=lexical.b,
        b_long=lexical.b,
        other_marks=weights.other_marks,
        asking=weights.asking,
        grammar=weights.grammar,
        other_form=weights.other_language,
        rarity=lexical.rarity,
    )
    weighed = _bounded(components.weigh(read, statistics, asked))
    own = {term: worth for term, worth in weighed.terms.items() if term in read.counts}
    others = {term: worth for term, worth in weighed.terms.items() if term not in own}
    meant = {t: worth for t, worth in own.items() if not _is_said_by_needs_alone(t)}
    said = sum(own.values())
    best = sorted(meant, key=lambda term: (-meant[term], term))[:_TELLING]
    rarest = math.log(1 + statistics.document_count) ** lexical.rarity
    pairs = {pair: lexical.pairs * worth for pair, worth in weighed.pairs.items()}
    phrases = _phrases(others, folded=read.is_bare)
    telling = max(sum(meant[term] for term in best), _LEAST_TELLING * rarest)
    bridged = max(sum(sorted(others.values())[-_TELLING:]), _LEAST_BRIDGED * rarest)
    return LexicalQuery(
        weighed=weighed,
        lexical=lexical,
        passage_length=weights.passage_length,
        terms=weighed.terms,
        pairs=pairs,
        telling=max(telling, 1e-6),
        bridged=max(bridged, 1e-6),
        meant=min(1.0, _MOST_MEANT * sum(meant.values()) / said) if said else 0.0,
        most_telling={term: meant[term] for term in best},
        others=others,
        said=tuple(one for one in read.translated if one.terms & {*best}),
        sureness=weights.other_language,
        informative=_informative(own) | others,
        phrases=phrases,
        together=phrases | {pair: worth for pair, worth in pairs.items() if worth},
    )


def _is_said_by_needs_alone(term: str) -> bool:
    return term in _SPOKEN or fold_term(term) in _WORDS_OF_ASKING


def _phrases(others: Mapping[str, float], *, folded: bool) -> dict[tuple[str, str], float]:
    """Beside a need typed without marks texts are read without them."""
    found: dict[tuple[str, str], float] = {}
    for unit, worth in others.items():
        left, pair, right = unit.partition(PAIR)
        if pair:
            key = (fold_term(left), fold_term(right)) if folded else (left, right)
            found[key] = max(found.get(key, 0.0), worth)
    return found


def without_terms(query: LexicalQuery, terms: frozenset[str]) -> LexicalQuery:
    """To look for proof by; what the others are worth stays as it was."""
    if not terms:
        return query
    return replace(
        query,
        terms={term: worth for term, worth in query.terms.items() if term not in terms},
        informative={term: worth for term, worth in query.informative.items() if term not in terms},
    )


def _bounded(query: WeighedQuery) -> WeighedQuery:
    if len(query.terms) <= _MOST_COMPARED and len(query.pairs) <= _MOST_COMPARED:
        return query
    terms = dict(sorted(query.terms.items(), key=lambda item: (-item[1], item[0]))[:_MOST_COMPARED])
    pairs = dict(sorted(query.pairs.items(), key=lambda item: (-item[1], item[0]))[:_MOST_COMPARED])
    forms = {form: meant for form, meant in query.forms.items() if meant[0] in terms}
    foreign = {unit: own for unit, own in query.foreign.items() if unit in terms}
    return replace(
        query,
        terms=terms,
        pairs=pairs,
        forms=forms,
        foreign=foreign,
        beginning=frozenset(unit.partition(PAIR)[0] for unit in foreign if PAIR in unit),
    )


def _informative(terms: Mapping[str, float]) -> dict[str, float]:
    """Terms worth at least a third of the best ones: what a highlight may mark."""
    if not terms:
        return {}
    best = sorted(terms.values(), reverse=True)[:5]
    floor = 0.33 * sum(best) / len(best)
    return {
        term: worth
        for term, worth in terms.items()
        if worth >= floor and len(term) > 1 and fold_term(term) not in FUNCTION_WORDS
    }


def fit_words(
    query: LexicalQuery,
    read: ReadText,
    *,
    engine: float = 0.0,
    meaning: float = 0.0,
    feedback: float = 0.0,
) -> LexicalFit | None:
    """None where the candidate shares no word with the need and nothing else speaks for it.

    Args:
        read: the candidate's words.
        engine: the engine's score as a share of the best candidate's.
        meaning: what likeness of meaning adds, weighed already.
        feedback: likeness to the first hits as a share of the best candidate's.
    """
    found = components.places(query.weighed, read)
    if not found and meaning <= 0:
        return None
    lexical, worth, length = query.lexical, max(query.weighed.worth, 1e-6), len(read.terms)
    words = components.words(query.weighed, found, length)
    pairs = components.neighbours(query.weighed, found, length)
    parts = {
        "engine": lexical.engine * engine,
        "words": lexical.words * words / worth,
        "pairs": lexical.pairs * pairs / worth,
        "feedback": lexical.feedback * feedback,
        "semantic": meaning,
    }
    if lexical.passage:
        best = components.passage(query.weighed, found, query.passage_length)
        parts["passage"] = lexical.passage * best / worth
    if lexical.title and read.title_length:
        named = components.named(query.weighed, found, read.title_length)
        parts["title"] = lexical.title * named / worth
    return LexicalFit(
        {name: part for name, part in parts.items() if part},
        partial(_signs, query, read, found, words + lexical.pairs * pairs),
    )


def _signs(query: LexicalQuery, read: ReadText, found: Found, said: float) -> Signs:
    most = query.telling * (1 + query.lexical.pairs)
    if _is_bridged(query, found):
        # Of a text in the other language only what the vocabulary knows can be met.
        most = min(most, query.bridged)
    covered, in_own_words = _covered(query, found, len(read.terms))
    return Signs(
        strength=query.meant * said / most,
        covered=covered,
        title=min(1.0, _covered(query, found, read.title_length)[0]),
        own=in_own_words / covered if covered else 1.0,
    )


def _is_bridged(query: LexicalQuery, found: Found) -> bool:
    """Do mostly other spellings of the need's words answer it?"""
    met = set(found.terms)
    if met.isdisjoint(query.others):
        return False
    worth = query.weighed.terms
    others = sum(worth[term] for term in met if term in query.others)
    return others > 0.5 * sum(worth[term] for term in met)


def _covered(query: LexicalQuery, found: Found, end: int) -> tuple[float, float]:
    """The share of the most telling terms that stand before `end`: in either language, and as typed."""
    shares = dict[str, float]()
    for form in dict.fromkeys(islice(found.forms, bisect_left(found.at, end))):
        term, share = query.weighed.forms[form]
        if share > shares.get(term, 0.0):
            shares[term] = share
    telling = query.most_telling
    met = {term: share for term, share in shares.items() if term in telling}
    typed = sum(telling[term] * share for term, share in met.items())
    for one in query.said:
        # A phrase is said as far as its pairs are.
        there = sum(share for unit, share in one.units.items() if unit in shares)
        sure = query.sureness * min(1.0, there)
        for term in one.terms & telling.keys():
            met[term] = max(met.get(term, 0.0), sure)
    said = sum(telling[term] * share for term, share in met.items())
    return said / query.telling, typed / query.telling


def company(terms: Mapping[str, float], read: ReadText, average_length: float) -> float:
    """How like the first hits a candidate is."""
    return likeness(terms, read, average_length)
