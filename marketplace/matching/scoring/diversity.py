"""One family of near-identical records or one organisation does not fill a list: what says the same
is folded behind the best of it, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from marketplace.matching.scoring.data import CandidateText, Scored, Similar
from search.analysis import fold

#: Two texts that share so much of their distinct terms say the same; under one title less is enough.
_SAME: Final = 0.8
_SAME_UNDER_ONE_TITLE: Final = 0.5
#: Bytes of a print: some times as many as most texts have distinct terms.
_PRINT: Final = 1_024
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


@dataclass(frozen=True, slots=True)
class _Said:
    """A text by its distinct terms, and by which bytes of a long number they fall on."""

    kind: str
    title: str
    terms: frozenset[str]
    print: int
    size: int


def find_families(candidates: Sequence[CandidateText], many: int) -> list[Family]:
    """The first `many` families in the order of their first; who belongs to none of them is left out."""
    found: list[tuple[_Said, list[CandidateText]]] = []
    for candidate in candidates:
        said = _said(candidate)
        home = next((members for first, members in found if _same(said, first)), None)
        if home is not None:
            home.append(candidate)
        elif len(found) < many:  # of a later family nobody stands before the first ones
            found.append((said, [candidate]))
    return [Family(tuple(members)) for _, members in found]


def _said(candidate: CandidateText) -> _Said:
    terms = frozenset(candidate.read().terms)
    marks = bytearray(_PRINT)
    for code in map(hash, terms):
        marks[code % _PRINT] = 1
    title = fold(candidate.title).strip()
    return _Said(candidate.kind, title, terms, int.from_bytes(marks), len(terms))


def _same(said: _Said, first: _Said) -> bool:
    """Do they share so much of their distinct terms (Jaccard)?

    Most pairs are told apart without a look at the terms: by their number, and by their prints, where each
    byte that only one of them has is a term at least that the other lacks.
    """
    if first.kind != said.kind:
        return False
    least = _SAME_UNDER_ONE_TITLE if said.title and said.title == first.title else _SAME
    small, large = (said, first) if said.size < first.size else (first, said)
    if not large.size or small.size < least * large.size:
        return False
    both = small.size + large.size
    most = small.size - (small.print & ~large.print).bit_count()
    if most < least * (both - most):
        return False
    common = len(small.terms & large.terms)
    return common >= least * (both - common)


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
    """Of one organisation the best few; what else of it is good stands behind its first one."""
    shown: list[Scored] = []
    count: dict[str, int] = {}
    folded: dict[str, list[Similar]] = {}
    for item in scored:
        owner = item.candidate.organization
        if owner and count.get(owner, 0) >= MOST_OF_ONE_OWNER:
            if item.band != "weak":
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
