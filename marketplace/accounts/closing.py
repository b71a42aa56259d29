"""What closing an account means for organisations; registered when the app is ready."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.services import leave_everything
from marketplace.core.personal_data import register_closing, register_stops

Role = Membership.Role


def register_membership_closing() -> None:
    register_closing("accounts.memberships", lambda user: leave_everything(user, by=user))
    register_stops(sole_owner_of)


def sole_owner_of(user: Any) -> list[str]:
    """Organisations with other people that would be without an owner."""
    owned = Organization.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    found = []
    for organization in owned.order_by("name", "pk"):
        others = organization.memberships.exclude(user=user)
        owners = others.filter(role=Role.OWNER, user__is_active=True)
        if others.exists() and not owners.exists():
            found.append(
                _(
                    "Bạn là chủ tài khoản duy nhất của %(name)s. Hãy chuyển quyền chủ cho người khác trước."
                )
                % {"name": organization.name}
            )
    return found
