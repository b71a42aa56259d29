"""The newest run of each need."""

from __future__ import annotations

from typing import Self

from django.db import models

from marketplace.listings.models import public_now


class MatchRunQuerySet(models.QuerySet):
    def behind(self, version: str) -> Self:
        """Runs that other weights ranked: done again in the background once these are in force."""
        return self.exclude(weights_version=version)

    def unmet(self) -> Self:
        """Of open needs for which nothing was good enough, the longest waiting first."""
        return self.filter(public_now("need__"), abstained=True).order_by("unmet_since", "pk")


class MatchRun(models.Model):
    """The newest run of one need: which version of it was matched, against how much, with what end."""

    need = models.OneToOneField("listings.Need", models.CASCADE, related_name="match_run")
    content_version = models.PositiveBigIntegerField()
    ran_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(default=0)
    #: How many documents of each kind were searched: {"result": 58430, …}.
    searched = models.JSONField(default=dict)
    shown = models.PositiveIntegerField(default=0)
    #: Nothing that can be had was good enough: the need is unmet until a later run finds something. What
    #: may only be related is shown and answers nothing.
    abstained = models.BooleanField(default=False)
    #: Since when without interruption; the same need found nothing again does not begin anew.
    unmet_since = models.DateTimeField(null=True, blank=True)
    #: Of the weights it was ranked by: what another version ranked is done again.
    weights_version = models.CharField(max_length=40, blank=True)
    #: What a condition of the need left out: [{"kind", "key", "code", "params", "evidence"}, …].
    left_out = models.JSONField(default=list)
    #: Where nothing is shown, what came nearest and does not answer; beside the same also the elements that
    #: it lacks, as "missing".
    nearest = models.JSONField(default=list)

    objects = MatchRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.need_id} v{self.content_version}"
