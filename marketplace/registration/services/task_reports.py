"""Tasks that the register lacks: entered by the unit, put into the register by the focal point."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.text import fold
from marketplace.core.transitions import transition
from marketplace.registration.models import FocalPoint, TaskReport
from marketplace.registration.notices import TASK_ANSWERED, TASK_REPORTED, tell_of_task_report
from marketplace.registration.receiving import NobodyReceives, find_focal_point
from marketplace.registration.states import TASK_REPORT_TRANSITIONS, TaskReportState
from marketplace.research.models import Task, TaskState
from marketplace.research.secrecy import SECRECY, refuse_classified
from marketplace.research.services import record_task

#: Days among the values of a report; a task keeps some of them as they were written.
_DAYS: Final = frozenset({"accepted_on", "approved_on", "contracted_on"})
_PEOPLE: Final = ("leader", "members")


class AlreadyKnown(DomainError):
    """The register has such a task; `task` is it."""

    def __init__(self, task: Task) -> None:
        super().__init__(_("Cơ sở dữ liệu đã có nhiệm vụ này: %(title)s") % {"title": task.title})
        self.task = task


@transaction.atomic
def report_task(
    organization: Organization, *, values: Mapping[str, Any], secrecy: str, by: User
) -> TaskReport:
    """Sends a task to the focal point that receives such tasks, to be put into the register.

    Raises:
        Classified: the level is any but "normal"; nothing is kept.
        AlreadyKnown: a task has its code, or is the organisation's under the same title.
        NobodyReceives: no focal point is named for the level and authority.
    """
    refuse_classified({SECRECY: secrecy})
    _refuse_known(organization, values)
    report = TaskReport(organization=organization, created_by=by)
    _fill(report, values)
    report.save()
    audit.record("task_report.submitted", f"task_report:{report.public_id}", by=by)
    tell_of_task_report(report, TASK_REPORTED)
    return report


@transaction.atomic
def send_task_report_again(
    report: TaskReport, *, values: Mapping[str, Any], secrecy: str, by: User
) -> TaskReport:
    """Sends a report that came back, corrected. Raises as `report_task`, and InvalidTransition."""
    refuse_classified({SECRECY: secrecy})
    row = _locked(report)
    _refuse_known(row.organization, values)
    transition(row, TaskReportState.SUBMITTED, table=TASK_REPORT_TRANSITIONS, by=by)
    _fill(row, values)
    row.reason = ""
    row.save()
    tell_of_task_report(row, TASK_REPORTED)
    return row


@transaction.atomic
def withdraw_task_report(report: TaskReport, *, by: User) -> None:
    transition(report, TaskReportState.WITHDRAWN, table=TASK_REPORT_TRANSITIONS, by=by)


@transaction.atomic
def confirm_task_report(report: TaskReport, *, by: User) -> Task:
    """Puts the task into the register; from now on its results can be registered.

    Raises:
        AlreadyKnown: such a task has come in meanwhile.
        InvalidTransition: somebody has answered already.
    """
    row = _locked(report)
    _refuse_known(row.organization, row.values)
    task = record_task(values=task_values(row), source_id=row.public_id, by=by)
    row.task, row.decided_by, row.decided_at = task, by, clock.now()
    row.save(update_fields=["task", "decided_by", "decided_at"])
    transition(row, TaskReportState.CONFIRMED, table=TASK_REPORT_TRANSITIONS, by=by)
    tell_of_task_report(row, TASK_ANSWERED)
    return task


@transaction.atomic
def return_task_report(report: TaskReport, *, by: User, reason: str) -> TaskReport:
    """Sends it back with what has to be corrected; raises InvalidTransition."""
    reason = " ".join(reason.split())[:600]
    if not reason:
        raise DomainError(_("Hãy ghi cần sửa gì."))
    row = _locked(report)
    row.reason, row.decided_by, row.decided_at = reason, by, clock.now()
    row.save(update_fields=["reason", "decided_by", "decided_at"])
    transition(row, TaskReportState.RETURNED, table=TASK_REPORT_TRANSITIONS, by=by)
    tell_of_task_report(row, TASK_ANSWERED)
    return row


def task_values(report: TaskReport) -> dict[str, Any]:
    """What the unit wrote, as `record_task` takes it."""
    given = report.values
    values = {name: value for name, value in given.items() if name not in (*_PEOPLE, *_DAYS)}
    values |= {name: date.fromisoformat(given[name]) for name in _DAYS if given.get(name)}
    lead, members = given.get("leader", ""), given.get("members", [])
    people = [{"name": lead, "role": "lead"}] if lead else []
    values["people"] = [*people, *({"name": name, "role": "member"} for name in members)]
    values["organization"] = report.organization
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _fill(report: TaskReport, values: Mapping[str, Any]) -> None:
    report.values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value not in (None, "", [])
    }
    report.title = str(values["title"])[:1000]
    report.focal_point = _receiver(report.organization, values)
    report.submitted_at = clock.now()


def _receiver(organization: Organization, values: Mapping[str, Any]) -> FocalPoint:
    found = find_focal_point(
        level=str(values.get("level") or ""),
        agency=str(values.get("agency") or ""),
        province_code=organization.province_code,
    )
    if found is None:
        raise NobodyReceives(
            _(
                "Chưa có đầu mối nào nhận nhiệm vụ cấp này của cơ quan chủ quản đã ghi. Kiểm tra lại "
                "cấp và cơ quan chủ quản, hoặc liên hệ sàn."
            )
        )
    return found


def _refuse_known(organization: Organization, values: Mapping[str, Any]) -> None:
    code, title = str(values.get("code") or "").strip(), fold(str(values.get("title") or ""))
    own = Q(organization=organization) & ~Q(state=TaskState.COMPLETED)
    known = Task.objects.public()
    if code and (found := known.filter(code__iexact=code).first()):
        raise AlreadyKnown(found)
    for task in known.filter(own).only("title", "public_id", "organization"):
        if fold(task.title) == title:
            raise AlreadyKnown(task)


def _locked(report: TaskReport) -> TaskReport:
    return (
        TaskReport.objects.select_for_update(of=("self",))
        .select_related("organization", "focal_point__organization")
        .get(pk=report.pk)
    )
