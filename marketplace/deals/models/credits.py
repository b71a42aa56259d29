"""A deal that came of a need which a broker had found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.deals.models.deals import Deal


class FinderCredit(models.Model):
    """One for each contract in force; it stays when the deal is broken off later."""

    deal = models.OneToOneField(Deal, models.CASCADE, related_name="finder_credit")
    broker = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="finder_credits",
        verbose_name=_("bên tìm ra nhu cầu"),
    )
    earned_on = models.DateField(_("ngày ghi nhận"))
    #: First day of the edition of the rule that it was given by.
    rule_of = models.DateField()

    class Meta:
        verbose_name = _("ghi nhận bên tìm ra nhu cầu")
        verbose_name_plural = _("ghi nhận bên tìm ra nhu cầu")
        ordering: ClassVar = ["-earned_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.broker} · {self.deal}"
