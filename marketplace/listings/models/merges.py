"""Two needs that are one, joined; and one listing that was two, taken apart."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.listings.models.kinds import Need


class NeedMergeQuerySet(models.QuerySet["NeedMerge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)


class NeedMerge(models.Model):
    """A need that repeats another of its organisation: what it had gathered goes on under that one."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    duplicate = models.ForeignKey(Need, models.PROTECT, related_name="merges_away")
    survivor = models.ForeignKey(Need, models.PROTECT, related_name="merges_in")
    #: {name of the rows: what `take_back` needs} of `sources.linking.attachments`.
    moved = models.JSONField(default=dict)
    #: What was shown of the duplicate, to be shown again; None where it was never published.
    live_revision = models.PositiveBigIntegerField(null=True)
    merged_at = models.DateTimeField(default=clock.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undo_reason = models.CharField(max_length=300, blank=True)

    objects = NeedMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gộp nhu cầu")
        verbose_name_plural = _("các lần gộp nhu cầu")
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at=None), name="need_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("survivor")), name="merge_of_two_needs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} → {self.survivor_id}"


class ListingSplit(models.Model):
    """A listing that spoke of two things: which of its parts went into a draft of their own."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    made_key = models.CharField(max_length=12, unique=True)
    #: Names of fields and of rows, as {"moved": […], "copied": […]}; never what they say.
    parts = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("lần tách tin")
        verbose_name_plural = _("các lần tách tin")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="split_of_listing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} → {self.made_key}"
