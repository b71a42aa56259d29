"""Questions of one side to the other, and their answers: one each, and corrected by a further version alone."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal
from marketplace.deals.states import ENDED_DEALS, QuestionState


class QuestionQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=QuestionState.OPEN)

    def to_be_stepped(self) -> Self:
        """What the clock reminds of, or calls staff for; not of a deal that has ended."""
        return self.open().filter(step_on__lte=clock.today()).exclude(deal__state__in=ENDED_DEALS)

    def with_all(self) -> Self:
        return self.select_related("deal__buyer", "deal__seller", "organization", "asked_by")

    def in_order_of_work(self) -> Self:
        """What waits first, by its last day; then the newest answer before."""
        waits = models.Case(models.When(state=QuestionState.OPEN, then=0), default=1)
        return self.order_by(waits, "due_on", "-number")


class Question(models.Model):
    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("số"))
    #: The side that asks.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    text = models.TextField(_("câu hỏi"))
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.OPEN)
    due_on = models.DateField(_("hạn trả lời"))
    #: When the clock looks at it next.
    step_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("giao dịch", "câu hỏi")
        verbose_name_plural = pgettext_lazy("giao dịch", "câu hỏi")
        ordering: ClassVar = ["deal", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "number"], name="question_numbered_once"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="question_ended_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["step_on"], condition=Q(step_on__isnull=False), name="question_clock"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return f"{self.deal.get_absolute_url()}hoi-dap/#cau-hoi-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == QuestionState.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < clock.today()

    @property
    def other(self) -> Organization:
        """The side that is asked."""
        return self.deal.other(self.organization)


class Answer(models.Model):
    """One version of an answer, never changed: a correction is another version."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    #: The side that answers.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    text = models.TextField(_("câu trả lời"))

    class Meta:
        verbose_name = _("câu trả lời trong giao dịch")
        verbose_name_plural = _("câu trả lời trong giao dịch")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "number"], name="answer_numbered_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
