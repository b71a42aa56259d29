"""Judgements of staff: pooled candidates of a need, graded blind by two, settled by a third."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.text import new_public_id


class Grade(models.IntegerChoices):
    """How useful a candidate is for the need: the scale that `evaluate` gains by."""

    NONE = 0, _("Không liên quan")
    TOPIC = 1, _("Gần chủ đề")
    PARTLY = 2, _("Đáp ứng một phần")
    FULLY = 3, _("Đáp ứng được")


class JudgingPool(models.Model):
    """A need as it read when its candidates were pooled: judgements are about this text."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    need = models.ForeignKey("listings.Need", models.CASCADE, related_name="judging_pools")
    need_version = models.PositiveBigIntegerField()
    title = models.TextField()
    text = models.TextField()
    weights_version = models.CharField(max_length=40, blank=True)
    #: Of the sample of the tail, so that a pool can be drawn again.
    seed = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("nhu cầu để chấm")
        verbose_name_plural = _("nhu cầu để chấm")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "need_version"], name="pool_once_a_version")
        ]

    def __str__(self) -> str:
        return self.title


class JudgingItem(models.Model):
    """A candidate of a pool, as it read then."""

    pool = models.ForeignKey(JudgingPool, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    title = models.TextField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="vi")
    #: Who proposed it: "engine", "match", "tail". Never shown to who judges.
    sources = models.JSONField(default=list)
    settled_grade = models.PositiveSmallIntegerField(choices=Grade, null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    #: Both judges' grades, where `grading.disagreements` read them.
    grades: tuple[int, int]

    class Meta:
        ordering = ["pool", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "kind", "key"], name="item_once_a_pool"),
            models.CheckConstraint(
                condition=Q(settled_grade=None) | Q(settled_grade__lte=3),
                name="settled_grade_in_scale",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JudgingSeat(models.Model):
    """One of the two judges of a pool."""

    pool = models.ForeignKey(JudgingPool, models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pool", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="seat_once_a_pool"),
            models.UniqueConstraint(fields=["pool", "judge"], name="judge_once_a_pool"),
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="two_judges_a_pool"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} #{self.number}"


class Judgement(models.Model):
    """One judge's grade of one candidate."""

    seat = models.ForeignKey(JudgingSeat, models.CASCADE, related_name="judgements")
    item = models.ForeignKey(JudgingItem, models.CASCADE, related_name="judgements")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["item", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "item"], name="item_judged_once_a_seat"),
            models.CheckConstraint(condition=Q(grade__lte=3), name="grade_in_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.grade}"
