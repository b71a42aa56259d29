"""Two profiles of one organisation joined into one, so that it can be taken back whole."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.users import User
from marketplace.core import clock
from marketplace.core.text import new_public_id


class OrganizationMergeQuerySet(models.QuerySet["OrganizationMerge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)


class OrganizationMerge(models.Model):
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    duplicate = models.ForeignKey(Organization, models.PROTECT, related_name="merges_away")
    survivor = models.ForeignKey(Organization, models.PROTECT, related_name="merges_in")
    #: {name of the part: what `take_back` needs} of `accounts.merging`.
    moved = models.JSONField(default=dict)
    #: {fact: [value of the survivor before, value taken over]}.
    filled = models.JSONField(default=dict)
    #: Of the duplicate, before: what it is again when this is undone.
    before = models.JSONField(default=dict)
    merged_at = models.DateTimeField(default=clock.now)
    merged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undo_reason = models.CharField(max_length=300, blank=True)

    objects = OrganizationMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gộp tổ chức")
        verbose_name_plural = _("các lần gộp tổ chức")
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at=None), name="organization_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=models.F("survivor")), name="merge_of_two_organizations"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} → {self.survivor_id}"
