"""The staff desk: an organisation that matches a need but is not on the exchange yet."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, Outreach, OutreachCall, OutreachState, User
from marketplace.accounts.states import OUTREACH_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition


@transaction.atomic
def open_outreach(organization: Organization, *, reason: str, by: Any = "") -> Outreach | None:
    """The organisation's open case, made where there is none.

    None where the organisation has come to the exchange: there is nobody left to look for.
    """
    status = Organization.objects.filter(pk=organization.pk).values_list("status", flat=True).get()
    if status != "unclaimed":
        return None
    found = Outreach.objects.open().filter(organization=organization).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            case = Outreach.objects.create(organization=organization, reason=reason[:300])
    except IntegrityError:  # another stage opened it between the two lines
        return Outreach.objects.open().filter(organization=organization).get()
    audit.record("outreach.opened", f"organization:{organization.public_id}", by=by)
    return case


@transaction.atomic
def log_call(
    outreach: Outreach, *, by: User, note: str, next_action_on: date | None = None
) -> OutreachCall:
    """Adds a line to the log; the first one says that the organisation was reached."""
    note = note.strip()
    if not note:
        raise DomainError(_("Hãy ghi nội dung cuộc gọi."))
    if outreach.state in (OutreachState.CLAIMED, OutreachState.CLOSED):
        raise InvalidTransition(_("Hồ sơ liên hệ này đã kết thúc."))
    if outreach.state == OutreachState.OPEN:
        move_outreach(outreach, OutreachState.CONTACTED, by=by)
    outreach.next_action_on = next_action_on
    outreach.save(update_fields=["next_action_on", "updated_at"])
    return OutreachCall.objects.create(outreach=outreach, by=by, at=clock.now(), note=note)


@transaction.atomic
def move_outreach(outreach: Outreach, to: str, *, by: Any, reason: str = "") -> None:
    transition(outreach, to, table=OUTREACH_TRANSITIONS, by=by, reason=reason)
    Outreach.objects.filter(pk=outreach.pk).update(updated_at=clock.now())
