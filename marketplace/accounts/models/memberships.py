"""Who acts for which organisation."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.roles import (
    BELOW_MANAGERS,
    EDITING_ROLES,
    MANAGING_ROLES,
    Role,
)
from marketplace.accounts.models.users import User

#: In annotations below, where `Role` is the class's own name for it.
AnyRole = Role


class MembershipQuerySet(models.QuerySet):
    def staying(self, leaving: Membership) -> Self:
        """Everybody else of the organisation who can take over what somebody looked after."""
        others = self.filter(organization=leaving.organization_id, user__is_active=True)
        return others.exclude(pk=leaving.pk).select_related("user").order_by("joined_at", "pk")


class Membership(models.Model):
    Role = Role
    MANAGING_ROLES = MANAGING_ROLES
    EDITING_ROLES = EDITING_ROLES

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.organization_id}"

    @property
    def reference(self) -> str:
        """The row in addresses: says nothing of how many there are, and needs no column."""
        return salted_hmac("accounts.membership", str(self.pk), algorithm="sha256").hexdigest()[:16]

    @property
    def may_manage(self) -> bool:
        return self.role in self.MANAGING_ROLES

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def assignable_roles(self) -> tuple[AnyRole, ...]:
        """Which roles this person may give and take away: owners every one, managers those below them."""
        if self.is_owner:
            return tuple(Role)
        return BELOW_MANAGERS if self.may_manage else ()
