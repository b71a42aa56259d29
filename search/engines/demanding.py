"""How many of its words a query demands of a hit, and what stands before what. One rule, all engines.

A hit of a few words may lack those that only name a sort of thing ("máy" beside "thiết bị"), or one of
three or more; it then stands behind those that have all. Words are counted, not syllables: neighbours
that the index mostly knows together ("nước thải") are one. Numbers are never given up.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from search.analysis import PAIR, is_syllable
from search.analysis.abbreviations import Expansion, joined
from search.analysis.grammar import compounds, telling
from search.engines import fields
from search.engines.plan import Combined, Node, Term, all_of, any_of

#: Up to so many terms a hit may lack one, and who has all of them stands first. Of more a share
#: suffices, and their order is the ranking's: to hold the wrapping of a question is no merit.
_FEW: Final = 4
#: Neighbours are one word where they stand together in this share of the documents of the rarer one,
#: and in at least so many.
_TOGETHER: Final = 0.5
_LEAST_TOGETHER: Final = 5
#: A word in more than this share of the documents is no answer by itself, unless they are a handful.
_COMMON: Final = 0.1
_HANDFUL: Final = 20

Key = tuple[str, str]


class Counts(Protocol):
    @property
    def documents(self) -> int: ...

    def frequency(self, stream: str, term: str) -> int: ...

    def prefetch(self, keys: Iterable[Key]) -> None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms of a query: ``wanted`` are the same as their streams hold them."""

    exact: Sequence[str]
    folded: Sequence[str]
    wanted: Sequence[Term]
    others: Sequence[Expansion]


@dataclass(frozen=True, slots=True)
class Demand:
    """``strict`` is what a hit must hold; ``near`` what may follow behind where few do.

    ``tiers`` part them: each one that a hit answers lifts it above those that do not; the first is
    that it holds all of the words. Without tiers, nothing is to be parted.
    """

    strict: Node
    near: Node
    tiers: tuple[Node, ...] = ()
    #: All of the words are demanded strictly.
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of one or more terms: what a hit holds that has it."""

    node: Node
    keys: tuple[Key, ...]
    is_weak: bool
    is_number: bool


def demand(asked: Asked, statistics: Counts) -> Demand:
    units = _units(asked)
    nodes = list(units.values())
    enough: Node = Combined(some=tuple(nodes), at_least=demanded_of(len(nodes)))
    if not 1 < len(units) <= _FEW:
        return Demand(enough, enough, (enough,) if len(units) == 1 else (), len(units) == 1)
    words = _words(asked, units, statistics)
    numbers = [word.node for word in words if word.is_number]
    weak = [word for word in words if word.is_weak]
    strong = [word for word in words if not word.is_weak and not word.is_number]
    whole = all_of(nodes)
    tiers: tuple[Node, ...] = (whole,)
    if weak and strong:
        tiers = (whole, all_of([*numbers, *(word.node for word in strong)]))
    strict = all_of([*numbers, enough])
    ways: list[Node] = []
    if weak and _tell(strong, statistics):
        ways.append(all_of([word.node for word in strong]))
    counted = [word.node for word in (strong + weak)]
    if len(counted) > 2 and (len(strong) > 1 or not strong):
        ways.append(Combined(some=tuple(counted), at_least=len(counted) - 1))
    near = any_of([strict, *(all_of([*numbers, way]) for way in ways)])
    return Demand(strict, near, tiers, demanded_of(len(nodes)) == len(nodes))


def enough(asked: Asked) -> Node:
    """What a hit must hold at least, in any of the forms, without looking into the index."""
    units = _units(asked)
    numbers = [node for place, node in units.items() if any(map(str.isdigit, asked.exact[place]))]
    some = Combined(some=tuple(units.values()), at_least=demanded_of(len(units)))
    return all_of([*numbers, some])


def demanded_of(units: int) -> int:
    """How many of so many words a hit must hold: few words are a wish, many are a question."""
    if units <= _FEW:
        return min(units, 3)
    return max(2, math.ceil(units * 0.2))


def _units(asked: Asked) -> dict[int, Node]:
    """What a hit should hold, a term each; another form of a phrase stands for all its terms.

    So knowing another form finds more and never less: the terms count one by one as before.
    """
    phrases = _by_span([one for one in asked.others if one.end - one.start > 1])
    standing: dict[int, list[Node]] = {}
    for one in asked.others:
        if one.end - one.start == 1 or (one.start, one.end) in phrases:
            for place in range(one.start, one.end):
                standing.setdefault(place, []).append(_other(one))
    keep = set(telling(asked.exact))
    taken: set[str] = set()
    units: dict[int, Node] = {}
    for place, term in enumerate(asked.exact):
        if term in keep and term not in taken:
            taken.add(term)
            units[place] = any_of([asked.wanted[place], *standing.get(place, ())])
    return units


def _words(asked: Asked, units: dict[int, Node], statistics: Counts) -> list[_Word]:
    """The units as words, in order."""
    spans = _spans(asked, units, statistics)
    words: list[_Word] = []
    for places, is_weak in spans:
        held = [place for place in places if place in units]
        if not held:
            continue
        keys = tuple((one.field, str(one.value)) for one in (asked.wanted[at] for at in held))
        is_number = len(held) == 1 and any(char.isdigit() for char in asked.exact[held[0]])
        node = all_of([units[place] for place in held])
        if len(held) > 1 and len(held) == len(places):
            pairs = [_pair(asked, place) for place in held[:-1]]
            keys = tuple((one.field, str(one.value)) for one in pairs)
            forms = [
                _other(one) for one in asked.others if one.start <= held[0] and held[-1] < one.end
            ]
            node = any_of([all_of(list(pairs)), *forms])
        words.append(_Word(node, keys, is_weak, is_number))
    return words


def _spans(
    asked: Asked, units: dict[int, Node], statistics: Counts
) -> list[tuple[list[int], bool]]:
    """Places of each word in order, and whether it only names a sort of thing."""
    known = compounds(asked.exact)
    spans = [(list(range(one.start, one.end)), one.is_generic) for one in known]
    in_known = {place for places, _ in spans for place in places}
    free = [place for place in units if place not in in_known]
    beside = [place for place in free if place + 1 in units and place + 1 not in in_known]
    if beside:  # a server is asked only where neighbours may be one word
        either = sorted({at for place in beside for at in (place, place + 1)})
        statistics.prefetch(
            [
                *((one.field, str(one.value)) for one in (_pair(asked, at) for at in beside)),
                *((asked.wanted[at].field, str(asked.wanted[at].value)) for at in either),
            ]
        )
    for place in free:
        if spans and place - 1 in free and _is_one_word(asked, place - 1, statistics):
            next(places for places, _ in spans if place - 1 in places).append(place)
        else:
            spans.append(([place], False))
    return sorted(spans, key=lambda span: span[0])


def _is_one_word(asked: Asked, place: int, statistics: Counts) -> bool:
    """Does the term stand with the next one wherever the rarer of them stands?"""
    left, right, pair = asked.wanted[place], asked.wanted[place + 1], _pair(asked, place)
    if any(char.isdigit() for term in asked.exact[place : place + 2] for char in term):
        return False
    together = statistics.frequency(pair.field, str(pair.value))
    rarer = min(statistics.frequency(one.field, str(one.value)) for one in (left, right))
    return together >= max(_LEAST_TOGETHER, _TOGETHER * rarer)


def _pair(asked: Asked, place: int) -> Term:
    """The neighbours from this place on, with their marks where both are wanted with them."""
    exact = asked.exact[place : place + 2]
    wanted = asked.wanted[place : place + 2]
    if any(one.field == fields.EXACT for one in wanted) and all(
        not term.isascii() or is_syllable(term) for term in exact
    ):
        return Term(fields.EXACT_PAIRS, PAIR.join(exact))
    return Term(fields.FOLDED_PAIRS, PAIR.join(asked.folded[place : place + 2]))


def _tell(words: Sequence[_Word], statistics: Counts) -> bool:
    """Are these words by themselves an answer? Two are; one, if it is not in every tenth document."""
    if len(words) != 1:
        return bool(words)
    statistics.prefetch(words[0].keys)  # and with it, from a server, the number of documents
    most = max(_HANDFUL, _COMMON * statistics.documents)
    return min(statistics.frequency(*key) for key in words[0].keys) <= most


def _other(one: Expansion) -> Node:
    """Another form as a hit may hold it: its word, or its neighbours all through."""
    if len(one.terms) == 1:
        (term,) = one.exact_terms
        if one.kind != "abbreviation" and not term.isascii():
            # Without its marks a single syllable may be any of several words.
            return Term(fields.EXACT, term)
        return Term(fields.FOLDED, one.terms[0])
    if one.kind == "synonym":
        # "ổ lăn" without its marks is "ở lần" too.
        return all_of([Term(fields.stream_of(pair), pair) for pair in joined(one.exact_terms)])
    return all_of([Term(fields.FOLDED_PAIRS, pair) for pair in joined(one.terms)])


def _by_span(spans: Sequence[Expansion]) -> dict[tuple[int, int], list[Expansion]]:
    """Forms by what they stand for; of spans that overlap the longest counts."""
    chosen: dict[tuple[int, int], list[Expansion]] = {}
    for one in sorted(spans, key=lambda one: one.start - one.end):
        span = (one.start, one.end)
        if span in chosen or all(span[1] <= s or span[0] >= e for s, e in chosen):
            chosen.setdefault(span, []).append(one)
    return chosen
