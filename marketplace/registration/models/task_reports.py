"""A task that the register does not know yet: entered by its unit, confirmed by the focal point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership
from marketplace.core.text import new_public_id
from marketplace.registration.models.focal_points import FocalPoint
from marketplace.registration.states import TaskReportState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class TaskReportQuerySet(models.QuerySet["TaskReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """For the organisation's side."""
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.filter(user=user).values("organization")
        return self.filter(organization__in=own)

    def editable_by(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.filter(user=user, role__in=Membership.EDITING_ROLES)
        return self.filter(organization__in=own.values("organization"))

    def at_desk(self, user: User | AnonymousUser) -> Self:
        """The agency's people read every focal point's, as they do with dossiers."""
        return self.filter(focal_point__in=FocalPoint.objects.visible_to(user).values("pk"))

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """Only the focal point itself decides."""
        return self.filter(focal_point__in=FocalPoint.objects.staffed_by(user).values("pk"))

    def waiting(self) -> Self:
        return self.filter(state=TaskReportState.SUBMITTED)


class TaskReport(models.Model):
    """What the unit says of the task; the register's row is made when the focal point confirms it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="task_reports",
        verbose_name=_("tổ chức chủ trì"),
    )
    focal_point = models.ForeignKey(
        FocalPoint, models.PROTECT, related_name="task_reports", verbose_name=_("nơi xác nhận")
    )
    state = models.CharField(
        _("tình trạng"),
        max_length=10,
        choices=TaskReportState,
        default=TaskReportState.SUBMITTED,
    )
    title = models.CharField(_("tên nhiệm vụ"), max_length=1000)
    #: As the form holds them, days as ISO texts; `services.task_reports` makes a task of them.
    values = models.JSONField(_("thông tin nhiệm vụ"), default=dict)
    reason = models.CharField(_("lý do trả lại"), max_length=600, blank=True)
    task = models.OneToOneField(
        "research.Task", models.PROTECT, null=True, blank=True, related_name="reported_by"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("gửi lúc"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    objects: Any = TaskReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhiệm vụ khai báo")
        verbose_name_plural = _("nhiệm vụ khai báo")
        ordering: ClassVar = ["-submitted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(task__isnull=False, decided_at__isnull=False),
                name="task_report_confirmed_has_task",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="task_report_returned_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["focal_point", "state"], name="task_report_queue"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("registration:task_report", args=[self.public_id])

    @property
    def is_editable(self) -> bool:
        return self.state == TaskReportState.RETURNED
