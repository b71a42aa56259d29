"""The focal point's consolidated report of a year: figures are live until it is closed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.registration.models.focal_points import FocalPoint


class YearlyReport(models.Model):
    """Only closed reports have a row: what it said on the day it was closed."""

    focal_point = models.ForeignKey(FocalPoint, models.PROTECT, related_name="yearly_reports")
    year = models.PositiveSmallIntegerField(_("năm"))
    figures = models.JSONField(_("số liệu"), default=dict)
    closed_on = models.DateField(_("chốt ngày"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("báo cáo tổng hợp năm")
        verbose_name_plural = _("báo cáo tổng hợp năm")
        ordering: ClassVar = ["-year", "focal_point"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["focal_point", "year"], name="yearly_report_once"),
            models.CheckConstraint(condition=Q(year__gte=2000), name="yearly_report_of_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.focal_point_id} {self.year}"
