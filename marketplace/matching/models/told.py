"""Who was told of which match: a pair that somebody knows is not new to them, however often it returns."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ToldMatch(models.Model):
    """A person and a match that a notice named to them: of a need, or of a standing interest."""

    match = models.ForeignKey("matching.Match", models.CASCADE, null=True, related_name="told")
    interest_match = models.ForeignKey(
        "matching.InterestMatch", models.CASCADE, null=True, related_name="told"
    )
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.ForeignKey("notifications.Notice", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "recipient"], name="match_told_once"),
            models.UniqueConstraint(
                fields=["interest_match", "recipient"], name="interest_match_told_once"
            ),
            models.CheckConstraint(
                condition=Q(match=None, interest_match__isnull=False)
                | Q(match__isnull=False, interest_match=None),
                name="told_of_one_match",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id or self.interest_match_id} {self.recipient_id}"
