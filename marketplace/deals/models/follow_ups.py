"""What became of a deal, asked some months after its contract."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.deals.models.deals import Deal


class FollowUp(models.Model):
    """One question and the buyer's answer."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    #: A code of the vocabulary "follow-up-outcomes".
    outcome = models.CharField(_("tình hình"), max_length=40, blank=True)
    note = models.CharField(_("nói thêm"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("câu hỏi sau giao dịch")
        verbose_name_plural = _("câu hỏi sau giao dịch")
        ordering: ClassVar = ["months"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None)
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="follow_up_answered_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"], condition=Q(asked_at__isnull=True), name="follow_ups_to_ask"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal} · {self.months}"
