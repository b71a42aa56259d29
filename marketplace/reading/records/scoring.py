"""From measures to one probability with its reasons, and to what may be done about it.

The weights are those of a logistic regression over the development half of the labelled pairs
(`manage.py evaluate_linking --fit`), kept with their origin in `weights.json`. They are fitted on pairs
that no rule decides and no rival contests, so the probability means what it says for those. Above it
stand rules that no similarity outweighs: a number of a register that differs, another phase, another
place.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from marketplace.reading.records.comparing import Comparison, Sums
from marketplace.reading.records.titles import TitleMatch

_KEPT: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("weights.json").read_text(encoding="utf-8")
)
#: The version of weights and thresholds; every explanation names it.
VERSION: Final[str] = _KEPT["version"]
#: Positive speaks for one record.
WEIGHTS: Final[Mapping[str, float]] = _KEPT["weights"]
#: A pair at or above it is merged without a person, where no rule asks for one.
AUTOMATIC: Final[float] = _KEPT["automatic"]
#: Below it a pair is not worth a person's minute.
REVIEW: Final[float] = _KEPT["review"]
#: The same where a rule speaks against joining: a likeness that is weak besides is no question.
REVIEW_DESPITE_CAUTION: Final[float] = _KEPT["review_despite_caution"]
#: How much likelier, in log-odds, one of two has to be to be taken without a person (`rivals`).
RIVAL_MARGIN: Final[float] = _KEPT["rival_margin"]
#: Words of a title that two works hardly share by chance.
ENOUGH_TITLE: Final = 6
#: An abstract that is the same to these shares says more than a year or a name.
_SAME_TEXT: Final = 0.9
_SAME_FIGURES: Final = 0.99


class Decision(StrEnum):
    MERGE = "merge"
    REVIEW = "review"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason in plain data: whether it speaks for one record (None: neither way), its weight in
    the score, and what there is to show."""

    code: str
    weight: float = 0.0
    agrees: bool | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    probability: float
    decision: Decision
    #: Strongest first.
    signs: tuple[Sign, ...]
    #: Why they cannot be one record, whatever else agrees.
    vetoes: tuple[Sign, ...]
    #: Why a person has to look, whatever the probability.
    cautions: tuple[Sign, ...]

    def as_data(self) -> dict[str, Any]:
        """For a JSON column and for whoever puts it into words."""
        return {"weights": VERSION} | {
            name: [
                {
                    "code": sign.code,
                    "weight": round(sign.weight, 2),
                    "agrees": sign.agrees,
                    "params": dict(sign.params),
                }
                for sign in getattr(self, name)
            ]
            for name in ("signs", "vetoes", "cautions")
        }


def features(compared: Comparison) -> dict[str, float]:
    """The measures as the regression sees them: from 0 to 1, what is unknown adds nothing."""
    title = compared.title
    found: dict[str, float] = {"bias": 1.0}
    if title is None:
        found["title_unknown"] = 1.0
    else:
        found["title_same"] = max(0.0, (title.same - 0.5) * 2)
        found["title_letters"] = max(0.0, (title.ratio - 0.5) * 2)
        found["title_exchanged"] = min(1.0, title.exchanged / 2)
        found["title_doubtful"] = min(1.0, len(compared.doubtful) / 2)
        found["title_confirmed"] = float(bool(compared.confirmed))
        cut = title.is_beginning
        found["title_besides"] = 0.0 if cut else min(1.0, title.besides / 4)
        found["title_cut"] = float(cut)
        found["title_marks"] = min(1.0, len(title.other_marks) / 2)
        found["title_translated"] = float(title.is_translation)
    found["numbers_differ"] = float(bool(compared.numbers_differ))
    found["numbers_missing"] = float(bool(compared.numbers_missing))
    if compared.abstract is not None:
        found["abstract_same"] = min(1.0, compared.abstract / 0.6)
        found["abstract_whole"] = max(0.0, ((compared.text or 0.0) - 0.8) * 5)
        found["abstract_other"] = float(compared.abstract < 0.08)
    if compared.figures is not None:
        found["figures_same"] = max(0.0, (compared.figures - 0.5) * 2)
        found["figures_all"] = float(compared.figures >= 0.99)
        found["figures_other"] = float(compared.figures < 0.7)
    if compared.keywords is not None:
        found["keywords_same"] = compared.keywords
    found |= _people_features(compared)
    found |= _circumstances(compared)
    found["identifier_same"] = float(bool(compared.same_identifiers))
    return found


def _people_features(compared: Comparison) -> dict[str, float]:
    found: dict[str, float] = {}
    if compared.lead is not None:
        found["lead_same"] = compared.lead
        found["lead_other"] = float(compared.lead < 0.5)
    if compared.people is not None:
        found["people_same"] = compared.people
        found["people_other"] = float(compared.people == 0)
    return found


def _circumstances(compared: Comparison) -> dict[str, float]:
    found: dict[str, float] = {}
    if compared.organization is not None:
        found["organization_same"] = compared.organization
        found["organization_other"] = float(compared.organization == 0)
    if compared.agency is not None:
        found["agency_same"] = float(compared.agency >= 0.9)
        found["agency_other"] = float(compared.agency < 0.9)
    if compared.year is not None:
        found["year_same"] = float(compared.year == 0)
        found["year_near"] = float(compared.year == 1)
        found["year_other"] = float(compared.year > 1)
    if compared.dates is not None:
        found["dates_same"] = float(compared.dates)
        found["dates_other"] = float(not compared.dates)
    if compared.funding is not None:
        found["funding_exact"] = float(compared.funding is Sums.EXACT)
        found["funding_same"] = float(compared.funding in (Sums.ROUNDED, Sums.NEAR))
        found["funding_other"] = float(compared.funding is Sums.OTHER)
    return found


#: Every measure there is; what has no weight says nothing.
MEASURES: Final = (
    "bias", "title_unknown", "title_same", "title_letters", "title_exchanged", "title_doubtful",
    "title_confirmed", "title_besides", "title_marks", "title_cut", "title_translated",
    "numbers_differ", "numbers_missing", "abstract_same", "abstract_whole", "abstract_other",
    "figures_same", "figures_all", "figures_other", "keywords_same", "lead_same", "lead_other",
    "people_same", "people_other", "organization_same", "organization_other", "agency_same",
    "agency_other", "year_same", "year_near", "year_other", "dates_same", "dates_other",
    "funding_exact", "funding_same", "funding_other", "identifier_same",
)  # fmt: skip
#: What speaks for one record never counts against it, whatever a fit to one set of pairs says.
SPEAK_AGAINST: Final = frozenset(
    name
    for name in MEASURES
    if name.endswith(
        (
            "_other",
            "_differ",
            "_missing",
            "_exchanged",
            "_besides",
            "_marks",
            "_doubtful",
            "_confirmed",
        )
    )
)
EITHER_WAY: Final = frozenset(
    {"bias", "title_unknown", "title_cut", "title_translated", "year_near"}
)


def probability_of(found: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    total = sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))


def log_odds(probability: float) -> float:
    """Probabilities near 1 are told apart by it."""
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def judge(compared: Comparison, *, weights: Mapping[str, float] = WEIGHTS) -> Verdict:
    found = features(compared)
    probability = probability_of(found, weights)
    vetoes = _vetoes(compared)
    cautions = _cautions(compared)
    if vetoes:
        decision = Decision.APART
    elif probability >= AUTOMATIC:
        decision = Decision.REVIEW if cautions else Decision.MERGE
    elif probability >= (REVIEW_DESPITE_CAUTION if cautions else REVIEW) or _is_worth_asking(
        compared
    ):
        decision = Decision.REVIEW
    else:
        decision = Decision.APART
    signs = sorted(_signs(compared, found, weights), key=lambda sign: -abs(sign.weight))
    return Verdict(probability, decision, tuple(signs), vetoes, cautions)


def _is_worth_asking(compared: Comparison) -> bool:
    """The very same long title, a name in common and nothing that differs: of two bare records (Dublin
    Core often has no more) that is little evidence, and yet a person wants to see it."""
    title = compared.title
    if compared.year or compared.dates is False or compared.funding is Sums.OTHER:
        return False
    if compared.abstract is not None and compared.abstract < 0.4:
        return False
    if title is None or title.same < 1 or title.other_marks:
        return False
    if len(compared.left.title.words) < ENOUGH_TITLE:
        return False
    return any(
        (score or 0) >= 0.7 for score in (compared.lead, compared.people, compared.organization)
    )


# --- rules that stand above the score -----------------------------------------------------------


def _vetoes(compared: Comparison) -> tuple[Sign, ...]:
    left, right = compared.left, compared.right
    found: list[Sign] = []
    if not compared.same_identifiers:
        found += [
            Sign(
                "identifier_differs",
                agrees=False,
                params={"kind": a.kind, "left": a.value, "right": b.value},
            )
            for a, b in compared.other_identifiers
        ]
    if compared.series_differ:
        found.append(
            Sign(
                "series_differs",
                params={
                    "kinds": list(compared.series_differ),
                    "left": left.title.text,
                    "right": right.title.text,
                },
            )
        )
    if compared.places_differ and not compared.same_identifiers:
        found.append(Sign("place_differs", params={"codes": list(compared.places_differ)}))
    if compared.years_differ and not compared.same_identifiers:
        found.append(Sign("title_years_differ", params={"years": list(compared.years_differ)}))
    return tuple(found)


def _cautions(compared: Comparison) -> tuple[Sign, ...]:
    found: list[Sign] = []
    same, other = compared.same_identifiers, compared.other_identifiers
    if compared.one_source:
        found.append(Sign("one_source"))
    if same and other:
        found.append(
            Sign("identifiers_disagree", params={"same": same[0].value, "other": other[0][0].kind})
        )
    if compared.series_missing:
        found.append(Sign("series_one_sided", params={"kinds": list(compared.series_missing)}))
    if same and (compared.places_differ or compared.years_differ):
        found.append(Sign("titles_disagree"))
    title = compared.title
    if title is None or (title.same < 0.6 and not title.is_beginning):
        found.append(Sign("titles_far_apart"))
    if not same:
        found += _cautions_of_titles(compared) + _cautions_of_circumstances(compared)
    return tuple(found)


def _cautions_of_titles(compared: Comparison) -> list[Sign]:
    """Where no register's number says that they are one, what series look like is left to a person."""
    found: list[Sign] = []
    title = compared.title
    if compared.numbers_differ:
        found.append(Sign("numbers_differ", params={"numbers": list(compared.numbers_differ)}))
    if compared.places_missing:
        found.append(Sign("place_one_sided", params={"codes": list(compared.places_missing)}))
    if compared.years_missing:
        found.append(Sign("title_years_one_sided", params={"years": list(compared.years_missing)}))
    if title is not None and _is_exchanged(title):
        found.append(
            Sign(
                "words_exchanged",
                params={"left": list(title.left_words), "right": list(title.right_words)},
            )
        )
    elif words := compared.confirmed or compared.doubtful:
        left, right = zip(*words, strict=True)
        found.append(Sign("words_exchanged", params={"left": list(left), "right": list(right)}))
    return found


def _is_exchanged(title: TitleMatch) -> bool:
    """Two translations differ in their words and are one title; for them it takes more."""
    if title.is_translation:
        return title.exchanged >= 1
    return bool(title.left_words and title.right_words)


def _cautions_of_circumstances(compared: Comparison) -> list[Sign]:
    found: list[Sign] = []
    has_same_text = (compared.text or 0) >= _SAME_TEXT and (compared.figures or 0) >= _SAME_FIGURES
    # Registered the year after: the same money says so. The same text alone does not: second phases
    # under the title and the abstract of the first are not rare among real awards.
    has_same_money = compared.funding is Sums.EXACT or (
        has_same_text and compared.funding in (Sums.ROUNDED, Sums.NEAR)
    )
    is_year_after = compared.year == 1 and has_same_money
    if compared.year and not is_year_after:
        found.append(Sign("year_differs", params={"years": compared.year}))
    if compared.lead == 0 and compared.people == 0 and not has_same_text:
        found.append(Sign("other_people"))
    if not any((compared.lead, compared.people, compared.organization, compared.abstract)):
        found.append(Sign("title_alone"))
    return found


# --- reasons ------------------------------------------------------------------------------------

#: Which reason of the explanation each measure belongs to.
_REASON_OF: Final[Mapping[str, str]] = {
    "title_same": "title", "title_letters": "title", "title_exchanged": "title_words",
    "title_doubtful": "title_doubtful", "title_confirmed": "title_confirmed",
    "title_besides": "title_words", "title_cut": "title_cut", "title_marks": "title_marks",
    "title_translated": "title", "title_unknown": "title_unknown",
    "numbers_differ": "numbers", "numbers_missing": "numbers",
    "abstract_same": "abstract", "abstract_whole": "abstract", "abstract_other": "abstract",
    "figures_same": "figures", "figures_all": "figures", "figures_other": "figures", "keywords_same": "keywords",
    "lead_same": "lead", "lead_other": "lead", "people_same": "people", "people_other": "people",
    "organization_same": "organization", "organization_other": "organization",
    "agency_same": "agency", "agency_other": "agency", "year_same": "year", "year_near": "year", "year_other": "year",
    "dates_same": "dates", "dates_other": "dates", "funding_exact": "funding", "funding_same": "funding",
    "funding_other": "funding", "identifier_same": "identifier",
}  # fmt: skip


def _signs(
    compared: Comparison, found: Mapping[str, float], weights: Mapping[str, float]
) -> list[Sign]:
    sums: dict[str, float] = {}
    for name, value in found.items():
        if name != "bias" and value:
            reason = _REASON_OF[name]
            sums[reason] = sums.get(reason, 0.0) + weights.get(name, 0.0) * value
    agreement = _agreement(compared)
    return [
        Sign(reason, weight, agreement.get(reason), _params(reason, compared))
        for reason, weight in sums.items()
        if abs(weight) >= 0.05 or agreement.get(reason) is not None
    ]


def _agreement(compared: Comparison) -> dict[str, bool | None]:
    """What agrees and what does not, whatever its weight: a reader wants to see that too."""
    title = compared.title
    return {
        "title": None if title is None else title.same >= 0.8,
        "title_words": False if title is not None and title.exchanged >= 1 else None,
        "title_marks": False if title is not None and title.other_marks else None,
        "title_doubtful": False if compared.doubtful else None,
        "title_confirmed": False if compared.confirmed else None,
        "numbers": False if compared.numbers_differ else None,
        "abstract": _beyond(compared.abstract, 0.4, 0.08),
        "figures": _beyond(compared.figures, 0.99, 0.7),
        "keywords": _beyond(compared.keywords, 0.5, 0.01),
        "lead": _beyond(compared.lead, 0.7, 0.5),
        "people": _beyond(compared.people, 0.6, 0.01),
        "organization": _beyond(compared.organization, 0.8, 0.01),
        "agency": None if compared.agency is None else compared.agency >= 0.9,
        "year": None if compared.year is None else compared.year == 0,
        "dates": compared.dates,
        "funding": None if compared.funding is None else compared.funding is not Sums.OTHER,
        "identifier": True if compared.same_identifiers else None,
    }


def _beyond(value: float | None, yes: float, no: float) -> bool | None:
    if value is None or no <= value < yes:
        return None
    return value >= yes


def _params(reason: str, compared: Comparison) -> dict[str, Any]:
    title = compared.title
    a, b = compared.left.facts, compared.right.facts
    if reason == "title" and title is not None:
        return {"same": round(title.same, 2), "is_translation": title.is_translation}
    if reason == "title_words" and title is not None:
        return {"left": list(title.left_words), "right": list(title.right_words)}
    if reason == "title_marks" and title is not None:
        return {"words": [list(pair) for pair in title.other_marks]}
    known: dict[str, dict[str, Any]] = {
        "numbers": {"differ": list(compared.numbers_differ), "one": list(compared.numbers_missing)},
        "abstract": {"same": compared.abstract and round(compared.abstract, 2)},
        "figures": {"same": compared.figures and round(compared.figures, 2)},
        "title_doubtful": {"words": [list(pair) for pair in compared.doubtful]},
        "title_confirmed": {"words": [list(pair) for pair in compared.confirmed]},
        "keywords": {"same": compared.keywords and round(compared.keywords, 2)},
        "lead": {"same": compared.lead},
        "people": {"same": compared.people and round(compared.people, 2)},
        "organization": {"same": compared.organization},
        "year": {"left": a.year, "right": b.year},
        "dates": {"left": f"{a.started_on}/{a.ended_on}", "right": f"{b.started_on}/{b.ended_on}"},
        "funding": {"left": a.funding, "right": b.funding},
        "identifier": {"values": [one.value for one in compared.same_identifiers]},
    }
    return known.get(reason, {})
