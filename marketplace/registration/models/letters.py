"""Official letters of a focal point: made here, numbered by its clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.text import new_public_id
from marketplace.core.transitions import Table
from marketplace.registration.models.focal_points import FocalPoint

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class LetterState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("công văn", "Chờ số")
    ISSUED = "issued", pgettext_lazy("công văn", "Đã ban hành")
    DROPPED = "dropped", pgettext_lazy("công văn", "Bỏ")


LETTER_TRANSITIONS: Table = {
    LetterState.DRAFT: frozenset({LetterState.ISSUED, LetterState.DROPPED}),
    LetterState.ISSUED: frozenset(),
    LetterState.DROPPED: frozenset(),
}


class LetterQuerySet(models.QuerySet["Letter"]):
    def at_desk(self, user: User | AnonymousUser) -> Self:
        return self.filter(focal_point__in=FocalPoint.objects.visible_to(user).values("pk"))

    def managed_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(focal_point__in=FocalPoint.objects.staffed_by(user).values("pk"))

    def for_rows(self) -> Self:
        return self.select_related("organization", "focal_point__organization").order_by(
            "-drafted_on", "-pk"
        )


class Letter(models.Model):
    """One letter to one unit, or to who stands above it. What it says is kept as it was drafted."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    focal_point = models.ForeignKey(FocalPoint, models.PROTECT, related_name="letters")
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="letters_received"
    )
    #: Which wording (`rules.letter`), in the edition of the day it was drafted.
    wording = models.SlugField(_("mẫu"), max_length=40)
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=LetterState, default=LetterState.DRAFT
    )
    recipient = models.CharField(_("kính gửi"), max_length=300)
    subject = models.CharField(_("trích yếu"), max_length=300)
    #: {"opening", "body", "closing", "rows", "copies", "issuer" …}: what the document prints.
    printed = models.JSONField(default=dict)
    drafted_on = models.DateField(_("soạn ngày"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: As the clerk's book has it; the exchange never draws it.
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    number_key = models.CharField(max_length=60, blank=True, editable=False)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True)
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("công văn")
        verbose_name_plural = _("công văn")
        ordering: ClassVar = ["-drafted_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["focal_point", "year", "number_key"],
                condition=~Q(number_key=""),
                name="letter_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (~Q(number="") & Q(issued_on__isnull=False, year__isnull=False)),
                name="letter_issued_with_a_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["focal_point", "state"], name="letter_of_focal_point")
        ]

    def __str__(self) -> str:
        return self.number or self.subject
