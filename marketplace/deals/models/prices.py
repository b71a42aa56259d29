"""What deals of a field were closed at, as it is told to everybody."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class ClosedPrice(models.Model):
    """Made anew by a tick out of confirmed contracts; names no deal and no organisation."""

    #: A code of the vocabulary "st-fields".
    field_code = models.CharField(max_length=20, unique=True)
    low = models.PositiveBigIntegerField()
    high = models.PositiveBigIntegerField(null=True)
    deals = models.PositiveIntegerField()
    #: Contracts confirmed after this day are not in it yet.
    through = models.DateField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("khoảng giá đã ký theo lĩnh vực")
        verbose_name_plural = _("khoảng giá đã ký theo lĩnh vực")
        ordering: ClassVar = ["field_code"]

    def __str__(self) -> str:
        return self.field_code
