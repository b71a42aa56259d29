"""Who acts for which organisation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.roles import EDITING_ROLES, MANAGING_ROLES, Role
from marketplace.accounts.models.users import User


class Membership(models.Model):
    Role = Role
    MANAGING_ROLES = MANAGING_ROLES
    EDITING_ROLES = EDITING_ROLES

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.organization_id}"

    @property
    def may_manage(self) -> bool:
        return self.role in self.MANAGING_ROLES
