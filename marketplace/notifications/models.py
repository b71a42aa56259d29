"""The in-site inbox and the outbox of every channel. People are known only as AUTH_USER_MODEL."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """Something one person is told once; `dedupe_key` makes "once" a database constraint."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    #: What it told is no longer so (a listing was withdrawn): hidden from the inbox, mail not sent.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="notice_once")
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Chờ gửi")
    CLAIMED = "claimed", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    CANCELLED = "cancelled", _("Đã hủy")
    DEAD = "dead", _("Không gửi được")


class Delivery(models.Model):
    """One outbox row: what goes to one person over one channel, at least once.

    A digest is a delivery too; the notices in it point to it.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=12, default="email")
    dedupe_key = models.CharField(max_length=220, unique=True)
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    is_digest = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("thư gửi đi")
        verbose_name_plural = _("hộp thư gửi đi")
        indexes = [models.Index(fields=["state", "not_before"], name="delivery_todo")]

    def __str__(self) -> str:
        return f"{self.channel} {self.dedupe_key}"


class Preference(models.Model):
    """How one person wants one kind of notice by mail; without a row the kind's default holds."""

    class Mode(models.TextChoices):
        IMMEDIATE = "immediate", _("Gửi ngay")
        DIGEST = "digest", _("Thư đầu tiên gửi ngay, còn lại gộp mỗi ngày")
        OFF = "off", _("Không gửi email")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, choices=Mode)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mode}"
