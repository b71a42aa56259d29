"""The score: every candidate by its words, the best ones by everything, each with its proof."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from marketplace.matching.scoring.candidate import ReadCandidate
from marketplace.matching.scoring.data import (
    Band,
    CandidateText,
    ElementFit,
    Evidence,
    MatchList,
    NeedText,
    Reason,
    Scored,
    SpecificationFit,
)
from marketplace.matching.scoring.elements import Wanted, fit_elements, wanted_elements
from marketplace.matching.scoring.evidence import best_evidence
from marketplace.matching.scoring.exclusions import (
    ExclusionFit,
    check_exclusions,
    without_denied,
)
from marketplace.matching.scoring.lexical import (
    LexicalQuery,
    bm25,
    covered,
    tokenize,
    weigh,
)
from marketplace.matching.scoring.need import ReadNeed, read_need
from marketplace.matching.scoring.specifications import compare_all
from marketplace.matching.scoring.weights import DEFAULT_WEIGHTS, Weights
from search.analysis import normalize
from search.queries import TermStatistics

#: Completes shortlisted candidates with their facts, and drops those that may not be shown.
Complete = Callable[[Sequence[CandidateText]], Sequence[CandidateText]]

_SPARE = 8  # candidates read in full beyond the wanted number: facts may lift or drop some


@dataclass(frozen=True, slots=True)
class Ranked:
    candidate: CandidateText
    words: float  # the lexical score, against the need's most telling terms
    title_share: float


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
) -> Ranking:
    """Every candidate by its words; those that share none with the need are left out."""
    read = need if isinstance(need, ReadNeed) else read_need(need, weights=weights)
    vietnamese = read.language != "en"
    query = weigh(read.counts, read.pairs, read.extra, statistics, weights, vietnamese=vietnamese)
    unmarked = (
        weigh(
            read.folded_counts,
            read.folded_pairs,
            read.extra,
            statistics,
            weights,
            vietnamese=True,
        )
        if read.folded_counts
        else None
    )
    whole = query.telling
    if unmarked is not None:
        whole += weights.without_marks * unmarked.telling
    entries = []
    for candidate in candidates:
        title = _tokens(candidate.title, candidate, folded=read.folded)
        words = bm25(query, title + _tokens(candidate.text, candidate, folded=read.folded))
        if unmarked is not None:
            bare = _tokens(candidate.title, candidate, folded=True)
            bare += _tokens(candidate.text, candidate, folded=True)
            words += weights.without_marks * bm25(unmarked, bare)
        if words > 0:
            share = min(1.0, covered(query, title)) if title else 0.0
            entries.append(Ranked(candidate, words / whole, share))
    entries.sort(key=lambda item: (-item.words, item.candidate.id))
    return Ranking(read, query, tuple(entries))


def _tokens(text: str, candidate: CandidateText, *, folded: bool) -> tuple[str, ...]:
    return tokenize(text, candidate.language, folded=folded) if text else ()


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
) -> MatchList:
    """Reads the best in full. Every one returned has a reason with a sentence of its own.

    `exclude=False` leaves aside what the need excludes, as the evaluation of ranking asks.
    """
    read, query = ranking.need, ranking.query
    shortlist = list(ranking.entries[: limit + _SPARE])
    if complete is not None:
        shortlist = _completed(shortlist, complete)
    wanted = wanted_elements(read)
    scored = [
        item
        for entry in shortlist
        if (item := _assess(read, query, entry, wanted, weights, exclude=exclude)) is not None
    ]
    scored.sort(key=lambda item: (-item.score, item.candidate.id))
    best = tuple(scored[:limit])
    return MatchList(best, abstained=not any(item.band != "weak" for item in best))


def _completed(shortlist: list[Ranked], complete: Complete) -> list[Ranked]:
    known = {
        candidate.id: candidate for candidate in complete([item.candidate for item in shortlist])
    }
    return [
        replace(item, candidate=known[item.candidate.id])
        for item in shortlist
        if item.candidate.id in known
    ]


def _assess(
    read: ReadNeed,
    query: LexicalQuery,
    entry: Ranked,
    wanted: Sequence[Wanted],
    weights: Weights,
    *,
    exclude: bool,
) -> Scored | None:
    candidate = ReadCandidate(
        replace(
            entry.candidate,
            title=normalize(entry.candidate.title),
            text=normalize(entry.candidate.text),
        ),
        folded=read.folded,
    )
    proof = best_evidence(query, candidate)
    if proof is None:
        return None
    elements = fit_elements(wanted, candidate, query.terms)
    specifications = compare_all(read.figures, read.texts, candidate)
    exclusions = (
        check_exclusions(read.excluded, candidate, wanted=read.elements, lessened=read.lessened)
        if exclude
        else ()
    )
    elements = without_denied(elements, exclusions)
    parts = {
        "title": weights.title * entry.title_share,
        "elements": _elements_part(elements, wanted, query, weights),
        "specifications": _specifications_part(specifications, weights),
        "exclusion": _exclusion_part(exclusions, weights),
        **_facts(read.need, entry.candidate, weights),
    }
    factor = max(0.05, 1 + sum(parts.values()))
    total = entry.words * factor
    chance = probability(total, weights)
    return Scored(
        candidate=entry.candidate,
        score=round(total, 6),
        probability=round(chance, 4),
        band=band_of(chance, exclusions, weights),
        components={
            "words": round(entry.words, 6),
            **{name: round(part, 6) for name, part in parts.items() if part},
        },
        reasons=_reasons(read, entry, proof, elements, specifications, exclusions),
        elements=elements,
        specifications=specifications,
    )


def probability(total: float, weights: Weights) -> float:
    if total <= 0:
        return 0.0
    odds = weights.probability_slope * (math.log(total) - math.log(weights.probability_middle))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def band_of(chance: float, exclusions: Sequence[ExclusionFit], weights: Weights) -> Band:
    if chance < weights.good_from or any(fit.relied_on for fit in exclusions):
        return "weak"
    return "strong" if chance >= weights.strong_from else "good"


def _elements_part(
    elements: Sequence[ElementFit],
    wanted: Sequence[Wanted],
    query: LexicalQuery,
    weights: Weights,
) -> float:
    """By what the elements tell: "hạt điều" is more than "thiết bị"."""
    met = everything = 0.0
    for fit, one in zip(elements, wanted, strict=True):
        terms = one.sequences[0] if one.sequences else ()
        worth = sum(query.terms.get(term, 0.0) for term in terms) / max(len(terms), 1)
        everything += worth
        met += worth * fit.met
    return weights.elements * met / everything if everything else 0.0


def _specifications_part(rows: Sequence[SpecificationFit], weights: Weights) -> float:
    if not rows:
        return 0.0
    met = sum({"met": 1.0, "partly": 0.5}.get(row.fit, 0.0) for row in rows)
    unmet = sum(row.fit == "unmet" for row in rows)
    return (weights.specifications_met * met + weights.specifications_unmet * unmet) / len(rows)


def _exclusion_part(exclusions: Sequence[ExclusionFit], weights: Weights) -> float:
    if any(fit.relied_on for fit in exclusions):
        return weights.exclusion
    return weights.exclusion_shared if exclusions else 0.0


def field_agreement(left: Sequence[str], right: Sequence[str]) -> float:
    """The longest common beginning of two codes, as a share: `40107` and `40101` agree by three
    digits of five. Codes of one digit agree too seldom by chance to count less."""
    best = 0.0
    for one in left:
        for other in right:
            length = max(len(one), len(other))
            common = 0
            while common < min(len(one), len(other)) and one[common] == other[common]:
                common += 1
            if length:
                best = max(best, common / length)
    return best


def _facts(need: NeedText, candidate: CandidateText, weights: Weights) -> dict[str, float]:
    parts: dict[str, float] = {}
    if need.fields and candidate.fields:
        agreement = field_agreement(need.fields, candidate.fields)
        parts["fields"] = weights.fields * agreement if agreement >= 0.5 else 0.0
    if need.min_trl and candidate.trl:
        missing = need.min_trl - candidate.trl
        parts["readiness"] = (
            weights.readiness_met if missing <= 0 else weights.readiness_missed * missing
        )
    if need.province and need.province == candidate.province:
        parts["province"] = weights.province
    if need.budget_max and candidate.price_min and candidate.price_min > need.budget_max:
        parts["budget"] = weights.budget_exceeded
    return parts


def _reasons(
    read: ReadNeed,
    entry: Ranked,
    proof: tuple[Evidence, tuple[str, ...]],
    elements: Sequence[ElementFit],
    specifications: Sequence[SpecificationFit],
    exclusions: Sequence[ExclusionFit],
) -> tuple[Reason, ...]:
    evidence, phrases = proof
    code = "title" if evidence.place == "title" else "terms"
    reasons = [Reason(code, {"phrases": list(phrases)}, evidence)]
    met = [fit for fit in elements if fit.met]
    if met:
        reasons.append(
            Reason(
                "elements",
                {"met": len(met), "all": len(elements), "names": [fit.text for fit in met]},
                met[0].evidence,
            )
        )
    reasons.extend(
        Reason(
            f"specification_{row.fit}",
            {"name": row.name.lower(), "required": row.required, "offered": row.offered},
            row.evidence,
        )
        for row in specifications
        if row.fit != "unknown"
    )
    reasons.extend(Reason(fit.code, {"phrase": fit.phrase}, fit.evidence) for fit in exclusions)
    reasons.extend(_fact_reasons(read.need, entry.candidate))
    return tuple(reasons)


def _fact_reasons(need: NeedText, candidate: CandidateText) -> list[Reason]:
    reasons = []
    if need.fields and candidate.fields:
        agreement = field_agreement(need.fields, candidate.fields)
        if agreement >= 0.5:
            reasons.append(Reason("field_same" if agreement == 1 else "field_near"))
    if need.min_trl and candidate.trl:
        reached = candidate.trl >= need.min_trl
        reasons.append(
            Reason(
                "readiness_met" if reached else "readiness_missed",
                {"trl": candidate.trl, "required": need.min_trl},
            )
        )
    if need.province and need.province == candidate.province:
        reasons.append(Reason("province_same"))
    if need.budget_max and candidate.price_min and candidate.price_min > need.budget_max:
        reasons.append(Reason("budget_exceeded"))
    return reasons
