"""Duties derived into rows: found by passing over the registers, each written once, closed when done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from marketplace.core import clock
from marketplace.registration import owing, rules
from marketplace.registration.models import (
    OWED,
    Dossier,
    Duty,
    DutyKind,
    DutyPass,
    DutyState,
    FocalPoint,
    YearlyReport,
)
from marketplace.registration.owing import Filing, Owed
from marketplace.registration.receiving import find_focal_point, receiving_points
from marketplace.registration.states import CLOSED_STATES, DESK_STATES, DossierState
from marketplace.research.models import Application, Result, Task

#: A register is passed over again so long after the last pass ended.
PASS_EVERY = timedelta(hours=1)
BATCH = 200
DROPPED = "dropped"


@dataclass(slots=True)
class _Receivers:
    """Who follows a duty up; asked once for each kind of record of a batch."""

    points: list[FocalPoint] = field(default_factory=receiving_points)
    known: dict[tuple[str, str, str], FocalPoint | None] = field(default_factory=dict)

    def of(self, record: Task | Result) -> FocalPoint | None:
        province = record.organization.province_code if record.organization else ""
        asked = (record.level, record.agency, province)
        if asked not in self.known:
            level, agency, province_code = asked
            self.known[asked] = (
                find_focal_point(
                    level=level, agency=agency, province_code=province_code, among=self.points
                )
                or self.agency()
            )
        return self.known[asked]

    def agency(self) -> FocalPoint | None:
        return next((point for point in self.points if point.is_agency), None)


def derive_batch(limit: int = BATCH) -> int:
    """Brings the duties of the next rows up to date; the stage of the tick `registration.duties`.

    The rows of a batch and how far the pass has come are one transaction: ended anywhere, the batch is
    done again, and its duties are the same rows by their key.
    """
    passes: tuple[tuple[str, Any, Callable[[Sequence[int]], int]], ...] = (
        ("task", Task.objects.exclude(level="").filter(organization__isnull=False), derive_tasks),
        (
            "result",
            Result.objects.exclude(level="")
            .filter(Q(accepted_on__isnull=False) | Q(issued_on__isnull=False))
            .filter(organization__isnull=False),
            derive_results,
        ),
        ("focal_point", FocalPoint.objects.active(), derive_focal_points),
    )
    for register, rows, derive in passes:
        if count := _go_on(register, rows, derive, limit):
            return count
    return mark_days()


def _go_on(register: str, rows: Any, derive: Callable[[Sequence[int]], int], limit: int) -> int:
    row, _made = DutyPass.objects.get_or_create(register=register)
    now = clock.now()
    if row.ended_at is not None and now < row.ended_at + PASS_EVERY:
        return 0
    found = list(
        rows.filter(pk__gt=row.last_pk).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    with transaction.atomic():
        if not found:
            DutyPass.objects.filter(pk=row.pk).update(last_pk=0, ended_at=now)
            return 0
        derive(found)
        DutyPass.objects.filter(pk=row.pk).update(
            last_pk=found[-1], ended_at=None, begun_at=row.begun_at if row.last_pk else now
        )
    return len(found)


def mark_days() -> int:
    """What a day that has passed changes: a term is over, a delay that was granted has ended."""
    today = clock.today()
    late = Duty.objects.filter(state=DutyState.OPEN, due_on__lt=today).update(state=DutyState.LATE)
    ended = Duty.objects.filter(state=DutyState.EXCUSED, excused_until__lt=today)
    late += ended.filter(due_on__lt=today).update(state=DutyState.LATE)
    return late + ended.update(state=DutyState.OPEN)


@transaction.atomic
def derive_tasks(pks: Sequence[int]) -> int:
    """The duties of these tasks; returns how many rows were written."""
    tasks = Task.objects.filter(pk__in=pks).select_related("organization").order_by("pk")
    filings, points = _filings(pks)
    batch = _Batch(_locked(Q(task__in=list(pks))))
    stated = {row.task_id: row.stated_on for row in batch.rows if row.kind == DutyKind.REGISTER}
    receivers = _Receivers()
    for task in tasks:
        filing = filings.get(task.pk, Filing())
        for owed in owing.task_duties(
            task, filing, stated_on=stated.get(task.pk), today=batch.today
        ):
            point = points.get(task.pk) or receivers.of(task)
            batch.write(owed, point, task.organization_id, task=task)
    return batch.finish()


def _filings(pks: Sequence[int]) -> tuple[dict[int, Filing], dict[int, FocalPoint]]:
    """How far the dossiers of tasks have come, and who received them."""
    registered: dict[int, date] = {}
    results = Result.objects.filter(task__in=list(pks), withdrawn_at=None).order_by("-pk")
    for task, issued_on, accepted_on, imported_at in results.values_list(
        "task", "issued_on", "accepted_on", "imported_at"
    ):
        registered[task] = issued_on or accepted_on or _local(imported_at)
    filings = {task: Filing(filed_on=day) for task, day in registered.items()}
    points: dict[int, FocalPoint] = {}
    dossiers = (
        Dossier.objects.filter(task__in=list(pks))
        .exclude(state__in=CLOSED_STATES)
        .select_related("focal_point")
        .defer("form", "unread", "sessions")
        .order_by("pk")
    )
    for dossier in dossiers:
        filed_on = registered.get(dossier.task_id)
        is_filed = dossier.state in DESK_STATES or dossier.state == DossierState.REGISTERED
        if is_filed and dossier.first_submitted_at is not None:
            filed_on = _local(dossier.first_submitted_at)
        filings[dossier.task_id] = Filing(dossier.accepted_on, dossier.ip_filed_on, filed_on)
        if dossier.focal_point is not None:
            points[dossier.task_id] = dossier.focal_point
    return filings, points


def _local(moment: datetime) -> date:
    return moment.astimezone(clock.VIETNAM).date()


@transaction.atomic
def derive_results(pks: Sequence[int]) -> int:
    results = (
        Result.objects.filter(pk__in=pks)
        .select_related("organization", "task", "certificate__focal_point")
        .order_by("pk")
    )
    reported: dict[int, dict[int, date]] = {}
    for result, number, day in (
        Application.objects.standing()
        .filter(result__in=list(pks))
        .values_list("result", "year_number")
        .annotate(first=Min("reported_on"))
        .order_by("result", "year_number")
    ):
        reported.setdefault(result, {})[number] = day
    batch = _Batch(_locked(Q(result__in=list(pks))))
    receivers = _Receivers()
    for found in results:
        certificate = getattr(found, "certificate", None)
        point = certificate.focal_point if certificate else receivers.of(found)
        for owed in owing.result_duties(found, reported.get(found.pk, {}), today=batch.today):
            batch.write(owed, point, found.organization_id, result=found)
    return batch.finish()


@transaction.atomic
def derive_focal_points(pks: Sequence[int]) -> int:
    """The consolidated reports: the agency follows them up, each focal point owes its own."""
    points = list(FocalPoint.objects.filter(pk__in=pks).order_by("pk"))
    closed: dict[int, dict[int, date]] = {}
    for pk, year, day in YearlyReport.objects.filter(focal_point__in=points).values_list(
        "focal_point", "year", "closed_on"
    ):
        closed.setdefault(pk, {})[year] = day
    organizations = [point.organization_id for point in points]
    batch = _Batch(_locked(Q(kind=DutyKind.YEARLY_REPORT, organization__in=organizations)))
    agency = _Receivers().agency()
    for point in points:
        for owed in owing.focal_point_duties(point, closed.get(point.pk, {}), today=batch.today):
            batch.write(owed, agency or point, point.organization_id)
    return batch.finish(drops=False)


def _locked(which: Q) -> list[Duty]:
    return list(Duty.objects.select_for_update(of=("self",)).filter(which).order_by("pk"))


class _Batch:
    """The rows of one batch: those there are, under their lock, and those that are made."""

    def __init__(self, rows: list[Duty]) -> None:
        self.rows = rows
        self.today = clock.today()
        self._known = {row.key: row for row in rows}
        self._seen: set[str] = set()
        self._made: list[Duty] = []
        self._changed = 0

    def write(
        self, owed: Owed, point: FocalPoint | None, organization: int | None, **subject: Any
    ) -> None:
        """The row of a duty as it is now: made where it is new, left alone where nothing changed."""
        self._seen.add(owed.key)
        if point is None or organization is None:
            return
        row = self._known.get(owed.key)
        if row is None:
            row = Duty(key=owed.key, number=owed.number, kind=owed.kind, **subject)
        before = {name: getattr(row, name) for name in _FOLLOWS}
        _follow(row, owed, point, organization, self.today)
        if row.due_on != before["due_on"]:
            row.remind_on = first_reminder(row, self.today)
        if row.pk is None:
            self._made.append(row)
        elif any(getattr(row, name) != value for name, value in before.items()):
            row.save(update_fields=list(_FOLLOWS))
            self._changed += 1

    def finish(self, *, drops: bool = True) -> int:
        """Makes what is new and drops what is owed no longer; returns how many rows were written."""
        Duty.objects.bulk_create(self._made, ignore_conflicts=True)
        gone = [row for row in self.rows if row.key not in self._seen] if drops else []
        return len(self._made) + self._changed + _drop(gone)


def _follow(row: Duty, owed: Owed, point: FocalPoint, organization: int, today: date) -> None:
    row.organization_id = organization
    if row.is_dropped:
        row.excuse, row.is_dropped = "", False
    if not (row.pk and row.state == DutyState.DONE and owed.done_on):
        # What is done keeps the focal point, rule and term under which it was done.
        row.focal_point = point
        _set_rule(row, owed)
    row.done_on = owed.done_on
    row.state = _state(row, today)


#: What follows from the rules and the registers; everything else on the row is a person's.
_FOLLOWS = (
    "focal_point_id", "organization_id", "rule_book", "rule", "legal_basis", "basis_status", "since",
    "is_presumed", "due_on", "state", "done_on", "excuse", "is_dropped", "remind_on",
)  # fmt: skip


def _set_rule(row: Duty, owed: Owed) -> None:
    term = owed.due.rule
    book = next(book for book in rules.books() if book.code == owed.book)
    row.rule_book, row.rule = owed.book, term.code
    row.legal_basis = (term.legal_basis or book.legal_basis)[:500]
    row.basis_status = term.status or book.status
    row.since, row.due_on, row.is_presumed = owed.since, owed.due.on, owed.is_presumed


def _state(row: Duty, today: date) -> str:
    if row.done_on is not None:
        return DutyState.DONE
    if row.excuse and (row.excused_until is None or row.excused_until >= today):
        return DutyState.EXCUSED
    return DutyState.LATE if row.due_on < today else DutyState.OPEN


def first_reminder(row: Duty, today: date) -> date | None:
    told = dict(
        row.reminders.filter(due_on=row.due_on).values_list("step", "told_on") if row.pk else ()
    )
    step = owing.next_step(rules.reminder_steps(today), due_on=row.due_on, told=told, today=today)
    return step.on if step else None


def _drop(rows: Iterable[Duty]) -> int:
    """Duties whose subject no longer owes them: stopped, withdrawn, or complete by now."""
    dropped = 0
    for row in rows:
        if row.state not in OWED:
            continue
        if row.kind == DutyKind.ONGOING_SHEET and _is_complete(row):
            row.state, row.done_on = DutyState.DONE, clock.today()
        else:
            row.state, row.excuse, row.is_dropped = DutyState.EXCUSED, DROPPED, True
        row.save(update_fields=["state", "done_on", "excuse", "is_dropped"])
        dropped += 1
    return dropped


def _is_complete(row: Duty) -> bool:
    rule = next((r for r in rules.duty_rules(row.since) if r.code == row.kind), None)
    return rule is not None and all(getattr(row.task, name) for name in rule.needs)
