"""What lies in the room of a deal: steps, messages, files with their versions, meetings."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal

#: Characters of a message, however it comes.
LONGEST_MESSAGE: Final = 5000


class DealStep(models.Model):
    """A practical step that people ticked off, or said that this deal has no need of."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="steps")
    code = models.CharField(max_length=40)
    is_left_out = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bước của giao dịch")
        verbose_name_plural = _("bước của giao dịch")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "code"], name="deal_step_once"),
        ]

    def __str__(self) -> str:
        return self.code


class DealMessage(models.Model):
    """A message to everybody in the deal. It stays as it was written."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="messages")
    #: The side that speaks; nobody's for staff.
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("lời nhắn"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("lời nhắn trong giao dịch")
        verbose_name_plural = _("lời nhắn trong giao dịch")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["deal", "-at"], name="deal_messages")]

    def __str__(self) -> str:
        return self.text[:60]


class ReplyOutcome(models.TextChoices):
    TAKEN = "taken", _("Đã vào giao dịch")
    WITHOUT_FILES = "without_files", _("Đã vào giao dịch, không có tệp kèm")
    EMPTY = "empty", _("Không có lời nào")
    TOO_LONG = "too_long", _("Quá dài")
    CLOSED = "closed", _("Giao dịch đã kết thúc")


class MailReply(models.Model):
    """A mail that somebody in the deal answered with: what keeps it from being taken twice."""

    key = models.CharField(max_length=64, unique=True)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="mail_replies")
    message = models.OneToOneField(
        DealMessage, models.CASCADE, null=True, blank=True, related_name="mail_reply"
    )
    outcome = models.CharField(max_length=14, choices=ReplyOutcome, default=ReplyOutcome.TAKEN)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("thư trả lời vào giao dịch")
        verbose_name_plural = _("thư trả lời vào giao dịch")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.key[:12]


class DealFile(models.Model):
    """A file of the room, whatever versions it has had."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="files")
    title = models.CharField(_("tên tệp"), max_length=255)

    class Meta:
        verbose_name = _("tệp của giao dịch")
        verbose_name_plural = _("tệp của giao dịch")
        ordering: ClassVar = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class DealFileVersion(models.Model):
    """One version of a file; an older one stays to be read."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    of = models.ForeignKey(DealFile, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(storage=private_storage, upload_to=stored_name)
    display_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("phiên bản tệp của giao dịch")
        verbose_name_plural = _("phiên bản tệp của giao dịch")
        ordering: ClassVar = ["-number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="deal_file_version_once"),
            models.UniqueConstraint(fields=["of", "sha256"], name="deal_file_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.display_name} ({self.number})"


class Meeting(models.Model):
    """When and where the two sides meet."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="meetings")
    title = models.CharField(_("nội dung"), max_length=200)
    starts_at = models.DateTimeField(_("bắt đầu"))
    ends_at = models.DateTimeField(_("kết thúc"))
    place = models.CharField(_("nơi gặp hoặc đường dẫn"), max_length=300, blank=True)
    planned_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("buổi gặp")
        verbose_name_plural = _("buổi gặp")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.title
