"""Rules as data: one row an edition of a list, with what it stands on and how sure that is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.taxonomy.models import Labelled, ValidityQuerySet


class RuleBook(Labelled):
    """One edition of the dossier's items, the terms, the reasons …; `rules` reads its entries."""

    class Kind(models.TextChoices):
        ITEMS = "dossier-items", _("Thành phần hồ sơ")
        FILE_RULES = "file-rules", _("Yêu cầu với tệp")
        DEADLINES = "deadlines", _("Thời hạn")
        REASONS = "return-reasons", _("Lý do yêu cầu bổ sung")
        NUMBERS = "certificate-numbers", _("Cách ghi số")
        LETTERS = "letters", _("Lời văn")
        DUTIES = "duties", _("Nghĩa vụ báo cáo")
        REMINDER_STEPS = "reminder-steps", _("Các bước nhắc")
        FORM_5 = "form-5", _("Phiếu đăng ký kết quả")
        FORM_8 = "form-8", _("Phiếu mô tả công nghệ")

    class Status(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("tình trạng quy định", "Theo bản chính thức")
        UNDER_REVIEW = "under_review", pgettext_lazy("tình trạng quy định", "Đang rà soát hiệu lực")
        UNVERIFIED = "unverified", pgettext_lazy("tình trạng quy định", "Chưa đối chiếu")
        OWN = "own", pgettext_lazy("tình trạng quy định", "Quy định của sàn")

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    kind = models.CharField(_("loại"), max_length=24, choices=Kind)
    edition = models.CharField(_("ấn bản"), max_length=30, blank=True)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=500, blank=True)
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    steps = models.JSONField(_("các bước"), default=list, blank=True)
    entries = models.JSONField(_("nội dung"), default=list)
    is_shipped = models.BooleanField(
        _("kèm theo sàn"),
        default=True,
        help_text=_("Bảng nạp từ tệp riêng không bị ghi đè khi nâng cấp sàn."),
    )

    objects = ValidityQuerySet["RuleBook"].as_manager()

    class Meta:
        verbose_name = _("quy định đăng ký")
        verbose_name_plural = _("quy định đăng ký")
        ordering: ClassVar = ["kind", "-valid_from", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="rule_book_validity_in_order",
            ),
        ]
