"""The national database as matching and readers need it: registered results of research tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import slugify

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class TaskLevel(models.TextChoices):
    NATIONAL = "national", _("Cấp quốc gia")
    MINISTRY = "ministry", _("Cấp bộ")
    PROVINCE = "province", _("Cấp tỉnh")
    INSTITUTION = "institution", _("Cấp cơ sở")


class ApplicationStatus(models.TextChoices):
    APPLIED = "applied", _("Đã ứng dụng")
    PILOT = "pilot", _("Đang thử nghiệm")
    NOT_APPLIED = "not_applied", _("Chưa ứng dụng")
    UNKNOWN = "unknown", _("Chưa có thông tin")


class ResultQuerySet(StagedQuerySet):
    def public(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.public()


class Result(Staged):
    """A result of a research task, kept as its source wrote it beside what was understood of it."""

    source = models.CharField(_("nguồn"), max_length=60)
    source_id = models.CharField(_("mã trong nguồn"), max_length=120)
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    #: Of the record as read; a later import that brings the same changes nothing.
    content_hash = models.CharField(max_length=32, editable=False)

    title = models.TextField(_("tên kết quả"))
    title_en = models.TextField(_("tên tiếng Anh"), blank=True)
    abstract = models.TextField(_("tóm tắt"), blank=True)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=2, blank=True)
    field_codes = models.JSONField(_("mã lĩnh vực"), default=list, blank=True)

    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="results",
        verbose_name=_("tổ chức chủ trì"),
    )
    agency = models.CharField(_("cơ quan chủ quản"), max_length=300, blank=True)
    #: [{"name": …, "role": "lead" | "member"}] as the published record prints them.
    people = models.JSONField(_("người thực hiện"), default=list, blank=True)
    level = models.CharField(_("cấp nhiệm vụ"), max_length=12, choices=TaskLevel, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True, db_index=True)
    started_on = models.CharField(_("bắt đầu"), max_length=10, blank=True)
    ended_on = models.CharField(_("kết thúc"), max_length=10, blank=True)
    funding = models.BigIntegerField(_("kinh phí (đồng)"), null=True, blank=True)

    archive_number = models.CharField(_("số hồ sơ lưu"), max_length=60, blank=True, db_index=True)
    result_code = models.CharField(_("mã kết quả"), max_length=30, blank=True, db_index=True)
    certificate_number = models.CharField(
        _("số giấy chứng nhận đăng ký"), max_length=60, blank=True, db_index=True
    )
    products = models.TextField(_("sản phẩm"), blank=True)
    #: [{"number", "type", "status"}]
    ip_rights = models.JSONField(_("quyền sở hữu trí tuệ"), default=list, blank=True)
    trl = models.PositiveSmallIntegerField(_("mức độ sẵn sàng (TRL)"), null=True, blank=True)
    application_status = models.CharField(
        _("tình trạng ứng dụng"),
        max_length=12,
        choices=ApplicationStatus,
        default=ApplicationStatus.UNKNOWN,
    )
    application_note = models.TextField(_("ghi chú ứng dụng"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("kết quả nghiên cứu")
        verbose_name_plural = _("kết quả nghiên cứu")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="result_source_once"),
            models.CheckConstraint(
                condition=models.Q(trl=None) | models.Q(trl__range=(1, 9)), name="result_trl_1_9"
            ),
        ]
        indexes = [
            # The two ticks ask for these every second: only rows that are behind are in the index.
            models.Index(
                fields=["id"],
                condition=models.Q(indexed_version__lt=models.F("content_version")),
                name="result_to_index",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(matched_version__lt=models.F("content_version")),
                name="result_to_match",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:result", args=[slugify(self.title), self.public_id])

    @property
    def is_registered(self) -> bool:
        return bool(self.certificate_number or self.archive_number)

    @property
    def lead(self) -> str:
        return next((p["name"] for p in self.people if p.get("role") == "lead"), "")


class ImportRun(models.Model):
    """One file brought in: what came of it, and where the report of rejected records lies."""

    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lines_done = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    report_path = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.file_name
