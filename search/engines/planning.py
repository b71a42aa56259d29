"""From what was asked to a plan: which streams answer, and with what weight. The same for all engines.

The weights were chosen over six public collections at once (Vietnamese questions, with and
without marks, and English abstracts); none of them was best for a single one.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from search.analysis import (
    PAIR,
    detect_language,
    exact_terms,
    fold_terms,
    pairs,
    typed_codes,
)
from search.analysis.abbreviations import Expansion, expansions
from search.analysis.grammar import telling
from search.analysis.language import Language
from search.analysis.restoring import known_spellings, restore_marks, spellings
from search.analysis.synonyms import synonym_forms, synonyms
from search.analysis.translations import Translation, as_forms, translations
from search.engines import demanding, fields
from search.engines.demanding import Demand
from search.engines.narrowing import facets_of, filters_of, left_out
from search.engines.plan import (
    Combined,
    Constant,
    Everything,
    Node,
    Nothing,
    OneOf,
    Term,
    all_of,
    any_of,
    silent,
)
from search.engines.weights import (
    ENGLISH,
    MARKED,
    UNMARKED,
    Key,
    Read,
    expanded,
    matching,
    sum_of,
    units_of,
    weighted,
)
from search.facets import KIND as KIND_FACET
from search.parsing import Branch, parse
from search.queries import Query, TextQuery

_TITLE: Final = 0.3
_CODE: Final = 100.0
#: Where so many (two pages) hold what is demanded, nobody misses what is only near.
_ENOUGH: Final = 40
#: More than any words of a few branches score, and a power of two, so that single precision keeps it.
TIER: Final = 1024.0
#: Above this number of words a query is a text: no word of it is demanded.
_MOST_WORDS: Final = 24
#: Above this number only the telling words of a query score, as those of a text do.
_MOST_SCORED: Final = 96
#: What follows in a longer text is not read; no page or document of use needs more.
_MOST_READ: Final = 3_000
_MOST_RESTORED: Final = 120
_TEXT_TERMS: Final = 48
_TEXT_PAIRS: Final = 40
#: A term in more than this share of the documents says nothing about a need.
_COMMON: Final = 0.4


class Statistics(Protocol):
    """What a plan asks of the index while it is made."""

    @property
    def documents(self) -> int: ...

    def frequency(self, stream: str, term: str) -> int:
        """Documents that have the term in this stream."""

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Told of frequencies asked for next; an engine far away fetches them all at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query ready to run; filters stay apart, so that a facet can be counted without its own.

    What finds too little is asked again wider (`wider`). A hit scores `TIER` more for each of the
    ``tiers`` that it answers; the first is that it holds all of the words. Without tiers all do.
    """

    node: Node
    filters: dict[str, Node] = field(default_factory=dict)
    understood: str = ""
    refused: tuple[Node, ...] = ()
    tiers: tuple[Node, ...] = ()
    further: "_Further | None" = None
    is_relaxed: bool = False
    #: How many hold all of the words, where that is known already.
    held: int | None = None
    is_translated: bool = False

    def wider(self, found: int) -> "Asked | None":
        """What to ask instead where this found so much; None where that will do."""
        step = self.further
        if step is None or found >= step.enough:
            return None
        return replace(
            self,
            node=step.node,
            tiers=step.tiers,
            further=step.further,
            is_relaxed=step.is_relaxed,
            held=0 if step.is_relaxed else None if self.tiers else found,
            is_translated=self.is_translated or step.is_translated,
        )

    def plan(self, without: str = "") -> Node:
        """What is to be found, unranked by tiers: for counting."""
        return Combined(every=(self.node, *self._filtered(without)), none=self.refused)

    def ranked(self) -> Node:
        return Combined((self.node, *self._filtered()), self.lifted(), self.refused)

    def lifted(self) -> tuple[Node, ...]:
        return tuple(Constant(tier, TIER) for tier in self.tiers)

    def whole(self) -> Node:
        """The hits that hold all of the words."""
        every = (self.node, silent(self.tiers[0]), *self._filtered())
        return Combined(every=every, none=self.refused)

    def parted(self, score: float) -> tuple[float, int]:
        """What a hit of ``ranked`` scores by itself, and its tier."""
        tier = min(len(self.tiers), int(score // TIER))
        return score - tier * TIER, tier

    def _filtered(self, without: str = "") -> tuple[Node, ...]:
        return tuple(silent(node) for name, node in self.filters.items() if name != without)


@dataclass(frozen=True, slots=True)
class _Further:
    """What is asked where fewer than ``enough`` were found."""

    node: Node
    enough: int = 1
    tiers: tuple[Node, ...] = ()
    further: "_Further | None" = None
    is_relaxed: bool = True
    is_translated: bool = False


@dataclass(frozen=True, slots=True)
class _Planned:
    """A branch by how much of it is demanded, from most to least. ``is_whole``: what is demanded
    strictly is all of it. ``translated``: what holds it in either language."""

    strict: Node
    near: Node
    loose: Node
    tiers: tuple[Node, ...]
    is_whole: bool = False
    translated: Node | None = None


class Planner:
    def __init__(self, statistics: Statistics) -> None:
        self.statistics = statistics
        #: Words typed, over all branches: no engine takes a query of any size.
        self.typed = 0
        #: Codes of the chosen field: they decide among the meanings of an abbreviation.
        self.fields: tuple[str, ...] = ()

    @property
    def documents(self) -> int:
        return max(1, self.statistics.documents)

    # What people type

    def words(self, query: Query) -> Asked:
        parsed = parse(query.text)
        self.typed = len(parsed.words.split())
        understood: list[str] = []
        self.fields = (*query.filters.get("field", ()), *parsed.filters.get("field", ()))
        branches = [self._branch(branch, understood) for branch in parsed.branches]
        filters = filters_of(query, parsed.kinds, parsed.filters, parsed.ranges)
        refused = left_out(query.narrowed)
        if query.without_kinds:
            refused += (OneOf(fields.KIND, query.without_kinds),)
        if not branches:
            return Asked(Everything(), filters, refused=refused)
        loose = any_of([branch.loose for branch in branches])
        in_others = [branch.translated or branch.near for branch in branches]
        said = " ".join(understood)
        if query.match == "any":
            return Asked(loose, filters, said, refused)
        strict = any_of([branch.strict for branch in branches])
        near = any_of([branch.near for branch in branches])
        tiers = _tiers(branches)
        further: _Further | None = _Further(loose) if loose != near else None
        # What may only stand behind has no place where dates make the order.
        by_date = query.sort != "relevance"
        if any(branch.translated for branch in branches):
            either = any_of([near, *in_others])
            enough = 1 if by_date else _ENOUGH
            further = _Further(either, enough, tiers, further, by_date, is_translated=True)
        if near != strict:
            further = _Further(near, 1 if by_date else _ENOUGH, tiers, further, by_date)
        is_whole = all(branch.is_whole for branch in branches)
        return Asked(strict, filters, said, refused, () if is_whole else tiers, further)

    def _branch(self, branch: Branch, understood: list[str]) -> _Planned:
        demanded = tuple(silent(self._phrase(phrase)) for phrase in branch.phrases)
        refused = tuple(self._phrase(phrase) for phrase in branch.excluded)
        scored = tuple(self._scoring(self._read(phrase)) for phrase in branch.phrases)
        read = self._read(branch.words)
        if not read.folded:
            whole = Combined(demanded or (Everything(),), scored, refused)
            tiers = (Combined(whole.every, (), refused),)
            return _Planned(whole, whole, whole, tiers, is_whole=True)
        if read.restored:
            understood.append(" ".join(read.exact))
        codes = tuple(sorted(typed_codes(branch.words)))
        scoring = self._scoring(read)
        if codes:
            scoring = any_of([scoring, Constant(OneOf(fields.CODE, codes), _CODE)])
        loose = Combined((*demanded, scoring), scored, refused)
        wanted = self._demand(read)
        if wanted is None:
            return _Planned(loose, loose, loose, ())

        translated = self._translated(read)

        def held(enough: Node) -> Node:
            return any_of([enough, OneOf(fields.CODE, codes)]) if codes else enough

        def answering(enough: Node, by: Node = scoring) -> Node:
            return Combined((*demanded, silent(held(enough))), (*scored, by), refused)

        in_either: Node | None = None
        if translated:
            either = demanding.enough(self._asked(read, as_forms(translated)))
            units = any_of([scoring, sum_of(units_of(translated, read.weights))])
            in_either = answering(either, units)

        return _Planned(
            answering(wanted.strict),
            answering(wanted.near),
            loose,
            tuple(Combined((*demanded, held(tier)), (), refused) for tier in wanted.tiers),
            wanted.is_whole,
            in_either,
        )

    def _translated(self, read: Read) -> list[Translation]:
        return translations(
            read.folded, exact=read.exact, language=_language_of(read), fields=self.fields
        )

    def _called(self, read: Read) -> dict[Key, float]:
        """What its words are also called, with its marks: a syllable without may be any of several."""
        found = synonyms(
            read.folded, exact=read.exact, language=_language_of(read), fields=self.fields
        )
        return units_of(found, read.weights)

    def _demand(self, read: Read) -> Demand | None:
        """What of the words a hit must hold; None for a text, of which it need hold nothing."""
        if len(set(telling(read.exact))) > _MOST_WORDS:
            return None
        return demanding.demand(self._asked(read), self.statistics)

    def _asked(self, read: Read, more: Sequence[Expansion] = ()) -> demanding.Asked:
        wanted = [self._demanded_term(read, place) for place in range(len(read.exact))]
        called = synonym_forms(
            read.folded, exact=read.exact, language=_language_of(read), fields=self.fields
        )
        others = [*self._expansions(read), *called, *more]
        return demanding.Asked(read.exact, read.folded, wanted, others)

    def _read(self, text: str) -> Read:
        language = detect_language(text)
        exact = exact_terms(text, language)[:_MOST_READ]
        folded = fold_terms(exact)
        if language == "en":
            return Read(folded, folded, ENGLISH)
        if any(not term.isascii() for term in exact):
            return Read(exact, folded, MARKED)
        if len(folded) > _MOST_RESTORED:
            return Read(folded, folded, UNMARKED)
        self.statistics.prefetch(self._spelled(folded))
        restored = restore_marks(folded, self._exact_frequency, self.documents)
        return Read(restored, folded, UNMARKED, restored != folded)

    def _spelled(self, folded: Sequence[str]) -> Iterator[Key]:
        """What restoring marks asks for: each way to spell a word, then those known in pairs."""
        words = [spelling for term in dict.fromkeys(folded) for spelling in spellings(term)]
        self.statistics.prefetch((fields.EXACT, word) for word in words)
        known = [known_spellings(term, self._exact_frequency) for term in folded]
        for before, after in zip(known, known[1:], strict=False):
            for left, left_count in before:
                for right, right_count in after:
                    if left_count and right_count:
                        yield fields.EXACT_PAIRS, f"{left}{PAIR}{right}"

    def _exact_frequency(self, term: str) -> int:
        stream = fields.EXACT_PAIRS if PAIR in term else fields.EXACT
        return self.statistics.frequency(stream, term)

    def _expansions(self, read: Read) -> list[Expansion]:
        return expansions(read.folded, exact=read.exact, fields=self.fields)

    def _demanded_term(self, read: Read, place: int) -> Term:
        """A word typed with marks is wanted with them; if nothing has it, the query is relaxed."""
        if read.marked and not read.exact[place].isascii():
            return Term(fields.EXACT, read.exact[place])
        return Term(fields.FOLDED, read.folded[place])

    def _phrase(self, phrase: str) -> Node:
        """Neighbours all through; in this index a phrase is the pairs it consists of."""
        exact = exact_terms(phrase)
        if not exact:
            return Nothing()
        return all_of([matching(term) for term in (pairs(exact) or exact)])

    def _scoring(self, read: Read) -> Node:
        long = max(self.typed, len(read.folded)) > _MOST_SCORED
        share = min(1.0, len(read.folded) / max(1, self.typed))
        weights = self._most_telling(read, share) if long else weighted(read)
        titles = {
            (_TITLES[stream], term): weight * _TITLE for (stream, term), weight in weights.items()
        }
        weights |= titles
        if not long:
            for one in self._expansions(read):
                for stream, term, share in expanded(one, read.weights):
                    weights[(stream, term)] = max(weights.get((stream, term), 0.0), share)
            for key, share in self._called(read).items():
                weights[key] = max(weights.get(key, 0.0), share)
        return sum_of(weights)

    # Whole texts

    def text(self, query: TextQuery) -> Node:
        weights = self._most_telling(self._read(query.text), rarity=query.rarity)
        for phrase, boost in query.boosts:
            for key, weight in weighted(self._read(phrase)).items():
                weights[key] = weights.get(key, 0.0) + weight * boost
        for term, weight in query.terms:
            key = (fields.stream_of(term), term)
            weights[key] = weights.get(key, 0.0) + weight
        scoring = sum_of(weights) if weights else Nothing()
        filters = facets_of("", query.filters)
        if query.kinds:
            filters[KIND_FACET] = OneOf(fields.KIND, query.kinds)
        refused = left_out(query.narrowed)
        if not (filters or refused):
            return scoring
        return Combined(every=(scoring, *map(silent, filters.values())), none=refused)

    def _most_telling(
        self, read: Read, share: float = 1.0, rarity: float = 0.0
    ) -> dict[Key, float]:
        """The terms that tell this text from others, by frequency here and rarity in the index.

        A part of a longer text has its ``share`` of their number.
        """
        weights = weighted(read, damped=True)
        others = [
            (stream, term, share)
            for one in self._expansions(read)
            for stream, term, share in expanded(one, read.weights)
        ]
        others += ((*key, share) for key, share in self._called(read).items())
        self.statistics.prefetch((*weights, *((stream, term) for stream, term, _ in others)))
        valued: dict[bool, list[tuple[float, Key]]] = {False: [], True: []}
        for (stream, term), weight in weights.items():
            frequency = self.statistics.frequency(stream, term)
            if frequency and frequency <= max(1, _COMMON * self.documents):
                value = weight * self._rarity((stream, term))
                valued[PAIR in term].append((value, (stream, term)))
        kept = sorted(valued[False], reverse=True)[: math.ceil(_TEXT_TERMS * share)]
        kept += sorted(valued[True], reverse=True)[: math.ceil(_TEXT_PAIRS * share)]
        chosen = {key: weights[key] for _, key in kept}
        if rarity and chosen:
            told = {key: self._rarity(key) for key in chosen}
            most = max(told.values())
            chosen = {key: weight * (told[key] / most) ** rarity for key, weight in chosen.items()}
        for stream, term, share in others:
            if self.statistics.frequency(stream, term):
                chosen.setdefault((stream, term), share)
        return chosen

    def _rarity(self, key: Key) -> float:
        return math.log(1 + self.documents / max(1, self.statistics.frequency(*key)))


def _language_of(read: Read) -> Language:
    return "en" if read.weights is ENGLISH else "vi"


_TITLES: Final = {
    fields.EXACT: fields.TITLE_EXACT,
    fields.EXACT_PAIRS: fields.TITLE_EXACT,
    fields.FOLDED: fields.TITLE,
    fields.FOLDED_PAIRS: fields.TITLE,
}


def _tiers(branches: Sequence[_Planned]) -> tuple[Node, ...]:
    """Of several branches a hit need answer one; where one of them is not parted, none is."""
    if any(not branch.tiers for branch in branches):
        return ()
    most = max(len(branch.tiers) for branch in branches)
    return tuple(
        any_of([branch.tiers[min(step, len(branch.tiers) - 1)] for branch in branches])
        for step in range(most)
    )
