"""Criteria of evaluations, as shipped, and what the scores of a team come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

from marketplace.core.editions import in_force, read_editions

_FILE = Path(__file__).parent / "data" / "evaluation.toml"
SCREENING: Final = "screening"
DETAILED: Final = "detailed"


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    stage: str
    label_vi: str
    label_en: str
    weight: int
    kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.stage not in (SCREENING, DETAILED) or self.weight <= 0:
            raise ValueError(f"evaluation.toml: {self.code}")

    @property
    def label(self) -> str:
        return self.label_en if (get_language() or "vi").startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class EvaluationEdition:
    valid_from: date
    status: str
    source: str
    most_points: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What a team says of one criterion; `share` is the mean as part of the most points."""

    criterion: Criterion
    scores: tuple[Any, ...]
    share: float | None
    low: int | None
    high: int | None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)

    @property
    def is_split(self) -> bool:
        """The team does not agree: its points are two or more apart."""
        return self.low is not None and self.high is not None and self.high - self.low >= 2


@dataclass(frozen=True, slots=True)
class StageResult:
    stage: str
    criteria: tuple[CriterionResult, ...]
    percent: int | None
    #: Not every criterion has been scored by somebody.
    is_partial: bool


@cache
def _editions() -> tuple[EvaluationEdition, ...]:
    return read_editions(_FILE, _edition)


def _edition(row: dict[str, Any]) -> EvaluationEdition:
    criteria = tuple(Criterion(**one | {"kinds": tuple(one["kinds"])}) for one in row["criteria"])
    return EvaluationEdition(**row | {"criteria": criteria})


def edition_on(day: date) -> EvaluationEdition:
    """The edition in force on a day; before the first, the first."""
    return in_force(_editions(), day)


def criteria_of(kind: str, stage: str, day: date) -> list[Criterion]:
    """What is judged in a stage of an evaluation that was opened on a day, for a kind of deal."""
    return [one for one in edition_on(day).criteria if one.stage == stage and kind in one.kinds]


def results(kind: str, scores: Iterable[Any], day: date) -> list[StageResult]:
    """What the scores (`criterion`, `points`) of a team come to, stage by stage."""
    given: dict[str, list[Any]] = {}
    for score in scores:
        given.setdefault(score.criterion, []).append(score)
    most = edition_on(day).most_points
    return [
        _stage(stage, [_result(one, given.get(one.code, []), most) for one in criteria])
        for stage in (SCREENING, DETAILED)
        if (criteria := criteria_of(kind, stage, day))
    ]


def _result(criterion: Criterion, scores: Sequence[Any], most: int) -> CriterionResult:
    if not scores:
        return CriterionResult(criterion, (), None, None, None)
    points = [one.points for one in scores]
    share = sum(points) / len(points) / most
    return CriterionResult(criterion, tuple(scores), share, min(points), max(points))


def _stage(stage: str, found: list[CriterionResult]) -> StageResult:
    scored = [(one.criterion.weight, one.share) for one in found if one.share is not None]
    weight = sum(each for each, _share in scored)
    total = sum(each * share for each, share in scored)
    percent = round(100 * total / weight) if weight else None
    return StageResult(stage, tuple(found), percent, is_partial=len(scored) < len(found))
