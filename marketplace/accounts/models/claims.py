"""Letters by which the people of an organisation take over its profile."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.outreach import Outreach
from marketplace.accounts.models.users import User


class ClaimInvitation(models.Model):
    """A link by which somebody of an organisation takes over its profile; only its hash is kept."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    outreach = models.ForeignKey(Outreach, models.SET_NULL, null=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("thư mời nhận hồ sơ")
        verbose_name_plural = _("thư mời nhận hồ sơ")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.organization)
