"""Reminders of duties in rising steps: notice, letter, who stands above; each step of a duty once."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from marketplace.core import clock
from marketplace.registration import owing, rules
from marketplace.registration.duty_notices import tell_agency, tell_desk_of_letter, tell_unit
from marketplace.registration.models import Duty, DutyReminder, FocalPoint
from marketplace.registration.rules import ReminderStep
from marketplace.registration.services.duties import (
    derive_focal_points,
    derive_results,
    derive_tasks,
)
from marketplace.registration.services.letters import draft_letter


def remind_duties_batch(limit: int = 20) -> int:
    """Takes the next step with units that a day has reached; the stage `registration.duty_reminders`.

    All duties of a unit that have come to one step are one notice or one letter. The steps taken, the
    notice and the letter are one transaction: ended anywhere, all of it is done again or none of it.
    Returns how many units were told.
    """
    today = clock.today()
    units = list(
        Duty.objects.owed()
        .filter(remind_on__lte=today)
        .order_by("focal_point_id", "organization_id")
        .values_list("focal_point_id", "organization_id")
        .distinct()[:limit]
    )
    for focal_point, organization in units:
        _look_again(focal_point, organization, today)
        _remind_unit(focal_point, organization, today)
    return len(units)


def _due_now(focal_point: int, organization: int, today: date) -> list[Duty]:
    return list(
        Duty.objects.owed()
        .filter(focal_point=focal_point, organization=organization, remind_on__lte=today)
        .order_by("due_on", "pk")
    )


def _look_again(focal_point: int, organization: int, today: date) -> None:
    """Whoever has reported since the last pass is not reminded."""
    duties = _due_now(focal_point, organization, today)
    if tasks := [duty.task_id for duty in duties if duty.task_id]:
        derive_tasks(tasks)
    if results := [duty.result_id for duty in duties if duty.result_id]:
        derive_results(results)
    if any(not (duty.task_id or duty.result_id) for duty in duties):
        points = FocalPoint.objects.filter(organization=organization)
        derive_focal_points(list(points.values_list("pk", flat=True)))


@transaction.atomic
def _remind_unit(focal_point: int, organization: int, today: date) -> None:
    locked = Duty.objects.select_for_update(of=("self",)).owed()
    duties = list(
        locked.filter(focal_point=focal_point, organization=organization, remind_on__lte=today)
        .select_related("organization", "focal_point__organization", "task", "result")
        .order_by("pk")
    )
    steps = rules.reminder_steps(today)
    terms = {row.pk: row.due_on for row in duties}
    told: dict[int, dict[str, date]] = {}
    for duty, due_on, step, day in DutyReminder.objects.filter(duty__in=duties).values_list(
        "duty", "due_on", "step", "told_on"
    ):
        if due_on == terms[duty]:
            told.setdefault(duty, {})[step] = day
    by_step: dict[str, tuple[ReminderStep, list[Duty]]] = {}
    for row in duties:
        taken = told.get(row.pk, {})
        following = owing.next_step(steps, due_on=row.due_on, told=taken, today=today)
        if following is not None and following.on <= today:
            by_step.setdefault(following.step.code, (following.step, []))[1].append(row)
            taken = taken | {following.step.code: today}
            following = owing.next_step(steps, due_on=row.due_on, told=taken, today=today)
        Duty.objects.filter(pk=row.pk).update(remind_on=following.on if following else None)
    for taken_step, reached in by_step.values():
        _take(taken_step, reached, today)


def _take(step: ReminderStep, duties: Sequence[Duty], today: date) -> None:
    letter = None
    if step.via == DutyReminder.Via.NOTICE:
        tell_unit(duties, step=step.code)
    else:
        # A letter names everything that the unit is late with, whatever step the rest has come to.
        first = duties[0]
        late = Duty.objects.late().filter(
            focal_point=first.focal_point_id, organization=first.organization_id
        )
        letter = draft_letter(
            first.focal_point,
            first.organization,
            list(late.for_rows().by_due_day()) or duties,
            wording=step.wording,
            by=None,
        )
        tell_desk_of_letter(letter, duties, step=step.code)
    if step.via == DutyReminder.Via.HEAD:
        kind = FocalPoint.Kind.AGENCY
        agency = FocalPoint.objects.active().filter(kind=kind).order_by("pk").first()
        if agency is not None:
            tell_agency(agency, duties, step=step.code)
    DutyReminder.objects.bulk_create(
        [
            DutyReminder(
                duty=duty, step=step.code, due_on=duty.due_on, via=step.via, told_on=today,
                letter=letter,
            )
            for duty in duties
        ]
    )  # fmt: skip
