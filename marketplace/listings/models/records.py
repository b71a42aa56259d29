"""Beside listings: reasons, decisions, numbers and views. They outlive any revision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Exchange, Organization
from marketplace.listings.models.kinds import TechnologyOffer
from marketplace.research.models import Result


class ReturnReason(models.Model):
    """Why staff return a listing: a code with a prepared text in the poster's language."""

    code = models.SlugField(_("mã"), unique=True)
    label_vi = models.CharField(_("tên tiếng Việt"), max_length=120)
    label_en = models.CharField(_("tên tiếng Anh"), max_length=120, blank=True)
    text_vi = models.TextField(_("lời mẫu tiếng Việt"))
    text_en = models.TextField(_("lời mẫu tiếng Anh"), blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("lý do trả lại")
        verbose_name_plural = _("lý do trả lại")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label_vi


class ReviewDecision(models.Model):
    """What staff decided on a submission, readable by its poster; written with the decision."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Đạt bước duyệt")
        PUBLISHED = "published", _("Đã duyệt và đăng")
        RETURNED = "returned", pgettext_lazy("quyết định", "Trả lại để chỉnh sửa")
        REJECTED = "rejected", pgettext_lazy("quyết định", "Từ chối")
        TAKEN_DOWN = "taken_down", pgettext_lazy("quyết định", "Gỡ khỏi trang công khai")
        UNDONE = "undone", pgettext_lazy("quyết định", "Hoàn tác quyết định trước")

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    decision = models.CharField(max_length=10, choices=Decision)
    step = models.CharField(max_length=120, blank=True)
    reason_codes = models.JSONField(default=list)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    revision_id = models.PositiveBigIntegerField(null=True)
    #: What stood beside it, for staff alone: the edition of the standard, each check and what it said,
    #: and the grounds on which somebody went past one that was not clean.
    examined = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["kind", "key", "-at"], name="review_of_listing"),
            models.Index(fields=["at"], name="review_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.decision}"


class ReviewStep(models.Model):
    """What staff did with a submission between decisions: who held it, and who was handed it."""

    class Act(models.TextChoices):
        HELD = "held", pgettext_lazy("việc đã làm", "Giữ bài để xử lý")
        RELEASED = "released", pgettext_lazy("việc đã làm", "Thôi giữ bài")
        HANDED_OVER = "handed_over", pgettext_lazy("việc đã làm", "Chuyển cho đồng nghiệp")

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    act = models.CharField(max_length=12, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("việc xử lý bài chờ duyệt")
        verbose_name_plural = _("việc xử lý bài chờ duyệt")
        indexes = [models.Index(fields=["kind", "key", "-at"], name="step_of_listing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.act}"


class OwnReviewStep(models.Model):
    """What an organisation's own people did before a submission reached the staff; both read it."""

    class Act(models.TextChoices):
        ASKED = "asked", pgettext_lazy("duyệt của tổ chức", "Trình người quản lý")
        APPROVED = "approved", pgettext_lazy("duyệt của tổ chức", "Người quản lý đồng ý gửi sàn")
        RETURNED = "returned", pgettext_lazy("duyệt của tổ chức", "Người quản lý trả lại")
        TAKEN_BACK = "taken_back", pgettext_lazy("duyệt của tổ chức", "Rút lại bản trình")

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    act = models.CharField(max_length=12, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    revision_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("bước duyệt của tổ chức")
        verbose_name_plural = _("bước duyệt của tổ chức")
        indexes = [models.Index(fields=["kind", "key", "-at"], name="own_step_of_listing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.act}"


class NumberCounter(models.Model):
    """The last number given to a kind of listing of one exchange."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "kind"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class DailyViews(models.Model):
    """How often people (not robots) opened a listing's page on one day."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "day"], name="views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.day}"


class OfferFromResult(models.Model):
    """Which offer an organisation made of a registered result: one, however often it is asked for."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="offers_made")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    offer = models.OneToOneField(TechnologyOffer, models.CASCADE, related_name="made_of")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "organization"], name="offer_of_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.result_id} → {self.offer_id}"
