"""Versions of the terms: offers and counter-offers, and who accepted which of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal
from marketplace.deals.states import SheetState


class Wording(models.Model):
    """Terms in one exact wording, never changed: another wording is another row."""

    made_at = models.DateTimeField(default=clock.now)
    #: price_form, currency, contents {code: text}, plan [{title, amount, due_on}].
    content = models.JSONField()
    #: Of the content in its canonical form: what is accepted is exactly this.
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def contents(self) -> dict[str, str]:
        found: dict[str, str] = self.content["contents"]
        return found

    @property
    def plan(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.content["plan"]
        return found


class TermSheet(Wording):
    """One version of the terms of a deal."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.OFFERED)

    class Meta:
        verbose_name = _("bản điều khoản")
        verbose_name_plural = _("bản điều khoản")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "number"], name="sheet_numbered_once"),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(state="offered"), name="sheet_offered_once"
            ),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(state="accepted"), name="sheet_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class SheetAcceptance(models.Model):
    """One side agrees to one version, by its hash; who offers it agrees to it by that."""

    sheet = models.ForeignKey(TermSheet, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("chấp thuận điều khoản")
        verbose_name_plural = _("chấp thuận điều khoản")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "organization"], name="sheet_accepted_once_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.sha256[:12]}"
