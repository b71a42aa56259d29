"""Weights of the score, and which of them are in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class WeightSet(models.Model):
    """Weights of the score under a version: data that a command fits and a lead puts in force."""

    version = models.CharField(_("phiên bản"), max_length=40, unique=True)
    #: What `scoring.weights.read_weights` reads.
    data = models.JSONField()
    #: How it did when it was fitted: by set, beside BM25 and the weights before it.
    figures = models.JSONField(default=dict)
    note = models.TextField(_("ghi chú"), blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bộ trọng số")
        verbose_name_plural = _("bộ trọng số")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.version


class WeightActivation(models.Model):
    """Which weights were put in force, when and by whom; the newest row says what holds."""

    weight_set = models.ForeignKey(WeightSet, models.PROTECT, related_name="activations")
    activated_at = models.DateTimeField(default=clock.now)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.weight_set_id} {self.activated_at:%Y-%m-%d}"
