"""Figures of a focal point's year, live until its report is closed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.registration import rules
from marketplace.registration.models import (
    Certificate,
    Dossier,
    Duty,
    DutyKind,
    DutyState,
    FocalPoint,
    YearlyReport,
)
from marketplace.registration.receiving import find_focal_point, receiving_points
from marketplace.registration.services.duties import derive_focal_points
from marketplace.research.models import Application, Task, TaskLevel

#: "|4|401|40107|": the field's first figure is its branch.
_BRANCH = Substr("field_trail", 2, 1)
BRANCHES = ("1", "2", "3", "4", "5", "6", "")
LEVELS = (*TaskLevel.values, "")


class TooEarly(DomainError):
    """The year has not come to its end."""


@dataclass(slots=True)
class _Tally:
    total: int = 0
    by_level: Counter[str] = field(default_factory=Counter)
    by_field: Counter[str] = field(default_factory=Counter)

    def add(self, level: str, branch: str, count: int) -> None:
        self.total += count
        self.by_level[level if level in LEVELS else ""] += count
        self.by_field[branch if branch in BRANCHES else ""] += count

    def plain(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "by_level": {level: self.by_level[level] for level in LEVELS if self.by_level[level]},
            "by_field": {code: self.by_field[code] for code in BRANCHES if self.by_field[code]},
        }


def figures_of(points: Sequence[FocalPoint], year: int) -> dict[int, dict[str, Any]]:
    """The figures of each focal point, by its primary key; the registers are counted once for all."""
    as_of = min(clock.today(), date(year, 12, 31))
    tasks = _tasks_under_way(year)
    results = _results_registered(points, year)
    reports = _reports(points, year, as_of)
    dossiers = _dossiers(points, year)
    owing = _owing(points, as_of)
    return {
        point.pk: {
            "as_of": as_of.isoformat(),
            "tasks": tasks[point.pk].plain(),
            "results": results[point.pk].plain(),
            "applications": reports[point.pk],
            "dossiers": dossiers[point.pk],
            "owing": owing[point.pk],
        }
        for point in points
    }


def _tasks_under_way(year: int) -> dict[int, _Tally]:
    """Tasks that ran in the year, by who receives their results: one query, grouped by what decides."""
    ran = Task.objects.public().filter(
        Q(started_on="") | Q(started_on__lt=f"{year + 1}"),
        Q(ended_on="") | Q(ended_on__gte=f"{year}"),
    )
    groups = (
        ran.exclude(level="")
        .exclude(Q(started_on="") & Q(ended_on=""))
        .annotate(branch=_BRANCH)
        .values_list("level", "agency", "organization__province_code", "branch")
        .annotate(count=Count("pk"))
        .order_by("level", "agency", "organization__province_code", "branch")
    )
    among = receiving_points()
    found: dict[int, _Tally] = defaultdict(_Tally)
    known: dict[tuple[str, str, str], FocalPoint | None] = {}
    for level, agency, province, branch, count in groups:
        asked = (level, agency, province or "")
        if asked not in known:
            known[asked] = find_focal_point(
                level=level, agency=agency, province_code=asked[2], among=among
            )
        point = known[asked]
        if point is not None:
            found[point.pk].add(level, branch, count)
    return found


def _results_registered(points: Iterable[FocalPoint], year: int) -> dict[int, _Tally]:
    found: dict[int, _Tally] = defaultdict(_Tally)
    groups = (
        Certificate.objects.filter(focal_point__in=points, issued_on__year=year)
        .annotate(branch=Substr("result__field_trail", 2, 1))
        .values_list("focal_point", "result__level", "branch")
        .annotate(count=Count("pk"))
        .order_by("focal_point_id", "result__level", "branch")
    )
    for point, level, branch, count in groups:
        found[point].add(level, branch, count)
    return found


def _reports(points: Iterable[FocalPoint], year: int, as_of: date) -> dict[int, dict[str, int]]:
    """Reports on application that fell due in the year, and what was filed in it."""
    empty = {"due": 0, "done": 0, "late": 0, "filed": 0}
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict(empty))
    kind = Duty.objects.filter(focal_point__in=points, kind=DutyKind.APPLICATION_REPORT)
    due = kind.filter(due_on__year=year).exclude(is_dropped=True)
    rows = due.values("focal_point").annotate(
        due=Count("pk"),
        done=Count("pk", filter=Q(done_on__lte=as_of)),
        late=Count("pk", filter=_late_on(as_of)),
    )
    for row in rows.order_by("focal_point_id"):
        found[row["focal_point"]] |= {name: row[name] for name in ("due", "done", "late")}
    filed = (
        Application.objects.standing()
        .filter(reported_on__year=year, result__duties__in=kind)
        .values("result__duties__focal_point")
        .annotate(count=Count("pk", distinct=True))
        .order_by("result__duties__focal_point_id")
    )
    for filed_row in filed:
        found[filed_row["result__duties__focal_point"]]["filed"] = filed_row["count"]
    return found


def _dossiers(points: Iterable[FocalPoint], year: int) -> dict[int, dict[str, int]]:
    empty = {"received": 0, "registered": 0, "refused": 0, "waiting": 0}
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict(empty))
    start, end = _bounds(year)
    rows: Any = (
        Dossier.objects.filter(focal_point__in=points, first_submitted_at__lt=end)
        .values("focal_point")
        .annotate(
            received=Count("pk", filter=Q(first_submitted_at__gte=start)),
            registered=Count("pk", filter=Q(certificate__issued_on__year=year)),
            refused=Count(
                "pk", filter=Q(state="refused", decided_at__gte=start, decided_at__lt=end)
            ),
            waiting=Count("pk", filter=Q(state__in=("submitted", "in_review", "accepted"))),
        )
        .order_by("focal_point_id")
    )
    for row in rows:
        found[row["focal_point"]] |= {name: row[name] for name in empty}
    return found


def _bounds(year: int) -> tuple[Any, Any]:
    """The first moments of a legal year and of the next one."""
    from_ = (
        clock.now()
        .astimezone(clock.VIETNAM)
        .replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    )
    return from_.replace(year=year), from_.replace(year=year + 1)


def _late_on(day: date) -> Q:
    """Whose term was over on a day and who had not done it by then."""
    return Q(due_on__lt=day) & (Q(state=DutyState.LATE) | Q(done_on__gt=day))


def _owing(points: Iterable[FocalPoint], as_of: date) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows: Any = (
        Duty.objects.filter(_late_on(as_of), focal_point__in=points)
        .exclude(kind=DutyKind.YEARLY_REPORT)
        .values("focal_point", "organization__name", "organization")
        .annotate(
            late=Count("pk"),
            registering=Count("pk", filter=Q(kind=DutyKind.REGISTER)),
            reporting=Count("pk", filter=Q(kind=DutyKind.APPLICATION_REPORT)),
            sheets=Count("pk", filter=Q(kind=DutyKind.ONGOING_SHEET)),
        )
        .order_by(F("late").desc(), "organization__name", "organization_id", "focal_point_id")
    )
    for row in rows:
        found[row["focal_point"]].append(
            {
                "unit": row["organization__name"],
                **{name: row[name] for name in ("late", "registering", "reporting", "sheets")},
            }
        )
    return found


def can_close(year: int) -> bool:
    """Whether the year is near enough to its end: as early as the term warns of itself."""
    end = date(year, 12, 31)
    warned = max(rules.deadline("yearly-report", end).warn_days, default=0)
    return clock.today() >= end - timedelta(days=warned)


@transaction.atomic
def close_year(point: FocalPoint, year: int, *, by: User) -> YearlyReport:
    """Keeps the figures as they are now; what changes later is the next year's.

    Raises:
        TooEarly: the year is not near its end.
        InvalidTransition: the report has been closed.
    """
    if not can_close(year):
        raise TooEarly(_("Chưa đến kỳ chốt số liệu năm %(year)s.") % {"year": year})
    try:
        with transaction.atomic():
            report = YearlyReport.objects.create(
                focal_point=point,
                year=year,
                figures=figures_of([point], year)[point.pk],
                closed_on=clock.today(),
                closed_by=by,
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Báo cáo năm này đã được chốt.")) from error
    derive_focal_points([point.pk])
    audit.record("yearly_report.closed", f"focal_point:{point.slug}:{year}", by=by)
    return report
