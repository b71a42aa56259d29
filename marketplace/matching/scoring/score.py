"""The score: every candidate by its words, the best ones by everything, each with its proof."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from marketplace.matching.scoring.calibration import (
    band_of,
    calibration_of,
    falling,
    probability,
    signals,
    standing,
)
from marketplace.matching.scoring.conditions import Conditions, broken_condition, read_conditions
from marketplace.matching.scoring.data import (
    Band,
    CandidateText,
    ElementFit,
    LeftOut,
    MatchList,
    NeedText,
    Reason,
    Scored,
    SpecificationFit,
)
from marketplace.matching.scoring.diversity import (
    Family,
    find_families,
    fold_families,
    fold_owners,
)
from marketplace.matching.scoring.elements import (
    fit_elements,
    names_product,
    wanted_elements,
)
from marketplace.matching.scoring.exclusions import (
    ExclusionFit,
    check_exclusions,
    only_excluded,
    without_denied,
)
from marketplace.matching.scoring.facts import fact_parts, fact_reasons
from marketplace.matching.scoring.lexical import (
    LexicalFit,
    LexicalQuery,
    company,
    fit_words,
    weigh,
    without_terms,
)
from marketplace.matching.scoring.need import ReadNeed, read_need
from marketplace.matching.scoring.parts import (
    effects_missed,
    elements_share,
    exclusion_part,
    fails_figures,
    figures_balance,
    specifications_part,
)
from marketplace.matching.scoring.proof import (
    Likest,
    Proof,
    find_proof,
    read_candidate,
    with_nearest_sentences,
)
from marketplace.matching.scoring.scale import scale_reason
from marketplace.matching.scoring.specifications import compare_all, figure_reasons
from marketplace.matching.scoring.weights import DEFAULT_WEIGHTS, Weights
from search.queries import TermStatistics
from search.ranking.lexical import between, slide

#: Completes shortlisted candidates with their facts, and drops those that may not be shown.
Complete = Callable[[Sequence[CandidateText]], Sequence[CandidateText]]

#: Candidates read in full beyond the wanted number: facts may lift some, conditions drop others.
_SPARE: Final = 8
#: Places among which near-identical candidates are folded; behind them nobody looks.
_FOLDED: Final = 120
_LEAST_FACTOR: Final = 0.05
#: Parts of the score that likeness of meaning gives.
MEANING: Final = ("semantic", "sentences")
#: Where none is good, so many that may be related are shown.
_POSSIBLE: Final = 3
#: Where nothing answers, what is at least so likely as a share of the threshold came near: others share a
#: word or two by chance.
_NEAR: Final = 0.6
#: What misses several figures by its own words and meets none answers nothing, however much it shares: of the
#: judged pairs none such is useful (docs/quality.md).
_FAILED: Final = 0.125
#: Work under way that is read and returned beside what can be had.
_UNDER_WAY: Final = 5
#: Reasons that speak against a candidate by its own words.
_AGAINST: Final = frozenset({"exclusion_used", "element_denied", "lessening_opposed"})


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the candidates beside their words, by candidate id.

    Attributes:
        engine: the engine's score of the need's whole text.
        meaning: likeness of meaning between 0 and 1, where a source of it is installed; a candidate
            that it does not know is missing.
        feedback: terms that the first hits share, with what each is worth.
    """

    engine: Mapping[str, float] = field(default_factory=dict)
    meaning: Mapping[str, float] = field(default_factory=dict)
    feedback: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    candidate: CandidateText
    fit: LexicalFit
    #: Likeness of meaning as told, where something tells it.
    like: float | None = None

    @property
    def words(self) -> float:
        return self.fit.total


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates by their words alone, best first, and what the need's words were worth."""

    need: ReadNeed
    query: LexicalQuery
    entries: tuple[Ranked, ...]


def rank(
    need: NeedText | ReadNeed,
    candidates: Sequence[CandidateText],
    statistics: TermStatistics,
    weights: Weights = DEFAULT_WEIGHTS,
    told: Told | None = None,
    *,
    query: LexicalQuery | None = None,
) -> Ranking:
    """Every candidate by its words; those that share none with the need are left out.

    Args:
        need: what is looked for.
        candidates: who is compared.
        statistics: what its terms are worth in this index.
        weights: those in force.
        told: what else is known of the candidates.
        query: the need's words as they were weighed already, with these statistics and weights.
    """
    read = need if isinstance(need, ReadNeed) else read_need(need, weights=weights)
    told = told or Told()
    query = query or weigh(read.words, statistics, weights)
    best = max(told.engine.values(), default=0.0)
    share = slide(len(read.words.counts), weights.short_terms, weights.long_terms)
    semantic = between(share, weights.semantic, weights.semantic_long)
    # Once each: what is read is remembered, but even to find it again costs time with hundreds.
    texts = [one.read() for one in candidates]
    like = {
        one.id: company(told.feedback, text, statistics.average_length)
        for one, text in zip(candidates, texts, strict=True)
        if told.feedback and query.lexical.feedback
    }
    # What can be had is ranked as if nothing else were there.
    likest = max((like[one.id] for one in candidates if not one.under_way and like), default=0.0)
    entries = []
    for candidate, text in zip(candidates, texts, strict=True):
        fit = fit_words(
            query,
            text,
            engine=told.engine.get(candidate.id, 0.0) / best if best > 0 else 0.0,
            meaning=semantic * told.meaning.get(candidate.id, 0.0),
            feedback=min(1.0, like.get(candidate.id, 0.0) / likest) if likest > 0 else 0.0,
        )
        if fit is not None:
            entries.append(Ranked(candidate, fit, told.meaning.get(candidate.id)))
    entries.sort(key=lambda item: (-item.words, item.candidate.id))
    return Ranking(read, query, tuple(entries))


def score(
    need: NeedText | ReadNeed,
    candidates: Sequence[CandidateText],
    statistics: TermStatistics,
    weights: Weights = DEFAULT_WEIGHTS,
    *,
    limit: int = 20,
    complete: Complete | None = None,
) -> MatchList:
    """The best candidates with their reasons: `rank`, then `assess`."""
    ranking = rank(need, candidates, statistics, weights)
    return assess(ranking, weights, limit=limit, complete=complete)


def assess(
    ranking: Ranking,
    weights: Weights = DEFAULT_WEIGHTS,
    *,
    limit: int = 20,
    complete: Complete | None = None,
    exclude: bool = True,
    diverse: bool = True,
    year: int = 0,
    likest: Likest | None = None,
) -> MatchList:
    """Reads the best in full. Every one returned has a reason with a sentence of its own.

    Args:
        ranking: of `rank`.
        weights: those it was ranked by.
        limit: how many are returned.
        complete: gives the candidates their facts and drops those that may not be shown.
        exclude: leave out who breaks a condition of the need. Without it conditions and exclusions
            are left aside, as the evaluation of ranking asks.
        diverse: fold near-identical candidates and those of one organisation.
        year: the present one, for what is fresh.
        likest: names the sentence to show of a candidate that was found by its meaning.
    """
    reader = _Reader(ranking, weights, exclude=exclude, year=year)

    def read(entries: Sequence[Ranked], many: int) -> tuple[list[Scored], list[LeftOut]]:
        shortlist, families = _shortlist(entries, many + _SPARE, diverse=diverse)
        if complete is not None:
            shortlist = _completed(shortlist, complete)
        assessed = [item for entry in shortlist if (item := reader.assess(entry)) is not None]
        scored = [item for item in assessed if isinstance(item, Scored)]
        scored = in_order(scored, weights)
        if diverse:
            scored = fold_owners(fold_families(scored, families))
        best = _sure(scored[:many], weights)
        if likest is not None:
            best = with_nearest_sentences(best, likest)
        return best, [item for item in assessed if isinstance(item, LeftOut)]

    best, left_out = read([one for one in ranking.entries if not one.candidate.under_way], limit)
    under_way = [one for one in ranking.entries if one.candidate.under_way]
    promising, more_left_out = read(under_way, min(limit, _UNDER_WAY)) if under_way else ([], [])
    shares = [
        item.probability / (calibration_of(item.signals, weights).abstain_below or 1e-9)
        for item in best
    ]
    possible = sum(share >= 1 for share in shares)
    return MatchList(
        tuple(best),
        abstained=not possible,
        left_out=(*left_out, *more_left_out),
        version=weights.version,
        possible=min(possible, _POSSIBLE),
        near=min(sum(share >= _NEAR for share in shares), _POSSIBLE),
        under_way=tuple(promising),
    )


def _shortlist(
    ranked: Sequence[Ranked], many: int, *, diverse: bool
) -> tuple[list[Ranked], list[Family]]:
    """The first candidates; of near-identical ones only as many as may differ in what counts."""
    if not diverse:
        return list(ranked[:many]), []
    entries = {entry.candidate.id: entry for entry in ranked[:_FOLDED]}
    families = find_families([entry.candidate for entry in entries.values()], many)
    read = {candidate.id for family in families for candidate in family.read}
    return [entry for key, entry in entries.items() if key in read], families


def _completed(shortlist: list[Ranked], complete: Complete) -> list[Ranked]:
    known = {
        candidate.id: candidate for candidate in complete([item.candidate for item in shortlist])
    }
    return [
        replace(item, candidate=known[item.candidate.id])
        for item in shortlist
        if item.candidate.id in known
    ]


def in_order(scored: Sequence[Scored], weights: Weights) -> list[Scored]:
    """By their score; but who is good, or where nobody is may be related, stands before who answers nothing:
    behind them it would be folded away, or made as unlikely as they are where probabilities are evened out.

    Who has nothing but words to show for it, or speaks against itself, keeps its place, and is no likelier
    than those before it.
    """
    found: list[tuple[Scored, int]] = []
    least, highest, last = 1.0, 0, -1
    for at, item in enumerate(sorted(scored, key=lambda one: (-one.score, one.candidate.id))):
        is_borne_out = _is_borne_out(item)
        chance = item.probability if is_borne_out else min(item.probability, least)
        least = min(least, chance)
        place = standing(chance, calibration_of(item.signals, weights))
        if is_borne_out and place and place >= highest:
            highest, last = place, at
        found.append((replace(item, probability=chance), place))
    before, behind = found[: last + 1], found[last + 1 :]
    answering = [one for one in before if one[1]]
    passed = [one for one in before if not one[1]]
    return [item for item, _ in (*answering, *passed, *behind)]


def _is_borne_out(item: Scored) -> bool:
    """Does it meet an element, where the need has any, and say nothing against itself?"""
    met = any(element.met for element in item.elements) or not item.elements
    return met and not _speaks_against_itself(item)


def _sure(scored: Sequence[Scored], weights: Weights) -> list[Scored]:
    """With probabilities that fall along the list, and what is said of each by them."""
    chances = falling([item.probability for item in scored])
    return [
        replace(
            item,
            probability=round(chance, 4),
            band=_band(item, chance, weights),
        )
        for item, chance in zip(scored, chances, strict=True)
    ]


def _speaks_against_itself(item: Scored) -> bool:
    return any(reason.code in _AGAINST for reason in item.reasons)


def _band(item: Scored, chance: float, weights: Weights) -> Band:
    """However likely: what nobody can have yet, and what by its own words misses a figure or relies on
    what is to be left out, is no match to be called strong."""
    band = band_of(chance, calibration_of(item.signals, weights))
    if band == "strong" and (
        item.candidate.under_way
        or any(row.fit == "unmet" for row in item.specifications)
        or _speaks_against_itself(item)
    ):
        return "good"
    return band


class _Reader:
    """Reads candidates in full for one need; what is the need's alone is done once."""

    def __init__(self, ranking: Ranking, weights: Weights, *, exclude: bool, year: int) -> None:
        self._read, self._query, self._weights = ranking.need, ranking.query, weights
        self._wished = without_terms(ranking.query, only_excluded(ranking.need))
        self._exclude, self._year = exclude, year
        self._wanted = wanted_elements(ranking.need)
        self._need, self._conditions = (
            read_conditions(ranking.need.need)
            if exclude
            else (ranking.need.need, Conditions(frozenset(), ()))
        )

    def assess(self, entry: Ranked) -> Scored | LeftOut | None:
        read = self._read
        candidate = read_candidate(entry.candidate, folded=read.folded, marks=read.marks)
        meaning = sum(entry.fit.parts.get(name, 0.0) for name in MEANING) / (entry.words or 1.0)
        proof = find_proof(self._wished, candidate, meaning=meaning) or find_proof(
            self._query, candidate, meaning=meaning
        )
        if proof is None:
            return None
        query, weights, wanted = self._query, self._weights, self._wanted
        elements = fit_elements(wanted, candidate, query.terms)
        specifications = compare_all(
            self._read.figures,
            self._read.texts,
            candidate,
            is_another=bool(weights.products) and not names_product(wanted, elements, candidate),
        )
        exclusions = (
            check_exclusions(
                self._read.excluded,
                candidate,
                wanted=self._read.elements,
                lessened=self._read.lessened,
            )
            if self._exclude
            else ()
        )
        elements = without_denied(elements, exclusions)
        reasons = _reasons(
            self._need,
            entry,
            proof,
            elements,
            specifications,
            exclusions,
            scale_reason(self._read, specifications, candidate),
        )
        broken = broken_condition(self._need, self._conditions, candidate, exclusions)
        if broken is not None:
            return LeftOut(entry.candidate, broken)
        named = elements_share(elements, wanted, query)
        parts = {
            "elements": weights.elements * named,
            "specifications": specifications_part(specifications, weights),
            "exclusion": exclusion_part(exclusions, weights),
            **fact_parts(self._need, entry.candidate, weights, year=self._year),
        }
        factor = max(_LEAST_FACTOR, 1 + sum(parts.values()))
        signs = entry.fit.signs
        told = signals(
            strength=signs.strength,
            covered=signs.covered,
            title=signs.title,
            elements=named,
            factor=factor,
            marked=0.0 if self._read.folded else 1.0,
            bridged=signs.covered * (1.0 - signs.own),
            figures=figures_balance(specifications),
            effects=effects_missed(elements, wanted, query),
            unnamed=0.0 if wanted else 1.0,
            like=entry.like,
        )
        calibration = calibration_of(told, weights)
        chance = probability(told, calibration)
        if fails_figures(specifications):
            chance = min(chance, _FAILED)
        return Scored(
            candidate=entry.candidate,
            score=round(entry.words * factor, 6),
            probability=chance,
            band=band_of(chance, calibration),  # for now: `_sure` has the last word
            components={
                **{name: round(part, 6) for name, part in entry.fit.parts.items()},
                **{name: round(part, 6) for name, part in parts.items() if part},
            },
            reasons=reasons,
            elements=elements,
            specifications=specifications,
            signals=told,
        )


def _reasons(
    need: NeedText,
    entry: Ranked,
    proof: Proof,
    elements: Sequence[ElementFit],
    specifications: Sequence[SpecificationFit],
    exclusions: Sequence[ExclusionFit],
    scale: Reason | None,
) -> tuple[Reason, ...]:
    reasons = [proof.reason()]
    met = [fit for fit in elements if fit.met]
    if met:
        reasons.append(
            Reason(
                "elements",
                {
                    # The same word as two kinds ("coating") is counted once.
                    "met": len(names := list(dict.fromkeys(fit.text for fit in met))),
                    "all": len({fit.text for fit in elements}),
                    "names": names,
                    "called": {fit.text: fit.called for fit in met if fit.called},
                },
                met[0].evidence,
            )
        )
    for row in specifications:
        reasons.extend(figure_reasons(row))
    if scale is not None:
        reasons.append(scale)
    reasons.extend(Reason(fit.code, {"phrase": fit.phrase}, fit.evidence) for fit in exclusions)
    reasons.extend(fact_reasons(need, entry.candidate))
    return tuple(reasons)
