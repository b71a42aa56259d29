"""Forms, their fields and the patterns of their numbers: versioned data, added to without code."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.research.models.choices import BasisStatus, FieldType, NumberKind, Register
from marketplace.taxonomy.models import Labelled, ValidityQuerySet


class Grounded(models.Model):
    """Data that stands on a legal text: since when, until when, on which text, and how sure that is."""

    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    status = models.CharField(
        _("tình trạng căn cứ"),
        max_length=12,
        choices=BasisStatus,
        default=BasisStatus.UNDER_REVIEW,
    )
    source = models.CharField(_("nguồn"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_under_review(self) -> bool:
        return self.status == BasisStatus.UNDER_REVIEW


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
        name=name,
    )


class Form(Labelled, Grounded):
    """A form by which records are reported, in one edition."""

    code = models.SlugField(_("mã biểu mẫu"), max_length=60, unique=True)
    register = models.CharField(_("sổ"), max_length=12, choices=Register, blank=True)
    number = models.CharField(_("ký hiệu mẫu"), max_length=60, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    position = models.PositiveIntegerField(_("thứ tự"), default=0)

    objects = ValidityQuerySet["Form"].as_manager()

    class Meta:
        verbose_name = _("biểu mẫu")
        verbose_name_plural = _("biểu mẫu")
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [_in_order("form_validity_in_order")]


class FormFieldQuerySet(ValidityQuerySet["FormField"]):
    def of_form(self, code: str, on: date | None = None) -> Self:
        return self.filter(form__code=code).valid_on(on)

    def extra_of(self, register: str, on: date | None = None) -> Self:
        """Fields that have no column: their values lie in `extra` under the field's code."""
        return self.filter(form__register=register, column="").valid_on(on)


class FormField(Labelled, Grounded):
    """One field of a form. With `column` it names the model's own field, without it the value is
    kept in `extra` under `code`."""

    form = models.ForeignKey(
        Form, models.CASCADE, verbose_name=_("biểu mẫu"), related_name="fields"
    )
    code = models.SlugField(_("mã trường"), max_length=60)
    number = models.CharField(_("mục"), max_length=10, blank=True)
    type = models.CharField(_("kiểu"), max_length=10, choices=FieldType)
    column = models.CharField(_("cột"), max_length=60, blank=True)
    vocabulary = models.CharField(_("bảng mã"), max_length=60, blank=True)
    is_required = models.BooleanField(_("bắt buộc"), default=False)
    #: Whether public pages print it; personal data is never public.
    is_public = models.BooleanField(_("công khai"), default=True)
    position = models.PositiveIntegerField(_("thứ tự"), default=0)

    objects = FormFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường của biểu mẫu")
        verbose_name_plural = _("trường của biểu mẫu")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "code"], name="form_field_once"),
            _in_order("form_field_validity_in_order"),
        ]


class NumberPattern(Grounded):
    """How numbers of one kind are written: a regular expression with named groups."""

    kind = models.CharField(_("loại số"), max_length=12, choices=NumberKind)
    code = models.SlugField(_("mã"), max_length=60, unique=True)
    pattern = models.CharField(_("mẫu"), max_length=200)
    example = models.CharField(_("ví dụ"), max_length=60, blank=True)
    position = models.PositiveIntegerField(_("thứ tự"), default=0)

    objects = ValidityQuerySet["NumberPattern"].as_manager()

    class Meta:
        verbose_name = _("mẫu số hồ sơ")
        verbose_name_plural = _("mẫu số hồ sơ")
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [_in_order("number_pattern_validity_in_order")]

    def __str__(self) -> str:
        return self.code


class OldIdentifier(models.Model):
    """A number or a source's id under which a record was known before: it leads to the record."""

    key = models.CharField(max_length=200, db_index=True)
    value = models.CharField(_("số cũ"), max_length=200)
    result = models.ForeignKey(
        "research.Result", models.CASCADE, null=True, related_name="old_identifiers"
    )
    task = models.ForeignKey(
        "research.Task", models.CASCADE, null=True, related_name="old_identifiers"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("số cũ")
        verbose_name_plural = _("số cũ")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result=None) ^ Q(task=None), name="old_identifier_of_one_record"
            ),
            models.UniqueConstraint(fields=["key", "result"], name="old_identifier_once_a_result"),
            models.UniqueConstraint(fields=["key", "task"], name="old_identifier_once_a_task"),
        ]

    def __str__(self) -> str:
        return self.value
