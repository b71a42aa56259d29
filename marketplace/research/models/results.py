"""Registered results of research tasks."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.text import slugify
from marketplace.research.models.choices import ApplicationStatus, PublicationState
from marketplace.research.models.records import Record, RecordQuerySet


class ResultQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self.filter(withdrawn_at=None, publication_state=PublicationState.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by(F("year").desc(nulls_last=True), "-pk")

    def for_cards(self) -> Self:
        """What a list shows, without the long texts it does not."""
        return self.select_related("organization").defer("products", "application_note")


class Result(Record):
    """A result of a research task (form 5 of the registration)."""

    IMPORTED_FIELDS: ClassVar[tuple[str, ...]] = (
        "content_hash", "title", "title_en", "abstract", "keywords", "language", "field_codes",
        "field_trail", "organization", "agency", "people", "level", "year", "started_on",
        "ended_on", "funding", "archive_number", "result_code", "certificate_number", "products",
        "ip_rights", "trl", "application_status", "application_note", "source_url", "task_number",
        "province_code", "industry_codes",
    )  # fmt: skip

    content_hash = models.CharField(max_length=32, db_index=True, editable=False)

    title = models.TextField(_("tên kết quả"))
    abstract = models.TextField(_("tóm tắt"), blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=2, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True)
    task = models.ForeignKey(
        "research.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="results",
        verbose_name=_("nhiệm vụ"),
    )

    #: The task's number as the record writes it: by it the two are tied, whichever comes first.
    task_number = models.CharField(_("mã số nhiệm vụ"), max_length=60, blank=True, db_default="")

    #: Three numbers that are often taken for one another; each as it was written
    #: (`numbers.parse_numbers` reads them).
    archive_number = models.CharField(_("số hồ sơ lưu"), max_length=60, blank=True, db_index=True)
    result_code = models.CharField(_("mã kết quả"), max_length=30, blank=True, db_index=True)
    certificate_number = models.CharField(
        _("số giấy chứng nhận đăng ký"), max_length=60, blank=True, db_index=True
    )
    issued_on = models.DateField(_("ngày cấp giấy chứng nhận"), null=True, blank=True)
    registering_body = models.CharField(
        _("cơ quan đăng ký"), max_length=300, blank=True, db_default=""
    )

    accepting_body = models.CharField(
        _("cơ quan tổ chức nghiệm thu"), max_length=300, blank=True, db_default=""
    )
    acceptance_council = models.CharField(
        _("hội đồng nghiệm thu"), max_length=300, blank=True, db_default=""
    )
    accepted_on = models.DateField(_("ngày họp nghiệm thu"), null=True, blank=True)
    acceptance_decision = models.CharField(
        _("quyết định công nhận kết quả"), max_length=120, blank=True, db_default=""
    )
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)

    products = models.TextField(_("sản phẩm"), blank=True)
    #: Value lists, each entry of the shape that `shapes` describes and checks.
    product_items = models.JSONField(
        _("danh mục sản phẩm"), default=list, db_default=[], blank=True
    )
    publications = models.JSONField(_("công bố"), default=list, db_default=[], blank=True)
    library_references = models.JSONField(
        _("biểu ghi thư viện"), default=list, db_default=[], blank=True
    )
    ip_rights = models.JSONField(_("quyền sở hữu trí tuệ"), default=list, blank=True)

    trl = models.PositiveSmallIntegerField(_("mức độ sẵn sàng (TRL)"), null=True, blank=True)
    application_status = models.CharField(
        _("tình trạng ứng dụng"),
        max_length=12,
        choices=ApplicationStatus,
        default=ApplicationStatus.UNKNOWN,
    )
    application_note = models.TextField(_("ghi chú ứng dụng"), blank=True)

    publication_state = models.CharField(
        _("công bố thông tin"),
        max_length=10,
        choices=PublicationState,
        default=PublicationState.PUBLISHED,
        db_default=PublicationState.PUBLISHED,
    )
    published_on = models.DateField(_("công bố ngày"), null=True, blank=True)
    #: The last day on which it is held back; the day after it is published by itself.
    restricted_until = models.DateField(_("hạn chế công bố đến hết ngày"), null=True, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("kết quả nghiên cứu")
        verbose_name_plural = _("kết quả nghiên cứu")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(trl=None) | models.Q(trl__range=(1, 9)), name="result_trl_1_9"
            ),
            models.CheckConstraint(
                condition=~models.Q(publication_state=PublicationState.RESTRICTED)
                | models.Q(restricted_until__isnull=False),
                name="result_restricted_until_a_day",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["year", "id"], name="result_by_year"),
            models.Index(
                fields=["task_number"],
                condition=~models.Q(task_number=""),
                name="result_of_task_number",
            ),
            models.Index(
                fields=["restricted_until"],
                condition=models.Q(publication_state=PublicationState.RESTRICTED),
                name="result_restricted",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("research:result", args=[slugify(self.title), self.public_id])

    @property
    def is_registered(self) -> bool:
        return bool(self.certificate_number or self.archive_number)

    @property
    def numbers(self) -> list[str]:
        return [
            number
            for number in (self.archive_number, self.result_code, self.certificate_number)
            if number
        ]
