"""Who registers and who works there: named, ended and taken up again by the exchange's leads."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.registration.models import Dossier, FocalOfficer, FocalPoint
from marketplace.registration.services.rows import record
from marketplace.registration.states import DESK_STATES, DossierState

#: What lies at a focal point, or comes back to it.
_HELD = DESK_STATES | {DossierState.RETURNED}


class NotNamed(DomainError):
    """A value does not fit, or the person or body cannot be named."""


@transaction.atomic
def save_focal_point(point: FocalPoint, *, by: User) -> FocalPoint:
    """Writes a focal point as the form filled it in.

    Raises:
        ValidationError: a value does not fit, its code in numbers is another's, or it would be a
            second agency.
    """
    is_new = point.pk is None
    point.full_clean()
    point.save()
    action = "focal_point.created" if is_new else "focal_point.changed"
    audit.record(action, f"focal_point:{point.slug}", by=by)
    return point


@transaction.atomic
def close_focal_point(
    point: FocalPoint, *, by: User, reason: str, successor: FocalPoint | None = None
) -> int:
    """Ends a focal point today; what lies there goes to its successor. Returns how many dossiers.

    Its people have no desk any more; certificates and letters it gave out stay its own.

    Raises:
        NotNamed: dossiers wait there and nobody is named to take them over.
        InvalidTransition: it has ended already.
    """
    row = _locked(point)
    if not row.is_active:
        raise InvalidTransition(_("Đầu mối này đã ngừng."))
    reason = _reason(reason)
    held = Dossier.objects.select_for_update(of=("self",)).filter(focal_point=row, state__in=_HELD)
    waiting = list(held.order_by("pk"))
    if waiting and (successor is None or successor.pk == row.pk or not successor.is_active):
        raise NotNamed(
            _("Còn %(count)d hồ sơ ở đầu mối này. Chọn đầu mối đang hoạt động để nhận chúng.")
            % {"count": len(waiting)}
        )
    for dossier in waiting:
        dossier.focal_point = successor
        dossier.save(update_fields=["focal_point"])
        record(dossier, "handed_over", by=by, by_desk=True, note=reason, due_on=dossier.due_on)
    row.is_active, row.valid_to = False, clock.today()
    row.save(update_fields=["is_active", "valid_to"])
    audit.record(
        "focal_point.closed",
        f"focal_point:{row.slug}",
        by=by,
        handed_over=len(waiting),
        successor=successor.slug if successor else "",
        reason=reason,
    )
    return len(waiting)


@transaction.atomic
def reopen_focal_point(point: FocalPoint, *, by: User) -> None:
    """Takes the end back; dossiers that were handed over stay where they are.

    Raises:
        InvalidTransition: it has not ended.
        NotNamed: another agency is at work meanwhile.
    """
    row = _locked(point)
    if row.is_active:
        raise InvalidTransition(_("Đầu mối này đang hoạt động."))
    row.is_active, row.valid_to = True, None
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise NotNamed(" ".join(error.messages)) from error
    row.save(update_fields=["is_active", "valid_to"])
    audit.record("focal_point.reopened", f"focal_point:{row.slug}", by=by)


@transaction.atomic
def appoint_officer(point: FocalPoint, *, email: str, role: str, by: User) -> FocalOfficer:
    """Names a person with an account an officer; naming them again changes their role.

    Nobody names themselves: whoever opens desks does not sit at one by their own hand.

    Raises:
        NotNamed: nobody with this address can sign in, or it is the person who asks.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise NotNamed(_("Chưa có tài khoản nào với email này. Mời người đó lập tài khoản trước."))
    if user.pk == by.pk:
        raise NotNamed(_("Bạn không tự ghi mình làm cán bộ đầu mối; nhờ người phụ trách khác."))
    row = _locked(point)
    if not row.is_active:
        raise NotNamed(_("Đầu mối này đã ngừng."))
    officer, made = FocalOfficer.objects.update_or_create(
        focal_point=row, user=user, defaults={"role": FocalOfficer.Role(role)}
    )
    audit.record(
        "focal_officer.appointed" if made else "focal_officer.changed",
        f"focal_point:{row.slug}",
        by=by,
        officer=audit.actor_code(user),
        role=officer.role,
    )
    return officer


@transaction.atomic
def dismiss_officer(officer: FocalOfficer, *, by: User) -> None:
    """Ends an office; what the person decided stays under their name."""
    slug = officer.focal_point.slug
    audit.record(
        "focal_officer.dismissed",
        f"focal_point:{slug}",
        by=by,
        officer=audit.actor_code(officer.user),
        role=officer.role,
    )
    officer.delete()


def leave_offices(user: User) -> None:
    """Before an account is closed. What the person decided stays, under no name."""
    for officer in FocalOfficer.objects.filter(user=user).order_by("pk"):
        dismiss_officer(officer, by=user)


def _locked(point: FocalPoint) -> FocalPoint:
    return FocalPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:300]
    if not reason:
        raise NotNamed(_("Hãy ghi lý do."))
    return reason
