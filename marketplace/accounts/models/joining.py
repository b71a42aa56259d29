"""How people come into an organisation, and how it changes hands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.roles import Role
from marketplace.accounts.models.users import User
from marketplace.core import clock
from marketplace.core.text import new_public_id


class MemberInvitationState(models.TextChoices):
    OPEN = "open", _("Chờ trả lời")
    ACCEPTED = "accepted", _("Đã nhận lời")
    REVOKED = "revoked", _("Đã thu hồi")
    DECLINED = "declined", _("Đã từ chối")
    EXPIRED = "expired", _("Đã hết hạn")


class MemberInvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=MemberInvitationState.OPEN, expires_at__gt=clock.now())

    def for_addresses(self, keys: list[str]) -> Self:
        """Those that are for a person with these addresses (see `emails.email_key`)."""
        return self.filter(email_key__in=keys)

    def due_to_expire(self) -> Self:
        return self.filter(state=MemberInvitationState.OPEN, expires_at__lte=clock.now())


class MemberInvitation(models.Model):
    """A letter that lets one address join an organisation in a role, once; only its token's hash is kept."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="member_invitations"
    )
    email = models.EmailField(_("email"), blank=True)
    #: The address in the one spelling in which addresses are compared.
    email_key = models.CharField(max_length=320, blank=True)
    role = models.CharField(_("vai trò"), max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    state = models.CharField(
        max_length=10, choices=MemberInvitationState, default=MemberInvitationState.OPEN
    )
    token_hash = models.CharField(max_length=64, unique=True)
    #: What the token is made of beside the row and the server's key: a new letter makes it anew.
    serial = models.CharField(max_length=12, default=new_public_id)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MemberInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("thư mời thành viên")
        verbose_name_plural = _("thư mời thành viên")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_key"],
                condition=models.Q(state="open"),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | ~models.Q(email_key=""),
                name="open_invitation_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.role}"


class JoinRequestState(models.TextChoices):
    OPEN = "open", _("Chờ trả lời")
    ACCEPTED = "accepted", _("Đã nhận vào")
    DECLINED = "declined", _("Không được nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")


class JoinRequestQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=JoinRequestState.OPEN)

    def with_staff(self) -> Self:
        """Those nobody of the organisation answered in time."""
        return self.open().exclude(passed_to_staff_at=None)


class JoinRequest(models.Model):
    """Somebody says that they work at an organisation; its owners decide, staff when they do not."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests")
    note = models.CharField(_("lời nhắn"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=JoinRequestState, default=JoinRequestState.OPEN)
    asked_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True)
    passed_to_staff_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị tham gia tổ chức")
        verbose_name_plural = _("đề nghị tham gia tổ chức")
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=models.Q(state="open"),
                name="one_open_join_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.organization_id}"


class TransferState(models.TextChoices):
    OPEN = "open", _("Chờ người nhận đồng ý")
    DONE = "done", _("Đã chuyển")
    DECLINED = "declined", _("Người nhận từ chối")
    WITHDRAWN = "withdrawn", _("Đã rút lại")


class OwnershipTransfer(models.Model):
    """An owner hands the organisation over; nothing changes before the other confirms too."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="transfers")
    giver = models.ForeignKey(User, models.CASCADE, related_name="transfers_given")
    taker = models.ForeignKey(User, models.CASCADE, related_name="transfers_taken")
    #: What the giver is afterwards.
    role_after = models.CharField(max_length=12, choices=Role, default=Role.MANAGER)
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.OPEN)
    asked_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("chuyển quyền chủ tài khoản")
        verbose_name_plural = _("chuyển quyền chủ tài khoản")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(state="open"),
                name="one_open_transfer",
            ),
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("taker")), name="transfer_to_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.giver_id} → {self.taker_id}"
