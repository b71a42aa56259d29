"""Who was told of which match: a pair that somebody knows is not new to them, however often it returns."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ToldMatch(models.Model):
    """A person of the need's side and a match that a notice named to them."""

    match = models.ForeignKey("matching.Match", models.CASCADE, related_name="told")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.ForeignKey("notifications.Notice", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "recipient"], name="match_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.recipient_id}"
