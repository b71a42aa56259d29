"""What a candidate is beside its words: field, readiness, place, price, age, proof. Each small, each
named, each removable; none makes an answer of what is none."""

from collections.abc import Mapping, Sequence

from marketplace.matching.scoring.data import CandidateText, NeedText, Reason
from marketplace.matching.scoring.weights import Weights

_NEAR = 0.5
_YEARS = 15  # what is older is simply old
_PROVEN = 2  # numbers of intellectual property beyond so many prove no more


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


def fact_parts(
    need: NeedText, candidate: CandidateText, weights: Weights, *, year: int
) -> Mapping[str, float]:
    """Name of the part → what it adds to the factor. `year` is the present one."""
    parts: dict[str, float] = {}
    if need.fields and candidate.fields:
        agreement = field_agreement(need.fields, candidate.fields)
        parts["fields"] = weights.fields * agreement if agreement >= _NEAR else 0.0
    if need.min_trl and candidate.trl:
        missing = need.min_trl - candidate.trl
        parts["readiness"] = (
            weights.readiness_met if missing <= 0 else weights.readiness_missed * missing
        )
    if candidate.under_way:
        parts["under_way"] = weights.under_way
    if need.province and need.province == candidate.province:
        parts["province"] = weights.province
    if over_budget(need, candidate):
        parts["budget"] = weights.budget_exceeded
    if candidate.year:
        age = max(0, year - candidate.year)
        parts["freshness"] = weights.freshness * max(0.0, 1 - age / _YEARS)
    proof = candidate.registered + min(candidate.ip_numbers, _PROVEN) / _PROVEN
    parts["evidence"] = weights.evidence * proof / 2
    if candidate.answer_rate is not None:
        parts["answers"] = weights.answers * candidate.answer_rate
    return {name: part for name, part in parts.items() if part}


def over_budget(need: NeedText, candidate: CandidateText) -> bool:
    return bool(need.budget_max and candidate.price_min and candidate.price_min > need.budget_max)


def fact_reasons(need: NeedText, candidate: CandidateText) -> list[Reason]:
    reasons = []
    if candidate.under_way:
        year, _dash, month = candidate.until.partition("-")
        until = f"{month}/{year}" if month else year
        reasons.append(
            Reason("under_way_until", {"until": until}) if until else Reason("under_way")
        )
    if candidate.answers and candidate.is_asked_by(need):
        reasons.append(Reason("kind_asked"))
    if need.fields and candidate.fields:
        agreement = field_agreement(need.fields, candidate.fields)
        if agreement >= _NEAR:
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
    if over_budget(need, candidate):
        reasons.append(Reason("budget_exceeded"))
    return reasons
