"""Inspections: a plan a year, its visits, what was found and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.core.transitions import Table
from marketplace.registration.models.focal_points import FocalPoint

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class OfFocalPoint(models.QuerySet[Any]):
    """Rows below a focal point: read by its people and the agency's, written by its people alone."""

    path = "focal_point"

    def at_desk(self, user: User | AnonymousUser) -> Self:
        return self._within(FocalPoint.objects.visible_to(user))

    def managed_by(self, user: User | AnonymousUser) -> Self:
        return self._within(FocalPoint.objects.staffed_by(user))

    def _within(self, points: models.QuerySet[FocalPoint]) -> Self:
        return self.filter(**{f"{self.path}__in": points.values("pk")})


class VisitQuerySet(OfFocalPoint):
    path = "plan__focal_point"


class FindingQuerySet(OfFocalPoint):
    path = "visit__plan__focal_point"

    def open(self) -> Self:
        return self.filter(closed_on=None)


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("kế hoạch", "Dự thảo")
    APPROVED = "approved", pgettext_lazy("kế hoạch", "Đã duyệt")


PLAN_TRANSITIONS: Table = {
    PlanState.DRAFT: frozenset({PlanState.APPROVED}),
    # An approved plan is changed by taking it back, which the log keeps.
    PlanState.APPROVED: frozenset({PlanState.DRAFT}),
}


class InspectionPlan(models.Model):
    focal_point = models.ForeignKey(FocalPoint, models.PROTECT, related_name="inspection_plans")
    year = models.PositiveSmallIntegerField(_("năm"))
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=PlanState, default=PlanState.DRAFT
    )
    decision = models.CharField(_("quyết định phê duyệt số"), max_length=120, blank=True)
    approved_on = models.DateField(_("ngày phê duyệt"), null=True, blank=True)
    note = models.TextField(_("nội dung, mục đích"), blank=True)

    objects = OfFocalPoint.as_manager()

    class Meta:
        verbose_name = _("kế hoạch kiểm tra")
        verbose_name_plural = _("kế hoạch kiểm tra")
        ordering: ClassVar = ["-year", "focal_point"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["focal_point", "year"], name="inspection_plan_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(decision="") & Q(approved_on__isnull=False)),
                name="inspection_plan_approved_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.focal_point_id} {self.year}"

    @property
    def is_approved(self) -> bool:
        return self.state == PlanState.APPROVED


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("buổi kiểm tra", "Theo kế hoạch")
    DONE = "done", pgettext_lazy("buổi kiểm tra", "Đã kiểm tra")
    CANCELLED = "cancelled", pgettext_lazy("buổi kiểm tra", "Không thực hiện")


VISIT_TRANSITIONS: Table = {
    VisitState.PLANNED: frozenset({VisitState.DONE, VisitState.CANCELLED}),
    VisitState.DONE: frozenset(),
    VisitState.CANCELLED: frozenset({VisitState.PLANNED}),
}


class InspectionVisit(models.Model):
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="visits")
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="inspection_visits",
        verbose_name=_("đơn vị"),
    )
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=VisitState, default=VisitState.PLANNED
    )
    planned_on = models.DateField(_("ngày dự kiến"))
    visited_on = models.DateField(_("ngày kiểm tra"), null=True, blank=True)
    members = models.TextField(_("thành viên đoàn"), blank=True)
    minutes = models.TextField(_("biên bản"), blank=True)
    minutes_file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    minutes_name = models.CharField(max_length=200, blank=True)
    minutes_type = models.CharField(max_length=120, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("buổi kiểm tra")
        verbose_name_plural = _("buổi kiểm tra")
        ordering: ClassVar = ["planned_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "organization", "planned_on"], name="inspection_visit_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(visited_on__isnull=False) & ~Q(minutes="")),
                name="inspection_visit_done_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.planned_on}"

    @property
    def is_overdue(self) -> bool:
        return self.state == VisitState.PLANNED and self.planned_on < clock.today()


class Finding(models.Model):
    """What a visit found, what has to be done about it by when, and how it ended."""

    class Severity(models.TextChoices):
        MINOR = "minor", pgettext_lazy("mức độ", "Nhẹ")
        MAJOR = "major", pgettext_lazy("mức độ", "Đáng kể")
        SERIOUS = "serious", pgettext_lazy("mức độ", "Nghiêm trọng")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    visit = models.ForeignKey(InspectionVisit, models.CASCADE, related_name="findings")
    severity = models.CharField(_("mức độ"), max_length=8, choices=Severity)
    text = models.TextField(_("phát hiện và yêu cầu"))
    due_on = models.DateField(_("khắc phục trước ngày"))
    closed_on = models.DateField(_("đóng ngày"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("phát hiện kiểm tra")
        verbose_name_plural = _("phát hiện kiểm tra")
        ordering: ClassVar = ["due_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(closed_on=None), name="finding_open")
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_overdue(self) -> bool:
        return self.closed_on is None and self.due_on < clock.today()


class FollowUp(models.Model):
    """A line of what was done about a finding; lines are only ever added."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="follow_ups")
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(_("nội dung theo dõi"))
    is_closing = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("theo dõi khắc phục")
        verbose_name_plural = _("theo dõi khắc phục")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.note[:60]
