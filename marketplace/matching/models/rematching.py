"""All needs matched again after a change of weights: how far it is, and whether somebody paused it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class Rematching(models.Model):
    """One time that needs ranked by other weights are matched again.

    The version on each need's run is the mark of what is done; this row is for people.
    """

    weights_version = models.CharField(max_length=40)
    #: Needs that were behind when it began.
    total = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=clock.now)
    #: All were done, or other weights were put in force meanwhile.
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lần đối chiếu lại")
        verbose_name_plural = _("các lần đối chiếu lại")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.weights_version} {self.started_at:%Y-%m-%d %H:%M}"
