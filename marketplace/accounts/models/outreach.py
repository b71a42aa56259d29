"""The desk for organisations that are not on the exchange yet."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.users import User


class OutreachState(models.TextChoices):
    OPEN = "open", _("Chờ liên hệ")
    CONTACTED = "contacted", _("Đã liên hệ")
    INVITED = "invited", _("Đã gửi thư mời")
    CLAIMED = "claimed", _("Đã nhận hồ sơ")
    CLOSED = "closed", _("Đã đóng")


class OutreachQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_OUTREACH_STATES)


#: In the order of work; an organisation has at most one case in these.
OPEN_OUTREACH_STATES = (OutreachState.OPEN, OutreachState.CONTACTED, OutreachState.INVITED)


class Outreach(models.Model):
    """A case on the staff desk: reach an organisation that matches a need but is not here yet."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="outreaches", verbose_name=_("tổ chức")
    )
    state = models.CharField(max_length=10, choices=OutreachState, default=OutreachState.OPEN)
    reason = models.CharField(max_length=300)
    contact_name = models.CharField(_("người liên hệ"), max_length=120, blank=True)
    contact_email = models.EmailField(_("email liên hệ"), blank=True)
    contact_phone = models.CharField(_("điện thoại liên hệ"), max_length=30, blank=True)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phụ trách")
    )
    next_action_on = models.DateField(_("việc tiếp theo vào ngày"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ liên hệ")
        verbose_name_plural = _("bàn liên hệ")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(state__in=["open", "contacted", "invited"]),
                name="one_open_outreach",
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)


class OutreachCall(models.Model):
    """The log of calls and visits of a case; lines are only ever added."""

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="calls")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(_("nội dung"))

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.note[:60]
