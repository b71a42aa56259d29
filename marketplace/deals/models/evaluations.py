"""How one side's own people judge what the other offers. Nobody else reads it, staff of the exchange included."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import NEGOTIATING, Deal, MemberRole
from marketplace.deals.states import EvaluationState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Recommendation(models.TextChoices):
    GO = "go", _("Nên làm tiếp")
    CONDITIONS = "conditions", _("Làm tiếp nếu đạt điều kiện")
    STOP = "stop", _("Không làm tiếp")


class EvaluationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the people who act in the deal for the side whose it is."""
        return self._acted_on(user, frozenset(MemberRole))

    def led_by(self, user: User | AnonymousUser) -> Self:
        """Those whose team and stages the person decides."""
        return self._acted_on(user, NEGOTIATING)

    def scored_by(self, user: User | AnonymousUser) -> Self:
        """Those whose team the person belongs to, while they act for that side."""
        teams = Reviewer.objects.filter(user=user.pk, left_at=None).values("evaluation")
        return self.visible_to(user).filter(pk__in=teams)

    def _acted_on(self, user: User | AnonymousUser, roles: frozenset[MemberRole]) -> Self:
        bought = Deal.objects.bought_by(user, roles).values("pk")
        sold = Deal.objects.sold_by(user, roles).values("pk")
        return self.filter(
            Q(organization=F("deal__buyer"), deal__in=bought)
            | Q(organization=F("deal__seller"), deal__in=sold)
        )


class Evaluation(models.Model):
    """Of one side, in the criteria of the day on which it was opened."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="evaluations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    #: The kind of deal for which its criteria were chosen.
    kind = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=EvaluationState, default=EvaluationState.SCREENING
    )
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    recommendation = models.CharField(
        _("kết luận"), max_length=10, choices=Recommendation, blank=True
    )
    conclusion = models.CharField(_("lý do của kết luận"), max_length=2000, blank=True)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đánh giá nội bộ")
        verbose_name_plural = _("đánh giá nội bộ")
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "organization"], name="evaluation_once_a_side"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(recommendation="")
                | ~Q(state="closed") & Q(closed_at=None, recommendation=""),
                name="evaluation_closed_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal} · {self.organization}"

    def get_absolute_url(self) -> str:
        return f"{self.deal.get_absolute_url()}danh-gia/"

    @property
    def is_open(self) -> bool:
        return self.state != EvaluationState.CLOSED

    @property
    def opened_on(self) -> date:
        return self.opened_at.astimezone(clock.VIETNAM).date()


class Reviewer(models.Model):
    """Somebody of the team."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="team")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("người đánh giá")
        verbose_name_plural = _("người đánh giá")
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation", "user"], condition=Q(left_at=None), name="reviewer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class Score(models.Model):
    """What one of the team gives for one criterion; changed while its stage lasts."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="scores")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    criterion = models.CharField(max_length=40)
    points = models.PositiveSmallIntegerField(pgettext_lazy("đánh giá", "điểm"))
    comment = models.CharField(_("nhận xét"), max_length=1000, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("điểm đánh giá")
        verbose_name_plural = _("điểm đánh giá")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "by", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="score_has_points"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
