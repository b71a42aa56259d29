"""What providers call about: stored as it comes, handled by a tick that asks the provider itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.payments.models.payments import Provider
from marketplace.payments.states import EventState


class WebhookEvent(models.Model):
    """That something happened to an object. Nothing of its content is kept or believed: what is settled
    comes from asking the provider again, and the content names people."""

    provider = models.CharField(max_length=10, choices=Provider)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255)
    #: Our payment's public id, where the object carries it.
    hint = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=EventState, default=EventState.NEW)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("thông báo của cổng thanh toán")
        verbose_name_plural = _("thông báo của cổng thanh toán")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(state="new"), name="webhook_event_new"
            ),
            models.Index(fields=["provider", "object_id"], name="webhook_event_object"),
        ]

    def __str__(self) -> str:
        return self.event_id


class DemoCharge(models.Model):
    """What the demo's card provider remembers; real installations have no rows here."""

    reference = models.CharField(max_length=40, unique=True)
    payment_id_said = models.CharField(max_length=12, unique=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, default="open")
    refunded = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("giao dịch thẻ giả")
        verbose_name_plural = _("giao dịch thẻ giả")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.reference


class Reconciliation(models.Model):
    """A night's comparison of the providers' ledger with ours."""

    on = models.DateField()
    provider = models.CharField(max_length=10)
    compared = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("đối soát")
        verbose_name_plural = _("đối soát")
        ordering: ClassVar = ["-on", "provider"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "provider"], name="reconciliation_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.provider}"
