"""Groups of staff whose rights hold in some provinces alone."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class NarrowedGroup(models.Model):
    """Says of a group that what it may do holds for the provinces of each of its people (`scopes`)."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="narrowed")

    class Meta:
        verbose_name = _("nhóm theo tỉnh")
        verbose_name_plural = _("các nhóm theo tỉnh")

    def __str__(self) -> str:
        return str(self.group)
