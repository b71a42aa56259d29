"""Filing: the dossier leaves the organisation for its focal point, and may come back."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.registration.checks import Fault, faults_of
from marketplace.registration.clocks import certificate_due
from marketplace.registration.models import Dossier
from marketplace.registration.notices import ARRIVED, RECEIVED, tell_desk, tell_organization
from marketplace.registration.receiving import NobodyReceives, find_focal_point
from marketplace.registration.services.drafts import take_columns
from marketplace.registration.services.rows import locked, move
from marketplace.registration.states import DossierState


class Incomplete(DomainError):
    """Parts are missing or have faults; `faults` names each."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("Hồ sơ chưa nộp được vì còn chỗ cần bổ sung."))
        self.faults = faults


@transaction.atomic
def submit_dossier(dossier: Dossier, *, by: User) -> Dossier:
    """Files the dossier with the focal point that receives such a task, and starts its clock.

    Raises:
        Incomplete: the machine's checks found something; nothing is filed.
        NobodyReceives: no focal point is named for the level and authority.
        InvalidTransition: it has been filed already.
    """
    row = locked(dossier)
    today = clock.today()
    found = faults_of(row.form, row.files.all(), on=today, unread=row.unread)
    if found and row.is_editable:
        raise Incomplete(found)
    form = row.form
    # A dossier goes back to who returned it, whatever the rows say meanwhile.
    focal_point = row.focal_point or find_focal_point(
        level=str(form.get("level") or ""),
        agency=str(form.get("agency") or ""),
        province_code=row.organization.province_code,
    )
    if focal_point is None:
        raise NobodyReceives(
            _(
                "Chưa có nơi tiếp nhận cho nhiệm vụ cấp này của cơ quan chủ quản đã ghi. Kiểm tra lại "
                "cấp và cơ quan chủ quản, hoặc liên hệ sàn."
            )
        )
    due = certificate_due(submitted_on=today, on=today)
    now = clock.now()
    move(
        row,
        DossierState.SUBMITTED,
        by=by,
        action="submitted",
        due_on=due.on if due else None,
        focal_point=focal_point,
        submitted_at=now,
        first_submitted_at=row.first_submitted_at or now,
        ruled_on=today,
    )
    tell_organization(row, RECEIVED, also=by)
    tell_desk(row, ARRIVED)
    return row


@transaction.atomic
def recall_dossier(dossier: Dossier, *, by: User) -> Dossier:
    """Takes a filed dossier back to mend it, while the focal point has not begun to read it."""
    row = locked(dossier)
    take_columns(row)
    move(row, DossierState.DRAFT, by=by, action="recalled", due_on=row.due_on)
    return row


@transaction.atomic
def withdraw_dossier(dossier: Dossier, *, by: User, reason: str = "") -> Dossier:
    row = locked(dossier)
    move(row, DossierState.WITHDRAWN, by=by, action="withdrawn", note=reason)
    return row
