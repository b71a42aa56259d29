"""A mandate is asked for, confirmed, and ended by either side at any time. Entry points authorize."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.mandates import notices
from marketplace.mandates.models import (
    BROKER_KINDS,
    MANDATE_TRANSITIONS,
    Mandate,
    MandateState,
    Scope,
)

#: Consent is asked for again after at most so long.
LONGEST: Final = timedelta(days=366)


class NoBroker(DomainError):
    """Only organisations of certain kinds act for others."""


@transaction.atomic
def ask_for_mandate(
    broker: Organization, *, firm: Organization, scopes: list[Scope], note: str = "", by: User
) -> Mandate:
    """A broker asks a firm. Nothing is allowed before an owner of the firm confirms.

    Raises:
        NoBroker: this kind of organisation does not act for others.
        DomainError: the firm is not on the exchange, or was asked already.
    """
    if broker.kind not in BROKER_KINDS:
        raise NoBroker(_("Chỉ tổ chức trung gian mới xin ủy quyền được."))
    if firm.pk == broker.pk:
        raise DomainError(_("Tổ chức không cần ủy quyền cho chính mình."))
    if not firm.is_claimed or firm.is_hidden:
        raise DomainError(_("Doanh nghiệp này chưa có tài khoản trên sàn nên chưa ủy quyền được."))
    if not scopes:
        raise DomainError(_("Chọn ít nhất một việc bạn muốn làm thay."))
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                broker=broker,
                firm=firm,
                note=note.strip()[:500],
                asked_by=by,
                **{scope.value: scope in scopes for scope in Scope},
            )
    except IntegrityError as error:
        raise DomainError(
            _("Đã có một ủy quyền, hoặc một đề nghị đang chờ, với doanh nghiệp này.")
        ) from error
    _record("asked", mandate, by)
    notices.tell(mandate, by=by)
    return mandate


@transaction.atomic
def confirm_mandate(mandate: Mandate, *, scopes: list[Scope], last_day: date, by: User) -> None:
    """An owner of the firm agrees: to these things, to the end of that day. What was not asked for
    is not given."""
    asked = [scope for scope in scopes if scope in mandate.scopes]
    if not asked:
        raise DomainError(_("Chọn ít nhất một việc, hoặc từ chối."))
    today = clock.today()
    if not today < last_day <= today + LONGEST:
        raise DomainError(_("Chọn một ngày sau hôm nay, tối đa một năm."))
    ends = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=clock.VIETNAM)
    # What makes it valid is written first: the row may not be in force without it.
    Mandate.objects.filter(pk=mandate.pk, state=MandateState.ASKED).update(
        confirmed_by=by,
        confirmed_at=clock.now(),
        expires_at=ends,
        **{scope.value: scope in asked for scope in Scope},
    )
    transition(mandate, MandateState.ACTIVE, table=MANDATE_TRANSITIONS, by=by)
    mandate.refresh_from_db()
    _record(
        "confirmed",
        mandate,
        by,
        scopes=[scope.value for scope in asked],
        until=last_day.isoformat(),
    )
    notices.tell(mandate, by=by)


def decline_mandate(mandate: Mandate, *, by: User) -> None:
    """The firm does not want it."""
    _end(mandate, MandateState.DECLINED, by=by)


def withdraw_mandate(mandate: Mandate, *, by: User) -> None:
    """The firm takes its consent back: from this moment the broker can do nothing more for it."""
    _end(mandate, MandateState.WITHDRAWN, by=by)


def end_mandate(mandate: Mandate, *, by: User) -> None:
    """The broker takes its request back, or stops acting."""
    _end(mandate, MandateState.ENDED, by=by)


def expire_batch(limit: int = 100) -> int:
    """Closes what is past its day. Nothing was allowed since: `in_force` asks the clock itself."""
    due = list(Mandate.objects.due_to_expire().order_by("pk")[:limit])
    for mandate in due:
        _end(mandate, MandateState.EXPIRED, by=None)
    return len(due)


@transaction.atomic
def _end(mandate: Mandate, state: MandateState, *, by: User | None) -> None:
    actor: Any = by or "mandates.expire"
    transition(mandate, state, table=MANDATE_TRANSITIONS, by=actor)
    Mandate.objects.filter(pk=mandate.pk).update(ended_by=by, ended_at=clock.now())
    notices.tell(mandate, by=by)


def _record(act: str, mandate: Mandate, by: User, **data: Any) -> None:
    audit.record(
        f"mandate.{act}",
        f"mandate:{mandate.public_id}",
        by=by,
        broker=mandate.broker.public_id,
        firm=mandate.firm.public_id,
        **data,
    )
