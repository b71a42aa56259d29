"""How matching does on live data, day by day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LiveQuality(models.Model):
    """One day's figures, counted by the tick `matching.live_quality`; the page divides them."""

    day = models.DateField(unique=True)
    weights_version = models.CharField(max_length=40, blank=True)
    #: Open needs that were matched, and those of them with supply that is likely to be of use.
    needs = models.PositiveIntegerField()
    needs_met = models.PositiveIntegerField()
    #: Supply that was searched.
    supply = models.PositiveIntegerField()
    #: Of all matches ever shown: those that the need's people opened, and those they passed on.
    shown = models.PositiveIntegerField()
    opened = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("chất lượng gợi ý theo ngày")
        verbose_name_plural = _("chất lượng gợi ý theo ngày")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def sdme(self) -> float | None:
        """Share of open needs that the supply answers; see `published.count_day`."""
        return self.needs_met / self.needs if self.needs else None

    @property
    def answered(self) -> int:
        """Matches that people said something about, by opening or passing."""
        return self.opened + self.passed

    @property
    def acceptance(self) -> float | None:
        return self.opened / self.answered if self.answered else None
