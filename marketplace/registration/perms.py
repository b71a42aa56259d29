"""Yes/no questions for buttons and panels; entry points authorize by fetching."""

from typing import Any

from marketplace.accounts.models import Membership
from marketplace.registration.models import Dossier, FocalPoint


def role_of(user: Any, dossier: Dossier) -> str:
    role = Membership.objects.filter(user=user, organization=dossier.organization_id)
    return role.values_list("role", flat=True).first() or ""


def can_edit(user: Any, dossier: Dossier) -> bool:
    return role_of(user, dossier) in Membership.EDITING_ROLES


def can_file(user: Any, dossier: Dossier) -> bool:
    return role_of(user, dossier) in Membership.MANAGING_ROLES


def can_decide(user: Any, dossier: Dossier) -> bool:
    return Dossier.objects.decided_by(user).filter(pk=dossier.pk).exists()


def can_sign(user: Any, dossier: Dossier) -> bool:
    return Dossier.objects.signed_by(user).filter(pk=dossier.pk).exists()


def has_desk(user: Any) -> bool:
    return FocalPoint.objects.staffed_by(user).exists()
