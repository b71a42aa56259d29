"""Cases: who of the staff looks after a need (later an interest, a deal), what comes next, what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization
from marketplace.accounts.scopes import scope_of
from marketplace.cases.kinds import case_kind
from marketplace.cases.terms import terms_on
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.matching.models import Match


class CaseState(models.TextChoices):
    OPEN = "open", _("Đang mở")
    CLOSED = "closed", _("Đã đóng")


class CaseQuerySet(models.QuerySet):
    def curated_by(self, user: Any, right: str = "view") -> Self:
        """Cases on which a person of the staff holds a right: all, or those of their provinces."""
        scope = scope_of(user, f"cases.{right}_case")
        return self.all() if scope.everywhere else self.filter(province_code__in=scope.provinces)

    def open(self) -> Self:
        return self.filter(state=CaseState.OPEN)

    def unassigned(self) -> Self:
        return self.open().filter(officer=None)

    def of(self, user: Any) -> Self:
        return self.open().filter(officer=user)

    def due(self) -> Self:
        """What is to be done today or was before; a case without a next step is due too."""
        return self.open().filter(Q(next_action_on=None) | Q(next_action_on__lte=clock.today()))

    def idle(self) -> Self:
        """Nobody has done anything for the days of the terms in force."""
        days = terms_on(clock.today()).idle_days
        return self.open().filter(touched_at__lt=clock.now() - timedelta(days=days))

    def without_outcome(self) -> Self:
        return self.filter(state=CaseState.CLOSED, outcome="")

    def in_order_of_work(self) -> Self:
        """Open before closed, unassigned first, then what is due first."""
        return self.order_by(
            models.Case(models.When(state=CaseState.OPEN, then=0), default=1),
            models.Case(models.When(officer=None, then=0), default=1),
            F("next_action_on").asc(nulls_first=True),
            "opened_at",
            "pk",
        )


class Case(models.Model):
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: What it is about: a registered kind (`cases.kinds`) and the public id of the row.
    kind = models.CharField(_("loại"), max_length=12)
    subject = models.CharField(max_length=12)
    #: What the row said when the stage last looked; `subject_version` is the version it saw.
    title = models.CharField(_("tên"), max_length=250)
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("một tổ chức", "Tổ chức"),
    )
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True)
    field_codes = models.JSONField(default=list)
    subject_version = models.PositiveBigIntegerField(default=0)

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("phụ trách"),
    )
    next_action = models.CharField(_("việc tiếp theo"), max_length=200, blank=True)
    next_action_on = models.DateField(_("ngày làm việc tiếp theo"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    #: A code of the vocabulary "case-outcomes".
    outcome = models.CharField(_("kết cục"), max_length=40, blank=True)
    #: Its need was withdrawn or ran out, and nobody of the staff closed it: shown again, it opens again.
    ended_with_subject = models.BooleanField(default=False)
    opened_at = models.DateTimeField(_("mở lúc"))
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    #: When a person last did something about it.
    touched_at = models.DateTimeField(_("lần cuối có người làm"))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ theo dõi")
        verbose_name_plural = _("hồ sơ theo dõi")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_case_a_subject"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, outcome="", ended_with_subject=False)
                | Q(state="closed", closed_at__isnull=False),
                name="case_closed_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "officer", "next_action_on"], name="case_work"),
            models.Index(fields=["state", "touched_at"], name="case_idle"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN

    @property
    def is_due(self) -> bool:
        return self.is_open and (
            self.next_action_on is None or self.next_action_on <= clock.today()
        )

    @property
    def idle_days(self) -> int:
        """Days since somebody last did something; 0 while that is not yet too long."""
        days = (clock.now() - self.touched_at).days
        return days if self.is_open and days >= terms_on(clock.today()).idle_days else 0

    @cached_property
    def row(self) -> Any:
        """What the case is about; None where the row is gone."""
        return case_kind(self.kind).rows().filter(public_id=self.subject).first()


class HandOver(models.Model):
    """One time that cases passed to a colleague, with a word for both; it can be undone as a whole."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} → {self.to}"


class HandOverLine(models.Model):
    """A case that was passed on, and who had it before."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="lines")
    case = models.ForeignKey(Case, models.CASCADE, related_name="hand_over_lines")
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "case"], name="handed_over_once")
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id}: {self.case_id}"


class EntryKind(models.TextChoices):
    CALL = "call", _("Gọi điện")
    VISIT = "visit", _("Đến tận nơi")
    NOTE = "note", _("Ghi chú")
    INTRODUCTION = "introduction", _("Giới thiệu hai bên")
    OPENED = "opened", _("Mở hồ sơ")
    ASSIGNED = "assigned", _("Giao người phụ trách")
    HANDED_OVER = "handed_over", _("Bàn giao")
    CLOSED = "closed", _("Đóng hồ sơ")
    REOPENED = "reopened", _("Mở lại hồ sơ")


#: What a person writes of a contact, as opposed to what the case itself did.
CONTACTS = (EntryKind.CALL, EntryKind.VISIT, EntryKind.NOTE)


class CaseEntry(models.Model):
    """A line of a case's log; read by staff alone. Lines are only added; their words are cleared when
    their time is over or the person asks for it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: The person who was spoken with, where they have an account.
    spoke_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người đã trao đổi"),
    )
    text = models.TextField(_("nội dung"), blank=True)
    #: Codes and names that the line is about, for lines that the program writes.
    facts = models.JSONField(default=dict)
    match = models.ForeignKey(Match, models.SET_NULL, null=True, related_name="+")
    hand_over = models.ForeignKey(HandOver, models.SET_NULL, null=True, related_name="entries")
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"], name="entries_of_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class AssignmentRule(models.Model):
    """Who gets a new case: the first rule in order whose field and province fit."""

    position = models.PositiveSmallIntegerField(_("thứ tự"), default=100)
    kind = models.CharField(_("loại"), max_length=12, blank=True)
    field_code = models.CharField(
        _("lĩnh vực"),
        max_length=10,
        blank=True,
        help_text=_(
            "Mã lĩnh vực khoa học và công nghệ; cả các mã bên dưới. Để trống: mọi lĩnh vực."
        ),
    )
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("phụ trách"),
    )
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("quy tắc giao hồ sơ")
        verbose_name_plural = _("quy tắc giao hồ sơ")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}: {self.field_code or '*'} / {self.province_code or '*'} → {self.officer}"

    def fits(self, case: Case) -> bool:
        return (
            self.kind in ("", case.kind)
            and self.province_code in ("", case.province_code)
            and (
                not self.field_code
                or any(code.startswith(self.field_code) for code in case.field_codes)
            )
        )
