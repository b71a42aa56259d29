"""Research tasks under way, and the programmes they belong to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import fold, slugify
from marketplace.research.models.choices import TaskState
from marketplace.research.models.records import Record, RecordQuerySet


class TaskQuerySet(RecordQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-started_on", "-pk")

    def for_cards(self) -> Self:
        return self.select_related("organization").defer(
            "methods", "expected_products", "expected_application", "organization_contact"
        )


class Task(Record):
    """A task as the information sheet on an ongoing task tells it: 19 items where the state pays,
    14 where it does not (no level, code, decision or contract). `form_code` says which."""

    IMPORTED_FIELDS: ClassVar[tuple[str, ...]] = (
        "content_hash", "title", "title_en", "keywords", "field_codes", "field_trail",
        "objective_codes", "province_code", "industry_codes", "organization", "agency",
        "programme", "people", "level", "started_on", "ended_on", "funding", "funding_state",
        "funding_own", "funding_other", "source_url", "code", "aims", "summary", "methods",
        "expected_products", "expected_application", "months", "approval_number", "approved_on",
        "contract_number", "contracted_on",
    )  # fmt: skip

    content_hash = models.CharField(
        max_length=32, db_index=True, blank=True, db_default="", editable=False
    )

    title = models.TextField(_("tên nhiệm vụ"))
    code = models.CharField(_("mã số nhiệm vụ"), max_length=60, blank=True, db_index=True)
    #: Code of the scheme "task-kinds"; empty where nobody said which it is.
    kind = models.CharField(_("loại nhiệm vụ"), max_length=40, blank=True, db_default="")
    form_code = models.CharField(_("biểu mẫu"), max_length=60, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=TaskState, default=TaskState.ONGOING
    )
    #: What it was before a result that came in finished it (`research.finishing`); else empty.
    state_before = models.CharField(
        max_length=10, choices=TaskState, blank=True, db_default="", editable=False
    )

    #: Private: telephone, e-mail, address of the lead organisation; sex, education, position and
    #: contacts of the lead. No public page prints them.
    organization_contact = models.JSONField(default=dict, blank=True, editable=False)
    lead_details = models.JSONField(default=dict, blank=True, editable=False)

    aims = models.TextField(_("mục tiêu nghiên cứu"), blank=True)
    summary = models.TextField(_("tóm tắt nội dung nghiên cứu chính"), blank=True)
    methods = models.TextField(_("phương pháp nghiên cứu"), blank=True)
    expected_products = models.TextField(_("sản phẩm dự kiến"), blank=True)
    product_items = models.JSONField(_("danh mục sản phẩm dự kiến"), default=list, blank=True)
    expected_application = models.TextField(_("địa chỉ và quy mô ứng dụng dự kiến"), blank=True)

    months = models.PositiveSmallIntegerField(
        _("thời gian thực hiện (tháng)"), null=True, blank=True
    )
    approval_number = models.CharField(_("quyết định phê duyệt số"), max_length=120, blank=True)
    approved_on = models.DateField(_("ngày phê duyệt"), null=True, blank=True)
    contract_number = models.CharField(_("hợp đồng số"), max_length=120, blank=True)
    contracted_on = models.DateField(_("ngày ký hợp đồng"), null=True, blank=True)
    #: Of the official acceptance; terms count from it, from the end of the work where it is unknown.
    accepted_on = models.DateField(_("ngày nghiệm thu"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("nhiệm vụ nghiên cứu")
        verbose_name_plural = _("nhiệm vụ nghiên cứu")

    def get_absolute_url(self) -> str:
        return reverse("research:task", args=[slugify(self.title), self.public_id])

    @property
    def year(self) -> int | None:
        """The year it began: the lists file it under this."""
        return int(self.started_on[:4]) if self.started_on else None


class ProgrammeQuerySet(StagedQuerySet):
    def public(self) -> Self:
        return self.filter(is_hidden=False)

    def visible_to(self, user: Any) -> Self:
        return self.public()

    def named_like(self, text: str) -> Self:
        return self.filter(name_folded__holds_words=text) if text.strip() else self


class Programme(Staged):
    """A programme that tasks belong to, as "KC.05/16-20"."""

    code = models.CharField(_("mã số"), max_length=60, unique=True)
    name = models.CharField(_("tên chương trình"), max_length=500)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=500, blank=True)
    name_folded = models.CharField(max_length=600, editable=False)
    agency = models.ForeignKey(
        "accounts.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("cơ quan quản lý"),
    )
    aims = models.TextField(_("mục tiêu"), blank=True)
    field_codes = models.JSONField(_("mã lĩnh vực"), default=list, blank=True)
    start_year = models.PositiveSmallIntegerField(_("từ năm"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("đến năm"), null=True, blank=True)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    is_hidden = models.BooleanField(_("không công khai"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("chương trình")
        verbose_name_plural = _("chương trình")
        ordering: ClassVar = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(end_year=None) | Q(end_year__gte=F("start_year")),
                name="programme_years_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(indexed_version__lt=F("content_version")),
                name="programme_to_index",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        self.name_folded = fold(f"{self.code} {self.name}")
        if update_fields is not None and {"name", "code"} & set(update_fields):
            update_fields = {*update_fields, "name_folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("research:programme", args=[slugify(self.code), self.public_id])

    @property
    def period(self) -> str:
        return " – ".join(str(year) for year in (self.start_year, self.end_year) if year)
