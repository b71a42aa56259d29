"""Values that staff correct, and what is decided where a source says something else since."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.research.models import Result
from marketplace.sources.models import Conflict, Correction
from marketplace.sources.services.values import plain, put

State = Conflict.State

#: What staff may correct; the rest is derived, or says where the record is from.
CORRECTABLE: Final = (
    "title", "title_en", "abstract", "keywords", "language", "field_codes", "organization", "agency",
    "level", "year", "started_on", "ended_on", "funding", "archive_number", "result_code",
    "certificate_number", "products", "trl", "application_status", "application_note", "source_url",
)  # fmt: skip


class NotCorrected(DomainError):
    """The value does not fit the field, or nothing would change."""


@transaction.atomic
def correct_field(result: Result, *, field: str, value: Any, reason: str, by: Any) -> Correction:
    """Writes another value into a field than its source has; what comes in later does not undo that.

    `value` is as JSON keeps it (an organisation by its key). Raises NotCorrected.
    """
    if field not in CORRECTABLE:
        raise NotCorrected(_("Trường này không sửa tay được."))
    reason = " ".join(reason.split())
    if not reason:
        raise NotCorrected(_("Hãy ghi lý do sửa."))
    row = _locked(result)
    was = plain(row, field)
    if value == was:
        raise NotCorrected(_("Giá trị không thay đổi."))
    _check(row, field, value)
    standing = Correction.objects.filter(result=row, field=field, ended_at=None).first()
    over = was
    if standing is not None:
        over = standing.over_value
        _end(standing)
    correction = Correction.objects.create(
        result=row,
        field=field,
        value=value,
        over_value=over,
        reason=reason[:300],
        by=by,
        at=clock.now(),
    )
    _write(row, field, value)
    audit.record("result.corrected", f"result:{row.public_id}", by=by, field=field)
    return correction


@transaction.atomic
def take_back(correction: Correction, *, by: Any) -> None:
    """The correction ends and the field says again what its source says."""
    correction = _standing(correction)
    row = _locked(correction.result)
    _end(correction)
    _write(row, correction.field, correction.over_value)
    audit.record(
        "result.correction_taken_back", f"result:{row.public_id}", by=by, field=correction.field
    )


@transaction.atomic
def decide_conflict(conflict: Conflict, *, take: bool, by: Any) -> None:
    """Takes the source's new value, which ends the correction, or keeps what staff wrote.

    A value that was turned down is not asked about again. Raises InvalidTransition.
    """
    row = _locked(conflict.correction.result)
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
    audit.record(
        f"conflict.{conflict.state}", f"result:{row.public_id}", by=by, field=correction.field
    )


@transaction.atomic
def reopen_conflict(conflict: Conflict, *, by: Any) -> None:
    """Takes a decision back: the conflict is open again and the corrected value stands.

    Raises InvalidTransition where the field has changed since.
    """
    row = _locked(conflict.correction.result)
    conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    correction = conflict.correction
    if conflict.state not in (State.KEPT, State.TAKEN) or conflict.decided_by_id is None:
        raise InvalidTransition(_("Không có quyết định nào để rút lại."))
    others = Correction.objects.filter(result=row, field=correction.field, ended_at=None)
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
    audit.record("conflict.reopened", f"result:{row.public_id}", by=by, field=correction.field)


def _locked(result: Result) -> Result:
    return Result.objects.select_for_update(of=("self",)).get(pk=result.pk)


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


def _check(row: Result, field: str, value: Any) -> None:
    put(row, field, value)
    others = {one.name for one in row._meta.fields} - {field}
    try:
        row.clean_fields(exclude=others)
        row.validate_constraints(exclude=others)
    except ValidationError as error:
        raise NotCorrected(" ".join(error.messages)) from error


def _write(row: Result, field: str, value: Any) -> None:
    put(row, field, value)
    row.save(update_fields=[field])
