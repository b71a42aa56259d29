"""What a unit owes, since when and by which rule; derived by a tick, never typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.registration.models.focal_points import FocalPoint

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class DutyKind(models.TextChoices):
    REGISTER = "register", _("Đăng ký kết quả")
    ONGOING_SHEET = "ongoing-sheet", _("Phiếu thông tin nhiệm vụ đang tiến hành")
    APPLICATION_REPORT = "application-report", _("Báo cáo ứng dụng kết quả")
    YEARLY_REPORT = "yearly-report", _("Báo cáo tổng hợp năm")


class DutyState(models.TextChoices):
    OPEN = "open", pgettext_lazy("nghĩa vụ", "Chưa đến hạn")
    LATE = "late", pgettext_lazy("nghĩa vụ", "Quá hạn")
    DONE = "done", pgettext_lazy("nghĩa vụ", "Đã thực hiện")
    EXCUSED = "excused", pgettext_lazy("nghĩa vụ", "Được miễn, hoãn")


#: What is still owed.
OWED = frozenset({DutyState.OPEN, DutyState.LATE})


class DutyQuerySet(models.QuerySet["Duty"]):
    def at_desk(self, user: User | AnonymousUser) -> Self:
        """What the person's focal points follow; nobody reads another's, the agency reads all."""
        return self.filter(focal_point__in=FocalPoint.objects.visible_to(user).values("pk"))

    def managed_by(self, user: User | AnonymousUser) -> Self:
        """What the person may excuse, remind of and write letters about: the own focal point's."""
        return self.filter(focal_point__in=FocalPoint.objects.staffed_by(user).values("pk"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """For the unit's side: whoever belongs to it."""
        return self._of_member(user, Membership.Role.values)

    def reported_by(self, user: User | AnonymousUser) -> Self:
        """Who may report for the unit."""
        return self._of_member(user, Membership.EDITING_ROLES)

    def _of_member(self, user: User | AnonymousUser, roles: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        members = Membership.objects.filter(user=user, role__in=roles)
        return self.filter(organization__in=members.values("organization"))

    def owed(self) -> Self:
        return self.filter(state__in=OWED)

    def late(self) -> Self:
        return self.filter(state=DutyState.LATE)

    def for_rows(self) -> Self:
        return self.select_related(
            "organization", "focal_point__organization", "task", "result", "excused_by"
        ).defer("task__summary", "task__methods", "task__aims", "result__abstract")

    def by_due_day(self) -> Self:
        return self.order_by("due_on", "pk")

    def by_unit(self) -> models.QuerySet[Duty, dict[str, Any]]:
        """One row a unit: how much it owes, how much of it is late, and since when."""
        return (
            self.owed()
            .values("organization", "organization__name", "organization__public_id")
            .annotate(
                owed=Count("pk"),
                late=Count("pk", filter=Q(state=DutyState.LATE)),
                oldest=Min("due_on"),
            )
            .order_by(F("late").desc(), "oldest", "organization__name", "organization")
        )


class Duty(models.Model):
    """One thing that one unit owes once: the row stays when it is done, as the proof."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: What makes it the same duty: kind, subject and its number.
    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("loại"), max_length=20, choices=DutyKind)
    focal_point = models.ForeignKey(
        FocalPoint, models.PROTECT, related_name="duties", verbose_name=_("đầu mối theo dõi")
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="duties", verbose_name=_("đơn vị")
    )
    task = models.ForeignKey(
        "research.Task", models.CASCADE, null=True, blank=True, related_name="duties"
    )
    result = models.ForeignKey(
        "research.Result", models.CASCADE, null=True, blank=True, related_name="duties"
    )
    #: Which of the yearly reports (1 to 5), or the year of a consolidated one.
    number = models.PositiveSmallIntegerField(_("lần, năm"), default=0)

    # By which rule; as it stood when the duty was derived.
    rule_book = models.CharField(_("ấn bản"), max_length=60)
    rule = models.CharField(_("mục"), max_length=60)
    legal_basis = models.CharField(_("căn cứ"), max_length=500, blank=True)
    basis_status = models.CharField(_("tình trạng căn cứ"), max_length=12, blank=True)

    since = models.DateField(_("phát sinh từ"))
    #: The start is taken from what the record says, since nobody has told the event's own day.
    is_presumed = models.BooleanField(_("ngày tạm tính"), default=False)
    #: The event's day as the focal point knows it; goes before the record's.
    stated_on = models.DateField(_("ngày theo đầu mối"), null=True, blank=True)
    due_on = models.DateField(_("hạn"))
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=DutyState, default=DutyState.OPEN
    )
    done_on = models.DateField(_("thực hiện ngày"), null=True, blank=True)
    excuse = models.CharField(_("lý do miễn, hoãn"), max_length=500, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Put off until the end of this day; without a day it is not owed at all.
    excused_until = models.DateField(_("hoãn đến hết ngày"), null=True, blank=True)
    #: Its subject no longer owes it (stopped, withdrawn): excused by the tick, not by a person.
    is_dropped = models.BooleanField(default=False, editable=False)
    #: The day on which the next step of reminding is due; empty after the last one.
    remind_on = models.DateField(null=True, blank=True, editable=False)
    derived_at = models.DateTimeField(auto_now_add=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("nghĩa vụ")
        verbose_name_plural = _("nghĩa vụ")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on=None)),
                name="duty_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | ~Q(excuse=""), name="duty_excused_with_a_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["focal_point", "state", "due_on"], name="duty_of_focal_point"),
            models.Index(fields=["organization", "state"], name="duty_of_unit"),
            models.Index(fields=["state", "due_on"], name="duty_by_state"),
            models.Index(
                fields=["remind_on"], condition=Q(state__in=["open", "late"]), name="duty_to_remind"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> str:
        row = self.result or self.task
        return row.title if row is not None else str(self.number)

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    @property
    def days_late(self) -> int:
        """Days past the term, of what is owed or was done too late."""
        end = self.done_on or clock.today()
        return max(0, (end - self.due_on).days)

    @property
    def was_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due_on


class DutyReminder(models.Model):
    """A step of reminding that has been taken; the constraint is what makes it once."""

    class Via(models.TextChoices):
        NOTICE = "notice", _("Thông báo")
        LETTER = "letter", _("Công văn")
        HEAD = "head", _("Báo cấp trên")

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="reminders")
    step = models.SlugField(_("bước"), max_length=40)
    #: The term it was about: a term that was moved begins its steps again.
    due_on = models.DateField()
    via = models.CharField(_("cách"), max_length=8, choices=Via)
    told_on = models.DateField(_("ngày"))
    letter = models.ForeignKey(
        "registration.Letter", models.SET_NULL, null=True, blank=True, related_name="reminders"
    )

    class Meta:
        verbose_name = _("lần nhắc")
        verbose_name_plural = _("lần nhắc")
        ordering: ClassVar = ["told_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "step", "due_on"], name="duty_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.step}"


class DutyPass(models.Model):
    """How far a pass over one register has come; a pass that was ended goes on from there."""

    register = models.CharField(max_length=12, unique=True)
    last_pk = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.register}: {self.last_pk}"
