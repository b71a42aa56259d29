"""One family of near-identical records or one organisation does not fill a list: what says the same
is folded behind the best of it, and counted."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

from marketplace.matching.scoring.data import CandidateText, Scored, Similar
from marketplace.matching.scoring.lexical import read_candidate_text
from search.analysis import fold

#: Two texts that share so much of their distinct terms say the same; under one title less is enough.
_SAME: Final = 0.8
_SAME_UNDER_ONE_TITLE: Final = 0.5
#: Of products of floats: a term too many is compared rather than one too few.
_ROUNDING: Final = 1e-9
#: What a reader sees of one organisation before the others have had their turn.
MOST_OF_ONE_OWNER: Final = 3
#: Of one family so many are read in full: they may differ in field, place or a figure.
_READ: Final = 3


@dataclass(frozen=True, slots=True)
class Family:
    """Candidates that say the same, best first."""

    members: tuple[CandidateText, ...]

    @property
    def read(self) -> tuple[CandidateText, ...]:
        return self.members[:_READ]

    @property
    def unread(self) -> tuple[CandidateText, ...]:
        return self.members[_READ:]


@dataclass(slots=True)
class _Growing:
    kind: str
    title: str
    terms: frozenset[str]
    members: list[CandidateText]


def find_families(candidates: Sequence[CandidateText], many: int) -> list[Family]:
    """The first `many` families in the order of their first; who belongs to none of them is left out.

    Not every pair is compared: sets that share so much share one of their rarest terms (prefix filter,
    Chaudhuri, Ganti and Kaushik 2006), or, where less is enough, the title.
    """
    texts = [frozenset(read_candidate_text(one.title, one.text).terms) for one in candidates]
    common = Counter(chain.from_iterable(texts))
    order = {term: place for place, term in enumerate(sorted(common, key=common.__getitem__))}
    found: list[_Growing] = []
    holding: dict[str, list[int]] = defaultdict(list)
    titled: dict[str, list[int]] = defaultdict(list)
    for candidate, terms in zip(candidates, texts, strict=True):
        title, rarest = fold(candidate.title).strip(), _rarest(terms, order)
        near = {place for term in rarest for place in holding.get(term, ())}
        near.update(titled[title] if title else ())
        home = next(
            (found[i] for i in sorted(near) if _same(candidate, title, terms, found[i])), None
        )
        if home is not None:
            home.members.append(candidate)
            continue
        if len(found) == many:
            continue  # a later family: nobody of it stands before the first ones
        for term in rarest:
            holding[term].append(len(found))
        titled[title].append(len(found))
        found.append(_Growing(candidate.kind, title, terms, [candidate]))
    return [Family(tuple(family.members)) for family in found]


def _rarest(terms: frozenset[str], order: Mapping[str, int]) -> list[str]:
    """So many that a set which shares `_SAME` of the terms cannot miss them all."""
    many = len(terms) - math.ceil(_SAME * len(terms) - _ROUNDING) + 1
    return sorted(terms, key=order.__getitem__)[:many]


def _same(candidate: CandidateText, title: str, terms: frozenset[str], family: _Growing) -> bool:
    share = _SAME_UNDER_ONE_TITLE if title and title == family.title else _SAME
    return family.kind == candidate.kind and _alike(terms, family.terms, share)


def _alike(one: frozenset[str], other: frozenset[str], share: float) -> bool:
    """Jaccard's share of common terms; sizes that differ too much need no look at the terms."""
    small, large = sorted((len(one), len(other)))
    if not large or small < share * large:
        return False
    common = len(one & other)
    return common >= share * (small + large - common)


def fold_families(scored: Sequence[Scored], families: Sequence[Family]) -> list[Scored]:
    """Of each family the best; one that does otherwise in a required figure stands for itself."""
    family_of = {one.id: place for place, family in enumerate(families) for one in family.read}
    leaders: dict[tuple[int, tuple[str, ...]], int] = {}
    headed: set[int] = set()
    shown: list[Scored] = []
    for item in scored:
        place = family_of.get(item.candidate.id)
        if place is None:
            shown.append(item)
            continue
        key = place, tuple(row.fit for row in item.specifications)
        if key in leaders:
            leader = shown[leaders[key]]
            more = (_similar(item.candidate, "text"),)
            shown[leaders[key]] = replace(leader, similar=(*leader.similar, *more))
            continue
        leaders[key] = len(shown)
        if place not in headed:
            headed.add(place)
            unread = tuple(_similar(one, "text") for one in families[place].unread)
            item = replace(item, similar=(*item.similar, *unread))
        shown.append(item)
    return shown


def fold_owners(scored: Sequence[Scored]) -> list[Scored]:
    """Of one organisation the best few; the others stand behind its first one."""
    shown: list[Scored] = []
    count: dict[str, int] = {}
    folded: dict[str, list[Similar]] = {}
    for item in scored:
        owner = item.candidate.organization
        if owner and count.get(owner, 0) >= MOST_OF_ONE_OWNER:
            folded.setdefault(owner, []).append(_similar(item.candidate, "organization"))
            folded[owner].extend(item.similar)
            continue
        count[owner] = count.get(owner, 0) + 1
        shown.append(item)
    for place, item in enumerate(shown):
        more = folded.pop(item.candidate.organization, None)
        if more:
            shown[place] = replace(item, similar=(*item.similar, *more))
    return shown


def _similar(candidate: CandidateText, because: Literal["text", "organization"]) -> Similar:
    return Similar(candidate.kind, candidate.key, candidate.title, because)
