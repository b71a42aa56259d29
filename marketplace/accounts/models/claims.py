"""Letters by which the people of an organisation take over its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.outreach import Outreach
from marketplace.accounts.models.users import User
from marketplace.core import clock
from marketplace.core.text import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


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


class ClaimState(models.TextChoices):
    OPEN = "open", _("Chờ sàn kiểm tra")
    ACCEPTED = "accepted", _("Đã giao hồ sơ")
    DECLINED = "declined", _("Không được giao")
    WITHDRAWN = "withdrawn", _("Đã rút")


class ClaimRequestQuerySet(models.QuerySet["ClaimRequest"]):
    def open(self) -> Self:
        return self.filter(state=ClaimState.OPEN)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(user=user) if user.is_authenticated else self.none()


class ClaimRequest(models.Model):
    """Somebody shows that they speak for an organisation that records have made; staff decide."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="claims", verbose_name=_("tổ chức")
    )
    user = models.ForeignKey(
        User, models.CASCADE, related_name="claims", verbose_name=_("người đề nghị")
    )
    note = models.CharField(_("lời nhắn cho cán bộ sàn"), max_length=1000, blank=True)
    #: The domain of the organisation's website at which the person has proved an address.
    proved_domain = models.CharField(_("tên miền đã chứng minh"), max_length=255, blank=True)
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=ClaimState, default=ClaimState.OPEN
    )
    asked_at = models.DateTimeField(_("gửi lúc"), default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    text = models.TextField(blank=True)

    objects = ClaimRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị nhận hồ sơ")
        verbose_name_plural = _("đề nghị nhận hồ sơ")
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], condition=Q(state="open"), name="one_open_claim"
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)
