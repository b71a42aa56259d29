"""Two records side by side: what agrees, what differs, what cannot be known."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from marketplace.reading.records.facts import Identifier, Prepared
from marketplace.reading.records.people import overlap, same_person
from marketplace.reading.records.titles import Title, TitleMatch, match_titles
from search.analysis import fold, has_diacritics

#: Two spellings of one organisation's normal form.
_LIKE_ORGANIZATION = 88
_LIKE_SCOPE = 90
#: Below this share of common runs two abstracts are not read word by word.
_WORTH_READING: Final = 0.15
#: Fewer figures tell nothing.
_ENOUGH_FIGURES: Final = 3


class Sums(StrEnum):
    """How two sums of money stand to one another."""

    EXACT = "exact"
    ROUNDED = "rounded"
    NEAR = "near"
    OTHER = "other"


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
    years_missing: tuple[str, ...]
    same_identifiers: tuple[Identifier, ...]
    other_identifiers: tuple[tuple[Identifier, Identifier], ...]
    abstract: float | None
    #: How much of the shorter abstract stands, word by word and in its order, at the beginning of the
    #: other; 0 where not even runs of words are shared.
    text: float | None
    #: The share of the figures of the shorter abstract that the other has too.
    figures: float | None
    #: Words that stand against one another in the titles and in the abstracts as well.
    confirmed: tuple[tuple[str, str], ...]
    #: Words a letter apart of which no text says that one is a slip for the other.
    doubtful: tuple[tuple[str, str], ...]
    keywords: float | None
    lead: float | None
    people: float | None
    organization: float | None
    agency: float | None
    year: int | None
    dates: bool | None
    funding: Sums | None
    one_source: bool


def compare_records(left: Prepared, right: Prepared) -> Comparison:
    title = _titles(left, right)
    same, other = _identifiers(left, right)
    a, b = left.facts, right.facts
    abstract = _abstracts(left, right)
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
        years_missing=_missing(left.title.years, right.title.years),
        same_identifiers=same,
        other_identifiers=other,
        abstract=abstract,
        text=_text(left, right, abstract),
        figures=_figures(left, right),
        confirmed=_confirmed(left, right, title),
        doubtful=_doubtful(left, right, title),
        keywords=_share(left.keywords, right.keywords),
        lead=_lead(left, right),
        people=overlap(left.people, right.people),
        organization=_organizations(left, right),
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
            best = found if not is_translation else replace(found, is_translation=True)
    return best


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


def _text(left: Prepared, right: Prepared, shared_runs: float | None) -> float | None:
    if shared_runs is None:
        return None
    if shared_runs < _WORTH_READING:
        return 0.0
    short, long = sorted((left.words, right.words), key=len)
    # A text with a word more or fewer here and there is as long as the other within some words.
    beginning = long[: len(short) + len(short) // 20 + 3]
    return LCSseq.similarity(short, beginning) / len(short)


def _figures(left: Prepared, right: Prepared) -> float | None:
    fewer = min(left.figures.total(), right.figures.total())
    if fewer < _ENOUGH_FIGURES:
        return None
    return (left.figures & right.figures).total() / fewer


def _confirmed(
    left: Prepared, right: Prepared, title: TitleMatch | None
) -> tuple[tuple[str, str], ...]:
    """An exchanged word that its own abstract uses and the other does not is no slip."""
    if title is None or not left.words or not right.words:
        return ()
    pairs = [*title.doubtful, *zip(title.left_words, title.right_words, strict=False)]
    return tuple(
        (one, other)
        for one, other in pairs
        if one in left.vocabulary
        and one not in right.vocabulary
        and other in right.vocabulary
        and other not in left.vocabulary
    )


def _doubtful(
    left: Prepared, right: Prepared, title: TitleMatch | None
) -> tuple[tuple[str, str], ...]:
    """A title's word is a slip where the record's own text knows only the word of the other title."""
    if title is None:
        return ()
    return tuple(
        (one, other)
        for one, other in title.doubtful
        if not (other in left.vocabulary and one not in left.vocabulary)
        and not (one in right.vocabulary and other not in right.vocabulary)
    )


def _share(left: frozenset[str], right: frozenset[str]) -> float | None:
    return len(left & right) / min(len(left), len(right)) if left and right else None


def _lead(left: Prepared, right: Prepared) -> float | None:
    if left.lead is not None and right.lead is not None:
        return same_person(left.lead, right.lead)
    lead, others = (left.lead, right.people) if left.lead else (right.lead, left.people)
    if lead is None or not others:
        return None
    return max(same_person(lead, other) for other in others)


def _organizations(left: Prepared, right: Prepared) -> float | None:
    ours, theirs = left.organizations, right.organizations
    if not ours or not theirs:
        return None
    if ours & theirs:
        return 1.0
    return max(_like_names(one, other) for one in ours for other in theirs)


def _like_names(one: str, other: str) -> float:
    """Marks count where both names have them: without, "Tân Phú" and "Tấn Phú" are one spelling."""
    if not (has_diacritics(one) and has_diacritics(other)):
        one, other = fold(one), fold(other)
    like = fuzz.token_sort_ratio(one, other)
    return like / 100 if like >= _LIKE_ORGANIZATION else 0.0


def _funding(left: int | None, right: int | None) -> Sums | None:
    """Whether two sums are one: to the last digit, one of them rounded, or nearly."""
    if not left or not right:
        return None
    if left == right:
        return Sums.EXACT if len(str(left).rstrip("0")) >= 3 else Sums.ROUNDED
    for whole, round_sum in ((left, right), (right, left)):
        digits = str(round_sum).rstrip("0")
        unit = 10 ** (len(str(round_sum)) - len(digits))
        if len(digits) <= 2 and abs(whole - round_sum) <= unit / 2:
            return Sums.ROUNDED
    return Sums.NEAR if abs(left - right) <= 0.05 * max(left, right) else Sums.OTHER


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
