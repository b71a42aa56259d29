"""Asking for the full text of a document: the request, its history, what was handed out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.core.transitions import Table
from marketplace.research.full_texts.holders import organizations_kept_by
from marketplace.research.models.attachments import Attachment
from marketplace.research.models.forms import Grounded
from marketplace.taxonomy.models import ValidityQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class Way(models.TextChoices):
    COPY = "copy", _("Nhận bản sao có đóng dấu tên người nhận")
    ON_SITE = "on_site", _("Đọc tại chỗ")


class FullTextState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("đề nghị xem toàn văn", "Chờ trả lời")
    APPROVED = "approved", pgettext_lazy("đề nghị xem toàn văn", "Được đồng ý")
    REFUSED = "refused", pgettext_lazy("đề nghị xem toàn văn", "Bị từ chối")
    WITHDRAWN = "withdrawn", pgettext_lazy("đề nghị xem toàn văn", "Đã rút")
    EXPIRED = "expired", pgettext_lazy("đề nghị xem toàn văn", "Hết hạn")


FULL_TEXT_TRANSITIONS: Table = {
    FullTextState.SUBMITTED: frozenset(
        {FullTextState.APPROVED, FullTextState.REFUSED, FullTextState.WITHDRAWN}
    ),
    FullTextState.APPROVED: frozenset(
        # Back to be decided where the file cannot be stamped: another way has to be found.
        {FullTextState.EXPIRED, FullTextState.SUBMITTED, FullTextState.WITHDRAWN}
    ),
    FullTextState.REFUSED: frozenset(),
    FullTextState.WITHDRAWN: frozenset(),
    FullTextState.EXPIRED: frozenset(),
}
OPEN_STATES = (FullTextState.SUBMITTED, FullTextState.APPROVED)


class HolderRole(models.TextChoices):
    """Why somebody decides: they led the task, or they keep the registered copy."""

    LEAD = "lead", _("Tổ chức chủ trì")
    KEEPER = "keeper", _("Nơi lưu giữ")


class FullTextRule(Grounded):
    """How long an answer may take and a copy may be read; one row an edition."""

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    answer_days = models.PositiveSmallIntegerField(_("trả lời trong (ngày làm việc)"))
    copy_days = models.PositiveSmallIntegerField(_("bản sao tải được trong (ngày)"))
    #: How many days before the end the holder is reminded.
    warn_days = models.JSONField(_("nhắc trước (ngày)"), default=list)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = ValidityQuerySet["FullTextRule"].as_manager()

    class Meta:
        verbose_name = _("quy định cung cấp toàn văn")
        verbose_name_plural = _("quy định cung cấp toàn văn")
        ordering: ClassVar = ["-valid_from", "code"]

    def __str__(self) -> str:
        return self.code


class FullTextCounter(models.Model):
    """The last number given to a request in a year; its row is locked until that is committed."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class FullTextQuerySet(models.QuerySet["FullTextRequest"]):
    def asked_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(requester=user) if user.is_authenticated else self.none()

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """Whoever holds the document: those who manage the lead organisation, the people of the body
        that keeps it, exchange staff with the right where no such body is known. Nobody decides on
        what they asked for themselves."""
        if not user.is_authenticated:
            return self.none()
        managed = Membership.objects.filter(user=user, role__in=Membership.MANAGING_ROLES)
        held = Q(holder_role=HolderRole.LEAD, holder__in=managed.values("organization"))
        held |= Q(holder_role=HolderRole.KEEPER, holder__in=organizations_kept_by(user))
        if user.is_staff and user.has_perm("research.change_fulltextrequest"):
            held |= Q(holder=None)
        return self.filter(held).exclude(requester=user)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return (
            (self.asked_by(user) | self.decided_by(user)) if user.is_authenticated else self.none()
        )

    def readable_on(self, day: date) -> Self:
        """Copies that may be fetched: agreed to, printed, not past their last day, and of documents
        that may still be handed out."""
        return self.filter(
            state=FullTextState.APPROVED,
            way=Way.COPY,
            expires_on__gte=day,
            attachment__in=Attachment.objects.listed().exclude(access="closed"),
        ).exclude(copy="")

    def for_rows(self) -> Self:
        return self.select_related(
            "attachment__result", "attachment__task", "requester", "organization", "holder"
        )


class FullTextRequest(models.Model):
    """A person asks for one document, for an organisation or for themselves."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="requests")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="full_text_requests"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    purpose = models.SlugField(_("mục đích"), max_length=40)
    purpose_note = models.CharField(_("dùng vào việc gì"), max_length=600)
    way = models.CharField(_("cách tiếp cận"), max_length=8, choices=Way)
    #: False where the document is no file that can be stamped: it is read on site then.
    has_copy = models.BooleanField(default=True)
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=FullTextState, default=FullTextState.SUBMITTED
    )
    holder_role = models.CharField(max_length=8, choices=HolderRole)
    #: Empty where no body is known that keeps the document: exchange staff answer.
    holder = models.ForeignKey(
        "accounts.Organization", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("đề nghị lúc"))
    due_on = models.DateField(_("hạn trả lời"))
    reminded = models.CharField(max_length=40, blank=True, editable=False)
    decided_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason_code = models.SlugField(_("lý do từ chối"), max_length=40, blank=True)
    note = models.CharField(_("lời nhắn"), max_length=600, blank=True)
    #: The last day on which the copy can be fetched, or the day of the visit.
    expires_on = models.DateField(_("hết hạn"), null=True, blank=True)
    visit_at = models.DateTimeField(_("hẹn đọc lúc"), null=True, blank=True)
    visit_place = models.CharField(_("nơi đọc"), max_length=300, blank=True)
    #: The stamped file; empty until the tick has made it, and again once it has expired.
    copy = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    copy_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = FullTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị xem toàn văn")
        verbose_name_plural = _("đề nghị xem toàn văn")
        ordering: ClassVar = ["-submitted_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "sequence"], name="full_text_number_once"),
            models.UniqueConstraint(
                fields=["attachment", "requester"],
                condition=Q(state__in=["submitted", "approved"]),
                name="one_open_full_text_request",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(expires_on__isnull=False),
                name="full_text_expires",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", way="on_site")
                | (Q(visit_at__isnull=False) & ~Q(visit_place="")),
                name="full_text_visit_has_day_and_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason_code=""),
                name="full_text_refused_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="full_text_queue"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("research:full_text", args=[self.public_id])

    @property
    def number(self) -> str:
        """As it stands on every page of the copy: 12/2026/TV."""
        return f"{self.sequence}/{self.year}/TV"

    @property
    def record(self) -> Any:
        return self.attachment.record

    @property
    def is_ready(self) -> bool:
        """Whether the stamped copy can be fetched now."""
        return (
            self.state == FullTextState.APPROVED
            and bool(self.copy)
            and self.expires_on is not None
            and self.expires_on >= clock.today()
        )


class FullTextEntry(models.Model):
    """A line of a request's history; lines are only ever added."""

    request = models.ForeignKey(FullTextRequest, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(_("việc"), max_length=20)
    note = models.CharField(_("ghi chú"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("diễn biến đề nghị xem toàn văn")
        verbose_name_plural = _("diễn biến đề nghị xem toàn văn")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.action
