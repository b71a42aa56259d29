"""Which elements of the need a candidate names, and in which sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import ElementFit, Span
from marketplace.matching.scoring.exclusions import denied_at
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.need import ReadNeed
from marketplace.reading.elements import Element, ElementKind
from marketplace.reading.heads import head_of, is_light, stands_for, without_light, without_when
from search.analysis import fold_terms
from search.analysis.synonyms import synonyms
from search.analysis.translations import Translation, translations

Terms = tuple[str, ...]
# A phrase after a cue is met when beside what carries it this share of the rest's worth stands.
_MOST: Final = 0.66
#: So many words away, and in the same clause: "giảm tỷ lệ hạt vỡ", "tỷ lệ hạt vỡ giảm".
_NEAR: Final = 12
_ENDS_CLAUSE: Final = re.compile(
    r"[;:()]|(?<!\d)[.!?]|,\s+(?:nhưng|mà|giảm|tăng|nâng|giữ|không|nhung|giam|tang|nang|giu|khong|but|while|"
    r"reduc\w*|increas\w*|rais\w*|cut\w*)(?!\w)",
    re.IGNORECASE,
)
#: Before what carries a phrase: it is said not to.
_NEGATED: Final = re.compile(
    r"(?<!\w)(?:không|chưa|chẳng|khong|chua|not|cannot|never)(?:\s+(?:thể|được|the|duoc|yet|be|been))?\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Called:
    """Words of a phrase and what else they are called, by the vocabulary: "vòng bi" and "bạc đạn"."""

    terms: Terms
    ways: Mapping[Terms, str]  # the terms of each, and how people write it


@dataclass(frozen=True, slots=True)
class Wanted:
    """An element of the need with the term sequences of its spellings.

    `parts` are the vocabulary's own words inside a phrase ("hạt điều" in "máy tách vỏ hạt điều", by
    their place among the elements): a machine for another nut is not that machine, however many of
    the other words it shares. `heads` are the terms of what carries a phrase that the vocabulary does not
    name, and of what may stand for it; `rest` is what remains of the phrase. `called` are its words that
    are called otherwise too.
    """

    element: Element
    sequences: tuple[Terms, ...]
    parts: tuple[int, ...] = ()
    heads: tuple[Terms, ...] = ()
    rest: frozenset[str] = frozenset()
    called: tuple[Called, ...] = ()

    def whole_called(self, sequence: Terms) -> str:
        """How people write it where these terms are another name of all of it."""
        return next((one.ways[sequence] for one in self.called if sequence in one.ways), "")


def wanted_elements(need: ReadNeed) -> list[Wanted]:
    """Done once a need."""
    return [_wanted(element, need) for element in need.elements]


def _wanted(element: Element, need: ReadNeed) -> Wanted:
    sequences = _sequences((element.text, *element.spellings), folded=need.folded)
    called = _called(element.text, need)
    phrase = sequences[0] if sequences else ()
    whole = [one for one in called if one.terms == phrase]
    sequences = tuple(dict.fromkeys((*sequences, *(way for one in whole for way in one.ways))))
    if element.spellings:
        return Wanted(element, sequences, called=tuple(whole))
    head = element.head or head_of(element.text, last=need.language == "en")
    heads = _sequences(stands_for(head), folded=need.folded)
    own = frozenset(heads[0]) if heads else frozenset()
    # "Máy sấy xoài" is met by a dryer called a plant; "máy sấy" alone by nothing but a machine.
    phrase_itself = element.text if is_light(head) else without_light(element.text)
    said = _sequences((without_when(phrase_itself),), folded=need.folded)
    rest = frozenset(said[0]) - own if said else frozenset()
    return Wanted(element, sequences, _parts(element, need.elements), heads, rest, called)


def _called(phrase: str, need: ReadNeed) -> tuple[Called, ...]:
    """What the vocabulary calls words of the phrase in either language."""
    exact = tokenize(phrase, need.language, folded=False)
    folded = fold_terms(exact)
    language, fields = need.language, need.need.fields
    found: list[Translation] = [
        *synonyms(folded, exact=exact, language=language, fields=fields),
        *translations(folded, exact=exact, language=language, fields=fields),
    ]
    said = folded if need.folded else exact
    names: dict[Terms, dict[Terms, str]] = {}
    for one in found:
        ways = names.setdefault(tuple(said[one.start : one.end]), {})
        for way in one.ways:
            ways.setdefault(way.folded if need.folded else way.terms, way.text)
    return tuple(Called(terms, ways) for terms, ways in names.items())


def _sequences(spellings: Iterable[str], *, folded: bool) -> tuple[tuple[str, ...], ...]:
    read = (tokenize(spelling, "", folded=folded) for spelling in dict.fromkeys(spellings))
    return tuple(sequence for sequence in read if sequence)


def _parts(element: Element, elements: Sequence[Element]) -> tuple[int, ...]:
    return tuple(
        place
        for place, other in enumerate(elements)
        # A machine inside the name of a machine is demanded by what carries the name.
        if other.spellings
        and other.kind is not element.kind
        and element.start <= other.start
        and other.end <= element.end
    )


def fit_elements(
    wanted: Sequence[Wanted], candidate: ReadCandidate, worth: Mapping[str, float]
) -> tuple[ElementFit, ...]:
    """In the order of `wanted`. Terms without a `worth` tell nothing."""
    literal = [_literal(one, candidate) for one in wanted]
    return tuple(
        fit
        if fit is not None
        else _loose(one, candidate, worth)
        if all(literal[part] is not None for part in one.parts)
        else _unmet(one)
        for one, fit in zip(wanted, literal, strict=True)
    )


def names_product(
    wanted: Sequence[Wanted], fits: Sequence[ElementFit], candidate: ReadCandidate
) -> bool:
    """Is a thing of the kind that is asked for named at all, by one of its names or by what carries one? True
    where nothing of that kind is asked for."""
    products = [
        (one, fit)
        for one, fit in zip(wanted, fits, strict=True)
        if one.element.kind is ElementKind.PRODUCT
    ]
    return not products or any(
        fit.met or any(map(candidate.terms.issuperset, one.heads)) for one, fit in products
    )


def _literal(one: Wanted, candidate: ReadCandidate) -> ElementFit | None:
    """One of its spellings, word for word."""
    doubtful = candidate.marks.doubtful
    here = [
        sequence
        for sequence in one.sequences
        if candidate.terms.issuperset(sequence) and not doubtful.issuperset(sequence)
    ]
    for sentence in candidate.sentences if here else ():
        for sequence in here:
            span = sentence.find(sequence)
            if span is not None and not (one.heads and _denies(sentence, span)):
                return _met(one, sentence, [span], one.whole_called(sequence))
    return None


def _loose(one: Wanted, candidate: ReadCandidate, worth: Mapping[str, float]) -> ElementFit:
    """What carries the phrase, or stands for it, and beside it most of the rest; the vocabulary's own
    words are no phrase to take apart."""
    total = sum(worth.get(term, 0.0) for term in one.rest)
    there = candidate.terms.union(
        *(by.terms for by in one.called if any(map(candidate.terms.issuperset, by.ways)))
    )
    if not _is_most(one.rest & there, total, worth):
        return _unmet(one)
    doubtful = candidate.marks.doubtful
    heads = [
        head
        for head in one.heads
        if there.issuperset(head) and not doubtful.issuperset(one.rest.union(head))
    ]
    for sentence in candidate.sentences if heads else ():
        if not _may_say(one, sentence, heads, total, worth):
            continue
        placed, names = _placed(one, sentence)
        rest = one.rest.intersection(term for term, _ in placed)
        if not _is_most(rest, total, worth):
            continue
        for head in heads:
            spans = _together(sentence, placed, head, rest)
            beside = {term for term, span in placed if span in spans} & rest
            if _is_most(beside, total, worth):
                named = next((name for span, name in names.items() if span in spans), "")
                return _met(one, sentence, spans, named)
    return _unmet(one)


def _may_say(
    one: Wanted,
    sentence: ReadSentence,
    heads: Sequence[Terms],
    total: float,
    worth: Mapping[str, float],
) -> bool:
    """By its terms alone: where they stand costs time, and is found out only of a sentence that has enough."""
    said = sentence.term_set
    for by in one.called:
        if any(map(sentence.term_set.issuperset, by.ways)):
            said = said.union(by.terms)
    return any(map(said.issuperset, heads)) and _is_most(one.rest & said, total, worth)


def _placed(one: Wanted, sentence: ReadSentence) -> tuple[list[tuple[str, Span]], dict[Span, str]]:
    """The terms of a sentence with their places, what it calls otherwise by the need's words; and where
    that stands."""
    placed, names = sentence.placed, dict[Span, str]()
    for by in one.called:
        if sentence.term_set.issuperset(by.terms):
            continue
        for way, name in by.ways.items():
            span = sentence.find(way)
            if span is None:
                continue
            names[span] = name
            own = [(term, span) for term in by.terms]
            first = next(at for at, (_, where) in enumerate(placed) if where[0] == span[0])
            last = next(at for at, (_, where) in enumerate(placed) if where[1] == span[1])
            placed = [*placed[:first], *own, *placed[last + 1 :]]
            break
    return placed, names


def _together(
    sentence: ReadSentence, placed: Sequence[tuple[str, Span]], head: Terms, rest: frozenset[str]
) -> list[Span]:
    """Where the head stands and the words of the rest near it, in one clause."""
    best: list[Span] = []
    length = len(head)
    for at in range(len(placed) - length + 1):
        if any(placed[at + step][0] != term for step, term in enumerate(head)):
            continue
        own = (placed[at][1][0], placed[at + length - 1][1][1])
        if _denies(sentence, own):
            continue
        near = [*placed[max(0, at - _NEAR) : at], *placed[at + length : at + length + _NEAR]]
        found = [
            span for term, span in near if term in rest and _one_clause(sentence.text, own, span)
        ]
        if len(found) >= len(best):
            best = [own, *found] if found else best
    return best


def _denies(sentence: ReadSentence, span: Span) -> bool:
    negated = _NEGATED.search(sentence.text, 0, span[0]) is not None
    return negated or denied_at(span, sentence.exclusions)


def _one_clause(text: str, head: Span, other: Span) -> bool:
    between = text[min(head[1], other[1]) : max(head[0], other[0])]
    return _ENDS_CLAUSE.search(between) is None


def _is_most(here: frozenset[str] | set[str], total: float, worth: Mapping[str, float]) -> bool:
    return total > 0 and sum(worth.get(term, 0.0) for term in here) >= _MOST * total


def _met(one: Wanted, sentence: ReadSentence, spans: list[Span], called: str = "") -> ElementFit:
    evidence = sentence.evidence(spans)
    return ElementFit(one.element.kind.value, one.element.text, True, evidence, called)


def _unmet(one: Wanted) -> ElementFit:
    return ElementFit(one.element.kind.value, one.element.text, False)
