"""What staff decide about a match; a decision outlives every run of the need."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.matching.models.answers import Pass


class CurationQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Decisions in force: neither undone nor replaced by a later one."""
        return self.filter(undone_at=None, replaced_at=None)


class Curation(models.Model):
    """One decision of staff about one match. Rows are never changed but to say that they ended."""

    class Act(models.TextChoices):
        CONFIRM = "confirm", _("Xác nhận")
        PIN = "pin", _("Ghim lên đầu")
        SUPPRESS = "suppress", _("Bỏ khỏi danh sách")
        ADD = "add", _("Thêm vào danh sách")

    match = models.ForeignKey("matching.Match", models.CASCADE, related_name="curations")
    act = models.CharField(_("quyết định"), max_length=8, choices=Act)
    #: Shown to both sides, but for one that suppresses: that stays with staff.
    note = models.CharField(_("vì sao"), max_length=300, blank=True)
    #: A suppression is a pass of the staff, with its reason code.
    passed = models.OneToOneField(Pass, models.PROTECT, null=True, related_name="curation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    replaced_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CurationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quyết định về gợi ý")
        verbose_name_plural = _("quyết định về gợi ý")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(undone_at=None, replaced_at=None),
                name="match_one_decision_in_force",
            ),
            models.CheckConstraint(
                condition=Q(act="suppress", passed__isnull=False)
                | (~Q(act="suppress") & Q(passed=None)),
                name="suppression_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id} {self.act}"

    @property
    def keeps(self) -> bool:
        """Whether the match stays in the list whatever a run finds."""
        return self.act != self.Act.SUPPRESS
