"""Who passed on a match, and why: reasons of a versioned list, from either side or from staff."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock


class Side(models.TextChoices):
    NEED = "need", pgettext_lazy("bên của gợi ý", "Bên có nhu cầu")
    SUPPLY = "supply", pgettext_lazy("bên của gợi ý", "Bên có giải pháp")
    STAFF = "staff", pgettext_lazy("bên của gợi ý", "Cán bộ sàn")


class PassQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class Pass(models.Model):
    """One side's pass on a match. Taken back, the row stays: what people thought is the log."""

    match = models.ForeignKey("matching.Match", models.CASCADE, related_name="passes")
    side = models.CharField(_("bên"), max_length=8, choices=Side)
    #: A code of the vocabulary "pass-reasons".
    reason = models.CharField(_("lý do"), max_length=40)
    #: Names of the need's requirements that are not met, where the reason asks which.
    criteria = models.JSONField(_("chỉ tiêu không đạt"), default=list, blank=True)
    note = models.CharField(_("nói thêm"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=clock.now, db_index=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PassQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần bỏ qua gợi ý")
        verbose_name_plural = _("các lần bỏ qua gợi ý")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["match", "side"],
                condition=Q(taken_back_at=None),
                name="match_passed_once_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.side}: {self.reason}"
