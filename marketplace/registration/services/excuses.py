"""What a focal point's people say of a duty: excused, put off, owed again, accepted on another day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.registration.models import OWED, Duty, DutyKind, DutyState
from marketplace.registration.services.duties import derive_tasks


@transaction.atomic
def excuse_duty(duty: Duty, *, by: User, reason: str, until: date | None = None) -> Duty:
    """It is not owed, or not before a day: with a reason, by name.

    Raises:
        DomainError: no reason is given, or the day has passed.
        InvalidTransition: it is no longer owed.
    """
    reason = reason.strip()[:500]
    if not reason:
        raise DomainError(_("Ghi lý do miễn hoặc hoãn."))
    if until is not None and until <= clock.today():
        raise DomainError(_("Chọn một ngày sau hôm nay, hoặc để trống nếu miễn hẳn."))
    excused = Duty.objects.filter(pk=duty.pk, state__in=OWED).update(
        state=DutyState.EXCUSED, excuse=reason, excused_by=by, excused_until=until
    )
    if not excused:
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    audit.record("duty.excused", f"duty:{duty.public_id}", by=by)
    duty.refresh_from_db()
    return duty


@transaction.atomic
def reopen_duty(duty: Duty, *, by: User) -> Duty:
    """The excuse is taken back: owed again, by its own term."""
    state = DutyState.LATE if duty.due_on < clock.today() else DutyState.OPEN
    reopened = Duty.objects.filter(pk=duty.pk, state=DutyState.EXCUSED, is_dropped=False).update(
        state=state, excuse="", excused_by=None, excused_until=None
    )
    if not reopened:
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    audit.record("duty.reopened", f"duty:{duty.public_id}", by=by)
    duty.refresh_from_db()
    return duty


@transaction.atomic
def state_acceptance(duty: Duty, *, by: User, accepted_on: date) -> Duty:
    """The acceptance's own day, where the register only knows when the task was to end.

    Raises:
        DomainError: the day lies ahead, or the duty does not begin with an acceptance.
    """
    if duty.kind != DutyKind.REGISTER or duty.task_id is None:
        raise DomainError(_("Chỉ ghi ngày nghiệm thu cho việc đăng ký kết quả."))
    if accepted_on > clock.today():
        raise DomainError(_("Ngày này chưa đến."))
    Duty.objects.filter(pk=duty.pk).update(stated_on=accepted_on)
    derive_tasks([duty.task_id])
    audit.record("duty.acceptance_stated", f"duty:{duty.public_id}", by=by)
    duty.refresh_from_db()
    return duty
