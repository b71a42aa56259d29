"""Values that staff correct, and what is decided where a source says something else since."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.research.keeping import correct_application
from marketplace.research.models import Application, Sourced, Task
from marketplace.research.registering import record_task
from marketplace.research.uses import hold_results
from marketplace.sources.models import Conflict, Correction
from marketplace.sources.registers import APPLICATIONS, TASKS, register_of
from marketplace.sources.services.values import DERIVED, plain, put

State = Conflict.State


class NotCorrected(DomainError):
    """The value does not fit the field, or nothing would change."""


@transaction.atomic
def correct_field(record: Sourced, *, field: str, value: Any, reason: str, by: Any) -> Correction:
    """Writes another value into a field than its source has; what comes in later does not undo that.

    `value` is as JSON keeps it (an organisation by its key). Raises NotCorrected.
    """
    register = register_of(record)
    if field not in register.correctable:
        raise NotCorrected(_("Trường này không sửa tay được."))
    reason = " ".join(reason.split())
    if not reason:
        raise NotCorrected(_("Hãy ghi lý do sửa."))
    row = _locked(record)
    was = plain(row, field)
    if value == was:
        raise NotCorrected(_("Giá trị không thay đổi."))
    _check(row, field, value)
    correction = _keep(row, field, value, over=was, reason=reason, by=by)
    _write(row, field, value)
    return correction


@transaction.atomic
def edit_task(task: Task, *, values: Mapping[str, Any], by: Any) -> Task:
    """Brings a task to what staff wrote in its form. Of one that a source sends, each changed field is
    a correction, so that the source does not write over it without a word.

    Raises what `record_task` raises.
    """
    row = _locked(task)
    before = {name: plain(row, name) for name in TASKS.correctable}
    edited = record_task(values=values, source=row.source, source_id=row.source_id, by=by)
    _keep_edited(edited, before, reason=_("sửa trong sổ nhiệm vụ"), by=by)
    return edited


@transaction.atomic
def edit_application(
    application: Application, *, values: Mapping[str, Any], reason: str, by: Any
) -> Application:
    """The same of a report on the use of a result; raises what `correct_application` raises."""
    hold_results([application.result_id])
    row = _locked(application)
    before = {name: plain(row, name) for name in APPLICATIONS.correctable}
    edited = correct_application(row, values=values, reason=reason, by=by)
    _keep_edited(edited, before, reason=reason, by=by)
    return edited


def _keep_edited(row: Any, before: Mapping[str, Any], *, reason: str, by: Any) -> None:
    if not row.content_hash:
        return  # of our own: no source to write over it
    for name, was in before.items():
        if (value := plain(row, name)) != was:
            _keep(row, name, value, over=was, reason=reason, by=by)


def _keep(row: Any, field: str, value: Any, *, over: Any, reason: str, by: Any) -> Correction:
    """A correction that stands from now on, in place of the one that stood."""
    kind = register_of(row).record_type
    standing = Correction.objects.standing().of(type(row), [row.pk]).filter(field=field).first()
    if standing is not None:
        over = standing.over_value
        _end(standing)
    correction = Correction.objects.create(
        **{kind: row},
        field=field,
        value=value,
        over_value=over,
        reason=reason[:300],
        by=by,
        at=clock.now(),
    )
    audit.record(f"{kind}.corrected", _subject(row), by=by, field=field)
    return correction


@transaction.atomic
def take_back(correction: Correction, *, by: Any) -> None:
    """The correction ends and the field says again what its source says."""
    correction = _standing(correction)
    row = _locked(correction.record)
    _end(correction)
    _write(row, correction.field, correction.over_value)
    kind = register_of(row).record_type
    audit.record(f"{kind}.correction_taken_back", _subject(row), by=by, field=correction.field)


@transaction.atomic
def decide_conflict(conflict: Conflict, *, take: bool, by: Any) -> None:
    """Takes the source's new value, which ends the correction, or keeps what staff wrote.

    A value that was turned down is not asked about again. Raises InvalidTransition.
    """
    row = _locked(conflict.correction.record)
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if conflict.state != State.OPEN:
        raise InvalidTransition(_("Khác biệt này đã được xem xét."))
    correction = conflict.correction
    conflict.previous = correction.over_value
    conflict.state = State.TAKEN if take else State.KEPT
    conflict.decided_at, conflict.decided_by = clock.now(), by
    conflict.save(update_fields=["previous", "state", "decided_at", "decided_by"])
    correction.over_value = conflict.value
    if take:
        correction.ended_at = conflict.decided_at
        _write(row, correction.field, conflict.value)
    correction.save(update_fields=["over_value", "ended_at"])
    audit.record(f"conflict.{conflict.state}", _subject(row), by=by, field=correction.field)


@transaction.atomic
def reopen_conflict(conflict: Conflict, *, by: Any) -> None:
    """Takes a decision back: the conflict is open again and the corrected value stands.

    Raises InvalidTransition where the field has changed since.
    """
    row = _locked(conflict.correction.record)
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    correction = conflict.correction
    if conflict.state not in (State.KEPT, State.TAKEN) or conflict.decided_by_id is None:
        raise InvalidTransition(_("Không có quyết định nào để rút lại."))
    others = Correction.objects.standing().of(type(row), [row.pk]).filter(field=correction.field)
    is_news = Conflict.objects.filter(correction=correction, state=State.OPEN).exists()
    expected = conflict.value if conflict.state == State.TAKEN else correction.value
    if (
        is_news
        or others.exclude(pk=correction.pk).exists()
        or plain(row, correction.field) != expected
        or correction.over_value != conflict.value
    ):
        raise InvalidTransition(
            _("Trường này đã thay đổi từ khi quyết định, nên không rút lại được.")
        )
    if conflict.state == State.TAKEN:
        _write(row, correction.field, correction.value)
    correction.over_value, correction.ended_at = conflict.previous, None
    correction.save(update_fields=["over_value", "ended_at"])
    conflict.state, conflict.decided_at, conflict.decided_by = State.OPEN, None, None
    conflict.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("conflict.reopened", _subject(row), by=by, field=correction.field)


def _locked(record: Sourced) -> Any:
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.get(pk=record.pk)


def _subject(row: Any) -> str:
    return f"{register_of(row).record_type}:{row.public_id}"


def _standing(correction: Correction) -> Correction:
    found = Correction.objects.filter(pk=correction.pk, ended_at=None).first()
    if found is None:
        raise InvalidTransition(_("Chỗ sửa này không còn hiệu lực."))
    return found


def _end(correction: Correction) -> None:
    now = clock.now()
    Correction.objects.filter(pk=correction.pk).update(ended_at=now)
    Conflict.objects.filter(correction=correction, state=State.OPEN).update(
        state=State.GONE, decided_at=now
    )


def _check(row: Sourced, field: str, value: Any) -> None:
    put(row, field, value)
    others = {one.name for one in row._meta.fields} - {field}
    try:
        row.clean_fields(exclude=others)
        row.validate_constraints(exclude=others)
    except ValidationError as error:
        raise NotCorrected(" ".join(error.messages)) from error


def _write(row: Sourced, field: str, value: Any) -> None:
    put(row, field, value)
    row.save(update_fields=[field, *([DERIVED[field][0]] if field in DERIVED else ())])
