"""Days that differ from the week."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.taxonomy.models.vocabularies import Labelled


class CalendarDay(Labelled):
    """A day that differs from the week: a holiday, or a weekend day worked instead of one."""

    class Kind(models.TextChoices):
        OFF = "off", pgettext_lazy("ngày trong lịch", "Nghỉ")
        WORK = "work", pgettext_lazy("ngày trong lịch", "Làm bù")

    class Status(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("tình trạng ngày nghỉ", "Đã công bố")
        UNVERIFIED = "unverified", pgettext_lazy("tình trạng ngày nghỉ", "Chưa đối chiếu")
        #: Entered by mistake or taken back: the day is as the week has it.
        CANCELLED = "cancelled", pgettext_lazy("tình trạng ngày nghỉ", "Không áp dụng")

    day = models.DateField(_("ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=4, choices=Kind)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)
    is_shipped = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("ngày trong lịch")
        verbose_name_plural = _("lịch nghỉ và làm bù")
        ordering: ClassVar = ["day"]
