"""What the buyer makes ready before what it bought can be put to use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal
from marketplace.deals.preparing import OTHER, Preparation, edition_on
from marketplace.deals.states import DealState, ReadinessState


class ReadinessQuerySet(models.QuerySet):
    def in_plan(self) -> Self:
        return self.exclude(state=ReadinessState.LEFT_OUT)

    def in_order_of_work(self) -> Self:
        """In the order of the plan's groups; within one the first to be done before."""
        return self.order_by("position", F("due_on").asc(nulls_last=True), "pk")

    def to_be_reminded(self) -> Self:
        """Open ones of contracts in force whose day is near, and of which that day was not told yet."""
        today = clock.today()
        near = today + timedelta(days=edition_on(today).remind_before_days)
        untold = Q(reminded_of=None) | ~Q(reminded_of=F("due_on"))
        return self.filter(
            untold,
            state=ReadinessState.PLANNED,
            due_on__lte=near,
            deal__state=DealState.CONTRACTED,
        )


class ReadinessItem(models.Model):
    """One thing of the plan: out of the shipped list, or the buyer's own."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="readiness")
    #: Of the list in force on `listed_on`; empty where the buyer added it.
    code = models.CharField(max_length=40, blank=True)
    listed_on = models.DateField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("việc cần chuẩn bị"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ReadinessState, default=ReadinessState.PLANNED)
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ai làm")
    )
    due_on = models.DateField(_("xong trước ngày"), null=True, blank=True)
    #: The day of which its people were reminded last: another day is told again.
    reminded_of = models.DateField(null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    #: Who changed it last.
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ReadinessQuerySet.as_manager()

    class Meta:
        verbose_name = _("việc chuẩn bị")
        verbose_name_plural = _("việc chuẩn bị")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "code"], condition=~Q(code=""), name="readiness_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at=None)),
                name="readiness_done_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"], condition=Q(state="planned"), name="readiness_reminders"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def listed(self) -> Preparation | None:
        items = edition_on(self.listed_on).items
        return next((one for one in items if one.code == self.code), None)

    @property
    def label(self) -> str:
        return self.title or (self.listed.label if self.listed else self.code)

    @property
    def group(self) -> str:
        return self.listed.group if self.listed else OTHER

    @property
    def is_late(self) -> bool:
        today: date = clock.today()
        return (
            self.state == ReadinessState.PLANNED and self.due_on is not None and self.due_on < today
        )
