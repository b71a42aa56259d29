"""Inspections: the plan of a year, its visits, findings and their follow-up."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.core.uploads import CheckedFile
from marketplace.registration.models import (
    PLAN_TRANSITIONS,
    VISIT_TRANSITIONS,
    Finding,
    FocalPoint,
    FollowUp,
    InspectionPlan,
    InspectionVisit,
    PlanState,
    VisitState,
)


class PlanExists(DomainError):
    """The focal point has a plan of that year."""


@transaction.atomic
def start_plan(point: FocalPoint, year: int, *, by: User, note: str = "") -> InspectionPlan:
    """A draft plan of a year; there is one a focal point and year.

    Raises:
        PlanExists: it is there already.
    """
    try:
        with transaction.atomic():
            plan = InspectionPlan.objects.create(focal_point=point, year=year, note=note.strip())
    except IntegrityError as error:
        raise PlanExists(_("Kế hoạch năm %(year)s đã có.") % {"year": year}) from error
    audit.record("inspection_plan.started", _subject(plan), by=by)
    return plan


def _subject(plan: InspectionPlan) -> str:
    return f"inspection_plan:{plan.focal_point_id}:{plan.year}"


@transaction.atomic
def approve_plan(plan: InspectionPlan, *, by: User, decision: str, approved_on: date) -> None:
    """Raises DomainError where the plan has no visit, or the decision is missing or lies ahead."""
    decision = decision.strip()[:120]
    if not decision:
        raise DomainError(_("Ghi số quyết định phê duyệt."))
    if approved_on > clock.today():
        raise DomainError(_("Ngày này chưa đến."))
    if not plan.visits.exclude(state=VisitState.CANCELLED).exists():
        raise DomainError(_("Kế hoạch chưa có buổi kiểm tra nào."))
    InspectionPlan.objects.filter(pk=plan.pk, state=PlanState.DRAFT).update(
        decision=decision, approved_on=approved_on
    )
    transition(plan, PlanState.APPROVED, table=PLAN_TRANSITIONS, by=by, reason=decision)
    plan.refresh_from_db()


@transaction.atomic
def take_back_plan(plan: InspectionPlan, *, by: User) -> None:
    """An approved plan is a draft again, to be changed and approved anew."""
    transition(plan, PlanState.DRAFT, table=PLAN_TRANSITIONS, by=by)
    plan.refresh_from_db()


@transaction.atomic
def add_visit(
    plan: InspectionPlan,
    *,
    by: User,
    organization: Organization,
    planned_on: date,
    members: str = "",
) -> InspectionVisit:
    """A visit of a draft plan, in its year.

    Raises:
        DomainError: the plan is approved, the day is of another year, or the visit is there already.
    """
    held = InspectionPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if held.is_approved:
        raise DomainError(_("Kế hoạch đã duyệt. Mở lại kế hoạch trước khi sửa."))
    if planned_on.year != held.year:
        raise DomainError(_("Ngày dự kiến phải trong năm %(year)s.") % {"year": held.year})
    try:
        with transaction.atomic():
            visit = InspectionVisit.objects.create(
                plan=held, organization=organization, planned_on=planned_on, members=members.strip()
            )
    except IntegrityError as error:
        raise DomainError(_("Buổi kiểm tra này đã có trong kế hoạch.")) from error
    audit.record("inspection_visit.planned", f"inspection_visit:{visit.public_id}", by=by)
    return visit


def record_minutes(
    visit: InspectionVisit,
    *,
    by: User,
    visited_on: date,
    minutes: str,
    members: str = "",
    file: CheckedFile | None = None,
) -> None:
    """What the visit found, as text and, where there is one, the signed minutes as a file.

    The file goes to the private storage before the transaction, and away again where that fails.

    Raises:
        DomainError: the plan is not approved, the day lies ahead, or there is no text.
        InvalidTransition: the visit is not a planned one any more.
    """
    minutes = minutes.strip()
    if not minutes:
        raise DomainError(_("Ghi tóm tắt biên bản."))
    if visited_on > clock.today():
        raise DomainError(_("Ngày này chưa đến."))
    if not visit.plan.is_approved:
        raise DomainError(_("Kế hoạch chưa được duyệt."))
    values: dict[str, Any] = {"visited_on": visited_on, "minutes": minutes}
    if members.strip():
        values["members"] = members.strip()
    stored = ""
    if file is not None:
        visit.minutes_file.save(str(file.content.name), file.content, save=False)
        stored = str(visit.minutes_file.name)
        values |= {
            "minutes_file": stored,
            "minutes_name": file.display_name[:200],
            "minutes_type": file.content_type,
        }
    try:
        with transaction.atomic():
            InspectionVisit.objects.filter(pk=visit.pk, state=VisitState.PLANNED).update(**values)
            transition(visit, VisitState.DONE, table=VISIT_TRANSITIONS, by=by)
    except (DomainError, IntegrityError):
        if stored:
            visit.minutes_file.storage.delete(stored)
        raise
    visit.refresh_from_db()


@transaction.atomic
def cancel_visit(visit: InspectionVisit, *, by: User) -> None:
    transition(visit, VisitState.CANCELLED, table=VISIT_TRANSITIONS, by=by)


@transaction.atomic
def add_finding(
    visit: InspectionVisit, *, by: User, severity: str, text: str, due_on: date
) -> Finding:
    """Something the unit has to mend by a day.

    Raises:
        DomainError: the visit has not taken place, or the day is before it.
    """
    if visit.state != VisitState.DONE or visit.visited_on is None:
        raise DomainError(_("Ghi biên bản trước khi ghi phát hiện."))
    if due_on < visit.visited_on:
        raise DomainError(_("Hạn khắc phục phải sau ngày kiểm tra."))
    finding = Finding.objects.create(
        visit=visit, severity=Finding.Severity(severity), text=text.strip(), due_on=due_on
    )
    audit.record("finding.recorded", f"finding:{finding.public_id}", by=by)
    return finding


@transaction.atomic
def follow_up(finding: Finding, *, by: User, note: str, closes: bool = False) -> FollowUp:
    """A line of the follow-up; with `closes` the finding is done with.

    Raises:
        DomainError: nothing is said.
        InvalidTransition: the finding is closed.
    """
    note = note.strip()
    if not note:
        raise DomainError(_("Ghi đơn vị đã làm gì."))
    held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if held.closed_on is not None:
        raise InvalidTransition(_("Phát hiện này đã đóng."))
    line = FollowUp.objects.create(
        finding=held, at=clock.now(), by=by, note=note, is_closing=closes
    )
    if closes:
        # The condition is in the UPDATE too: SQLite takes no row lock.
        if not Finding.objects.filter(pk=held.pk, closed_on=None).update(closed_on=clock.today()):
            raise InvalidTransition(_("Phát hiện này đã đóng."))
        audit.record("finding.closed", f"finding:{held.public_id}", by=by)
    finding.refresh_from_db()
    return line
