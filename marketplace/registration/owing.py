"""What follows from the rules for one task, result or focal point: pure, no row is written."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.registration import rules
from marketplace.registration.clocks import Due, application_reports_due, due_day, registration_due
from marketplace.registration.models import DutyKind, FocalPoint, RuleBook
from marketplace.registration.rules import DutyRule, ReminderStep
from marketplace.research.models import Result, Task, TaskState
from marketplace.taxonomy.clocks import add_months

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as the rules have it now."""

    key: str
    kind: str
    number: int
    since: date
    due: Due
    is_presumed: bool
    done_on: date | None
    book: str


@dataclass(frozen=True, slots=True)
class Filing:
    """How far the registration of a task has come. `filed_on`: it lies at a focal point or is decided;
    what was sent back for corrections is the unit's again."""

    accepted_on: date | None = None
    ip_filed_on: date | None = None
    filed_on: date | None = None


def last_day(written: str) -> date | None:
    """The last day that a date of the register can mean: "2026-03" is 31 March 2026."""
    found = _DAY.fullmatch(written.strip())
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    try:
        return date(year, month, int(found[3] or calendar.monthrange(year, month)[1]))
    except (ValueError, calendar.IllegalMonthError):
        return None


def task_duties(
    task: Task, filing: Filing, *, stated_on: date | None, today: date
) -> Iterator[Owed]:
    """What the lead organisation owes of a task: its sheet, and the registration of its results."""
    if task.withdrawn_at is not None or task.state == TaskState.STOPPED:
        return
    told = stated_on or filing.accepted_on or task.accepted_on
    start = told or last_day(task.ended_on)
    rule = _rule(DutyKind.REGISTER, start, task.level, today)
    if rule is not None and start is not None:
        due = registration_due(
            accepted_on=start, ip_filed_on=filing.ip_filed_on, agency=task.agency, on=start
        )
        if due is not None:
            yield _owed(task.public_id, rule, start, due, filing.filed_on, is_presumed=told is None)
    start = task.contracted_on or task.approved_on
    rule = _rule(DutyKind.ONGOING_SHEET, start, task.level, today)
    is_whole = rule is not None and all(getattr(task, name) for name in rule.needs)
    if rule is not None and start is not None and task.state == TaskState.ONGOING and not is_whole:
        term = rules.deadline(rule.deadline, start)
        day = due_day(term, {term.start: start})
        if day is not None:
            presumed = task.contracted_on is None
            yield _owed(task.public_id, rule, start, Due(day, term), None, is_presumed=presumed)


def result_duties(
    result: Result, reported: dict[int, date], *, today: date, accepted_on: date | None = None
) -> Iterator[Owed]:
    """The yearly reports on application whose year has begun; the next one begins when one is due."""
    if result.withdrawn_at is not None:
        return
    told = result.accepted_on or accepted_on
    start = told or result.issued_on
    rule = _rule(DutyKind.APPLICATION_REPORT, start, result.level, today)
    if rule is None or start is None or not _is_of_kind(result.task, rule):
        return
    for number, due in enumerate(application_reports_due(accepted_on=start, on=start), start=1):
        since = add_months(start, due.rule.amount * (number - 1))
        if since > today:
            return
        yield _owed(
            result.public_id, rule, since, due, reported.get(number), number=number,
            is_presumed=told is None,
        )  # fmt: skip


def focal_point_duties(
    point: FocalPoint, closed: dict[int, date], *, today: date
) -> Iterator[Owed]:
    """The consolidated reports of this year and the last one."""
    for year in (today.year - 1, today.year):
        since, end = date(year, 1, 1), date(year, 12, 31)
        rule = _rule(DutyKind.YEARLY_REPORT, since, "", today)
        if rule is None or (point.valid_from and point.valid_from > end):
            continue
        term = rules.deadline(rule.deadline, end)
        day = due_day(term, {term.start: end})
        if day is not None:
            yield _owed(
                point.slug, rule, since, Due(day, term), closed.get(year), number=year,
                is_presumed=False,
            )  # fmt: skip


def _rule(kind: str, start: date | None, level: str, today: date) -> DutyRule | None:
    """The rule for a duty that arose on a day; none where it is not followed up, or lies ahead."""
    if start is None or start > today:
        return None
    rule = next((rule for rule in rules.duty_rules(start) if rule.code == kind), None)
    if rule is None or start < rule.first_day or (rule.levels and level not in rule.levels):
        return None
    return rule


def _is_of_kind(task: Task | None, rule: DutyRule) -> bool:
    """Whether the rule is for tasks of this kind; of whom nobody said which it is, it holds."""
    kind = task.kind if task is not None else ""
    return not kind or not rule.task_kinds or kind in rule.task_kinds


def _owed(
    subject: str,
    rule: DutyRule,
    since: date,
    due: Due,
    done_on: date | None,
    *,
    is_presumed: bool,
    number: int = 0,
) -> Owed:
    return Owed(
        key=f"{rule.code}:{subject}:{number}" if number else f"{rule.code}:{subject}",
        kind=rule.code,
        number=number,
        since=since,
        due=due,
        is_presumed=is_presumed,
        done_on=done_on,
        book=rules.book(RuleBook.Kind.DUTIES, since).code,
    )


@dataclass(frozen=True, slots=True)
class NextStep:
    step: ReminderStep
    on: date


def next_step(
    steps: Iterable[ReminderStep], *, due_on: date, told: dict[str, date], today: date
) -> NextStep | None:
    """The step of reminding that comes next, and on which day.

    Of notices whose days have all passed, the last is enough: who is found to be late today is told
    once. A letter is never the first step, and each step keeps its distance from the one before.
    """
    ordered = list(steps)
    taken = [at for at, step in enumerate(ordered) if step.code in told]
    left = ordered[max(taken) + 1 :] if taken else ordered
    if not left:
        return None
    passed: list[ReminderStep] = []
    for step in left:
        if step.via != "notice" or day_of(step, due_on) > today:
            break
        passed.append(step)
    step = passed[-1] if passed else left[0]
    on = day_of(step, due_on)
    if told:
        on = max(on, date.fromordinal(max(told.values()).toordinal() + step.gap_days))
    return NextStep(step, on)


def day_of(step: ReminderStep, due_on: date) -> date:
    return date.fromordinal(due_on.toordinal() + step.days)
