"""The national database as matching and readers need it: registered results of research tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F
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

    def in_field(self, code: str) -> Self:
        """Results of the field and of all fields below it."""
        return self.filter(field_trail__contains=f"|{code}|")

    def of_organizations(self, organizations: Iterable[int]) -> Self:
        return self.filter(organization__in=list(organizations))

    def newest_first(self) -> Self:
        return self.order_by(F("year").desc(nulls_last=True), "-pk")

    def for_cards(self) -> Self:
        """What a list shows, without the long texts it does not."""
        return self.select_related("organization").defer("products", "application_note")


def field_trail(codes: list[str]) -> str:
    """The codes and all above them, each between bars: one column that every database can filter
    by (`40107` is found under `4` and `401`)."""
    levels = dict.fromkeys(code[:length] for code in codes for length in (1, 3, 5, 7))
    return f"|{'|'.join(levels)}|" if levels else ""


class Result(Staged):
    """A result of a research task, kept as its source wrote it beside what was understood of it."""

    #: What an import writes; everything else on the row belongs to the exchange.
    IMPORTED_FIELDS: ClassVar[tuple[str, ...]] = (
        "content_hash", "title", "title_en", "abstract", "keywords", "language", "field_codes",
        "field_trail", "organization", "agency", "people", "level", "year", "started_on",
        "ended_on", "funding", "archive_number", "result_code", "certificate_number", "products",
        "ip_rights", "trl", "application_status", "application_note", "source_url",
    )  # fmt: skip

    source = models.CharField(_("nguồn"), max_length=60)
    source_id = models.CharField(_("mã trong nguồn"), max_length=120)
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    #: Of the record as read; a later import that brings the same changes nothing.
    content_hash = models.CharField(max_length=32, db_index=True, editable=False)

    title = models.TextField(_("tên kết quả"))
    title_en = models.TextField(_("tên tiếng Anh"), blank=True)
    abstract = models.TextField(_("tóm tắt"), blank=True)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=2, blank=True)
    field_codes = models.JSONField(_("mã lĩnh vực"), default=list, blank=True)
    field_trail = models.CharField(max_length=400, blank=True, editable=False)

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
    year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True)
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
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
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
            models.Index(fields=["year", "id"], name="result_by_year"),
            # The ticks ask for these every second: only rows that are behind are in the index.
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
            models.Index(
                fields=["id"],
                condition=models.Q(alerted_version__lt=models.F("content_version")),
                name="result_to_alert",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.field_trail = field_trail(self.field_codes)
        if update_fields is not None and "field_codes" in update_fields:
            update_fields = {*update_fields, "field_trail"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("research:result", args=[slugify(self.title), self.public_id])

    @property
    def is_registered(self) -> bool:
        return bool(self.certificate_number or self.archive_number)

    @property
    def lead(self) -> str:
        return next((p["name"] for p in self.people if p.get("role") == "lead"), "")


class ImportRun(models.Model):
    """One file brought in: what came of it, and where the report of refused records lies."""

    file_name = models.CharField(_("tệp"), max_length=200)
    source = models.CharField(_("nguồn"), max_length=60)
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    #: Empty where it was interrupted: bringing the file in again goes on from there.
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    records_done = models.PositiveBigIntegerField(_("bản ghi đã đọc"), default=0)
    created = models.PositiveBigIntegerField(_("thêm mới"), default=0)
    updated = models.PositiveBigIntegerField(_("cập nhật"), default=0)
    unchanged = models.PositiveBigIntegerField(_("không đổi"), default=0)
    refused = models.PositiveBigIntegerField(_("bị từ chối"), default=0)
    problem = models.CharField(_("lỗi của tệp"), max_length=300, blank=True)
    report_path = models.CharField(_("báo cáo"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
