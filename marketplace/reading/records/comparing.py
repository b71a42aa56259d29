"""Two records side by side: what agrees, what differs, what cannot be known."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from marketplace.reading.records.facts import Identifier, Prepared
from marketplace.reading.records.people import overlap, same_person
from marketplace.reading.records.titles import Title, TitleMatch, match_titles

#: Two spellings of one organisation's normal form.
_LIKE_ORGANIZATION = 88
_LIKE_SCOPE = 90


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every measure of two records. None: one of them says nothing about it."""

    left: Prepared
    right: Prepared
    #: The best of title and English title on both sides; None where no two are in one language.
    title: TitleMatch | None
    numbers_differ: tuple[str, ...]
    numbers_missing: tuple[str, ...]
    series_differ: tuple[str, ...]
    series_missing: tuple[str, ...]
    places_differ: tuple[str, ...]
    places_missing: tuple[str, ...]
    years_differ: tuple[str, ...]
    same_identifiers: tuple[Identifier, ...]
    other_identifiers: tuple[tuple[Identifier, Identifier], ...]
    abstract: float | None
    keywords: float | None
    lead: float | None
    people: float | None
    organization: float | None
    agency: float | None
    year: int | None
    dates: bool | None
    funding: bool | None
    one_source: bool


def compare_records(left: Prepared, right: Prepared) -> Comparison:
    title = _titles(left, right)
    same, other = _identifiers(left, right)
    a, b = left.facts, right.facts
    return Comparison(
        left=left,
        right=right,
        title=title,
        numbers_differ=_differ(left.title.numbers, right.title.numbers),
        numbers_missing=_missing(left.title.numbers, right.title.numbers),
        series_differ=_series_differ(left, right),
        series_missing=_series_missing(left, right),
        places_differ=_differ(left.title.places, right.title.places),
        places_missing=_missing(left.title.places, right.title.places),
        years_differ=_differ(left.title.years, right.title.years),
        same_identifiers=same,
        other_identifiers=other,
        abstract=_abstracts(left, right),
        keywords=_share(left.keywords, right.keywords),
        lead=_lead(left, right),
        people=overlap(left.people, right.people),
        organization=_organizations(left.organizations, right.organizations),
        agency=fuzz.token_sort_ratio(left.agency, right.agency) / 100
        if left.agency and right.agency
        else None,
        year=abs(a.year - b.year) if a.year and b.year else None,
        dates=_dates(left, right),
        funding=_funding(a.funding, b.funding),
        one_source=bool(a.source) and a.source == b.source,
    )


def _titles(left: Prepared, right: Prepared) -> TitleMatch | None:
    tried: list[tuple[Title, Title, bool]] = [
        (left.title, right.title, False),
        (left.title_en, right.title_en, True),
        (left.title, right.title_en, True),
        (left.title_en, right.title, True),
    ]
    best: TitleMatch | None = None
    for one, other, is_translation in tried:
        if not one or not other or (is_translation and one.language != other.language):
            continue
        found = match_titles(one, other)
        if one.language != other.language and found.same < 0.6:
            continue  # of two languages: that they differ says nothing
        if best is None or (found.same, found.ratio) > (best.same + 0.02, 0):
            best = found if not is_translation else _as_translation(found)
    return best


def _as_translation(found: TitleMatch) -> TitleMatch:
    return TitleMatch(
        ratio=found.ratio,
        same=found.same,
        left_only=found.left_only,
        right_only=found.right_only,
        left_words=found.left_words,
        right_words=found.right_words,
        other_marks=found.other_marks,
        is_beginning=found.is_beginning,
        is_translation=True,
    )


def _differ(left: frozenset[str], right: frozenset[str]) -> tuple[str, ...]:
    """What each has that the other lacks, where both have something of its own."""
    ours, theirs = left - right, right - left
    return (*sorted(ours), *sorted(theirs)) if ours and theirs else ()


def _missing(left: frozenset[str], right: frozenset[str]) -> tuple[str, ...]:
    ours, theirs = left - right, right - left
    return () if ours and theirs else (*sorted(ours), *sorted(theirs))


def _all_series(side: Prepared) -> dict[str, str]:
    found = {**side.title_en.series, **side.title.series}
    return found | {"phase": side.phase} if side.phase else found


def _series_differ(left: Prepared, right: Prepared) -> tuple[str, ...]:
    ours, theirs = _all_series(left), _all_series(right)
    return tuple(kind for kind in sorted(ours) if theirs.get(kind, ours[kind]) != ours[kind])


def _series_missing(left: Prepared, right: Prepared) -> tuple[str, ...]:
    return tuple(sorted(_all_series(left).keys() ^ _all_series(right).keys()))


def _identifiers(
    left: Prepared, right: Prepared
) -> tuple[tuple[Identifier, ...], tuple[tuple[Identifier, Identifier], ...]]:
    same: list[Identifier] = []
    other: list[tuple[Identifier, Identifier]] = []
    for kind in sorted({one.kind for one in left.facts.identifiers}):
        ours = [one for one in left.facts.identifiers if one.kind == kind]
        theirs = [one for one in right.facts.identifiers if one.kind == kind]
        pairs = [(one, two) for one in ours for two in theirs if _one_register(one, two)]
        equal = [one for one, two in pairs if one.key == two.key]
        if equal:
            same += equal[:1]
        elif pairs:
            other.append(pairs[0])
    return tuple(same), tuple(other)


def _one_register(one: Identifier, other: Identifier) -> bool:
    if not one.scope and not other.scope:
        return True
    if not one.scope_key or not other.scope_key:
        return False
    return fuzz.token_sort_ratio(one.scope_key, other.scope_key) >= _LIKE_SCOPE


def _abstracts(left: Prepared, right: Prepared) -> float | None:
    """How much of the shorter abstract stands in the other, in runs of three words."""
    if not left.shingles or not right.shingles:
        return None
    if left.abstract_language != right.abstract_language:
        return None
    common = len(left.shingles & right.shingles)
    return common / min(len(left.shingles), len(right.shingles))


def _share(left: frozenset[str], right: frozenset[str]) -> float | None:
    return len(left & right) / min(len(left), len(right)) if left and right else None


def _lead(left: Prepared, right: Prepared) -> float | None:
    if left.lead is not None and right.lead is not None:
        return same_person(left.lead, right.lead)
    lead, others = (left.lead, right.people) if left.lead else (right.lead, left.people)
    if lead is None or not others:
        return None
    return max(same_person(lead, other) for other in others)


def _organizations(left: frozenset[str], right: frozenset[str]) -> float | None:
    if not left or not right:
        return None
    if left & right:
        return 1.0
    best = max(fuzz.token_sort_ratio(one, other) for one in left for other in right)
    return best / 100 if best >= _LIKE_ORGANIZATION else 0.0


def _funding(left: int | None, right: int | None) -> bool | None:
    """Whether two sums are one, rounded or not."""
    if not left or not right:
        return None
    return abs(left - right) <= 0.05 * max(left, right)


def _dates(left: Prepared, right: Prepared) -> bool | None:
    """Whether beginning and end agree, to the month where one of them knows no day."""
    known = [
        (one, other)
        for one, other in (
            (left.facts.started_on, right.facts.started_on),
            (left.facts.ended_on, right.facts.ended_on),
        )
        if one and other
    ]
    if not known:
        return None
    return all(one.startswith(other) or other.startswith(one) for one, other in known)
