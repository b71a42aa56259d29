"""The quality of matching as everybody may read it: measured for each release, counted on live data by day.

Figures of a release are a file that is written by `publish_quality` and shipped; those of a day are a row.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.models import F, Q

from marketplace.accounts.supply import supply_kind
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.models import LiveQuality, Match, MatchRun
from marketplace.matching.texts import available_kinds
from marketplace.matching.weighing import active_weights

FOLDER: Final = Path(__file__).parent / "data" / "quality"
#: Days of live figures that the page draws.
DAYS: Final = 90
#: The set that ships with the project: every release has it, so releases can be compared by it.
OWN_SET: Final = "judged"


@dataclass(frozen=True, slots=True)
class SetFigures:
    """Of one set. Attributes are None where the set cannot tell, as abstention where all is answered."""

    name: str
    without_marks: bool
    needs: int
    unanswered: int
    ndcg: float | None
    bm25: float | None
    precision: float | None
    recall: float | None
    abstention_precision: float | None
    abstention_recall: float | None

    @property
    def is_own(self) -> bool:
        return self.name == OWN_SET


@dataclass(frozen=True, slots=True)
class Release:
    version: str
    measured_on: date
    weights: str
    sets: tuple[SetFigures, ...]

    @property
    def own(self) -> SetFigures | None:
        """On the set that ships with the project, as typed."""
        found = (one for one in self.sets if one.name == OWN_SET and not one.without_marks)
        return next(found, None)


@cache
def releases(folder: Path = FOLDER) -> tuple[Release, ...]:
    """The oldest first."""
    found = [
        _release(json.loads(file.read_text(encoding="utf-8"))) for file in folder.glob("*.json")
    ]
    return tuple(sorted(found, key=lambda one: (one.measured_on, one.version)))


def _release(data: dict[str, Any]) -> Release:
    return Release(
        version=data["release"],
        measured_on=date.fromisoformat(data["measured_on"]),
        weights=data["weights"],
        sets=tuple(
            SetFigures(
                name=row["set"],
                without_marks=row["without_marks"],
                needs=row["needs"],
                unanswered=row["unanswered"],
                ndcg=row.get("ndcg@10"),
                bm25=row.get("bm25"),
                precision=row.get("p@5"),
                recall=row.get("recall@50"),
                abstention_precision=row.get("abstention_precision"),
                abstention_recall=row.get("abstention_recall"),
            )
            for row in data["sets"]
        ),
    )


def count_day() -> int:
    """Writes today's figures of live data once; returns 0 always, since there is no more to do.

    `needs_met / needs` is the supply–demand matching efficiency (SDME) that He, Meng, Wu, Chan and Pang
    proposed (Semantic Matching Efficiency of Supply and Demand Texts on Online Technology Trading
    Platforms, Information Processing & Management 57, 2020, doi 10.1016/j.ipm.2020.102258): a matching
    value for each pair of texts of supply and demand, and from the values how much of a platform's demand
    its supply meets. Here: SDME = open needs with at least one supply whose value reaches the threshold ÷
    open needs. Two things differ and make it no figure to set beside theirs without care: their value is
    the cosine of Word2Vec vectors, ours the calibrated probability that the match is of use, with its
    threshold `good_from`; and of the paper only the abstract is public, so the share is our reading of it.
    """
    day = clock.today()
    if LiveQuality.objects.filter(day=day).exists():
        return 0
    today = MatchRun.objects.filter(
        need__in=Need.objects.public(), content_version=F("need__content_version")
    )
    shown = Match.objects.all()
    LiveQuality.objects.bulk_create(
        [
            LiveQuality(
                day=day,
                weights_version=active_weights().version,
                needs=today.count(),
                needs_met=today.filter(abstained=False).count(),
                supply=sum(supply_kind(code).rows().count() for code in available_kinds()),
                shown=shown.count(),
                opened=shown.filter(~Q(opened_at=None), passed_at=None).count(),
                passed=shown.exclude(passed_at=None).count(),
            )
        ],
        ignore_conflicts=True,  # two at once: the constraint decides
    )
    return 0


@dataclass(frozen=True, slots=True)
class Point:
    """A value between 0 and 1 at its place in the drawing."""

    label: str
    value: float
    x: float
    y: float


#: The drawing's size in its own units, with room for the names of the axis.
WIDTH, HEIGHT, LEFT, TOP = 600, 180, 40, 12


def plotted(values: Sequence[tuple[str, float | None]]) -> list[Point]:
    """Places of values by their order; what has no value is left out."""
    known = [(label, value) for label, value in values if value is not None]
    step = (WIDTH - 2 * LEFT) / max(len(known) - 1, 1)
    start = LEFT if len(known) > 1 else WIDTH / 2
    return [
        Point(label, value, round(start + place * step, 1), round(height_of(value), 1))
        for place, (label, value) in enumerate(known)
    ]


def height_of(value: float) -> float:
    return TOP + (1 - value) * (HEIGHT - 2 * TOP)
