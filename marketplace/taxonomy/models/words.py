"""Words that stand for one another when a query is read."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock


class WordQuerySet(models.QuerySet["Word"]):
    def in_use(self) -> Self:
        return self.filter(status=Word.Status.ACTIVE)


class Word(models.Model):
    """Two forms that stand for each other when a query is read; changed by `words.save_word` alone."""

    class Kind(models.TextChoices):
        ABBREVIATION = "abbreviation", pgettext_lazy("loại từ", "Viết tắt")
        SYNONYM = "synonym", pgettext_lazy("loại từ", "Đồng nghĩa")
        TRANSLATION = "translation", pgettext_lazy("loại từ", "Việt – Anh")

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("tình trạng từ", "Đang dùng")
        OFF = "off", pgettext_lazy("tình trạng từ", "Không dùng")

    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    short = models.CharField(
        _("từ"), max_length=120, help_text=_("Chữ viết tắt, từ tiếng Việt hoặc từ cần thêm nghĩa.")
    )
    long = models.CharField(
        _("nghĩa là"),
        max_length=200,
        help_text=_("Cụm từ đầy đủ, từ đồng nghĩa hoặc từ tiếng Anh tương ứng."),
    )
    is_one_way = models.BooleanField(
        _("một chiều"),
        default=False,
        help_text=_("Tìm từ thứ nhất thì tìm cả từ thứ hai, không ngược lại."),
    )
    field_codes = models.JSONField(
        _("lĩnh vực của nghĩa này"),
        default=list,
        blank=True,
        help_text=_("Khi người tìm chọn lĩnh vực, chỉ nghĩa thuộc lĩnh vực đó được dùng."),
    )
    context = models.CharField(
        _("từ đi kèm"),
        max_length=300,
        blank=True,
        help_text=_(
            "Những từ cho biết là nghĩa này, cách nhau bằng dấu cách: máy phay tiện gia công."
        ),
    )
    note = models.CharField(
        _("ghi chú"),
        max_length=200,
        blank=True,
        help_text=_("Hiện cho người tìm khi từ có nhiều nghĩa."),
    )
    source = models.CharField(_("nguồn"), max_length=200, blank=True)
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.ACTIVE)
    is_shipped = models.BooleanField(default=False, editable=False)
    is_edited = models.BooleanField(
        default=False, editable=False, help_text="an upgrade leaves it as staff made it"
    )
    changed_at = models.DateTimeField(_("sửa lúc"), default=clock.now, editable=False)

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("từ tìm kiếm")
        verbose_name_plural = _("từ tìm kiếm")
        ordering: ClassVar = ["short", "long"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "short", "long"],
                name="word_once",
                violation_error_message=_("Cặp từ này đã có."),
            ),
            models.CheckConstraint(
                condition=~Q(short="") & ~Q(long=""), name="word_has_both_forms"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.short} = {self.long}" if not self.is_one_way else f"{self.short} → {self.long}"
        )


class TermPairQuerySet(models.QuerySet["TermPair"]):
    def in_use(self) -> Self:
        return self.filter(status=TermPair.Status.ACTIVE)


class TermPair(models.Model):
    """One line of the bilingual vocabulary; changed by `term_pairs.save_term_pair` alone.

    Several forms of one language stand in one cell, parted by ` | `, as in the shipped files.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("tình trạng từ", "Đang dùng")
        OFF = "off", pgettext_lazy("tình trạng từ", "Không dùng")

    vietnamese = models.CharField(
        _("tiếng Việt"),
        max_length=300,
        help_text=_("Các cách viết cách nhau bằng dấu gạch đứng: độ ẩm | hàm ẩm."),
    )
    english = models.CharField(
        _("tiếng Anh"),
        max_length=300,
        help_text=_("Các cách viết cách nhau bằng dấu gạch đứng: moisture | humidity."),
    )
    #: Code of the field in `st-fields`; empty for what belongs to all of them.
    sector = models.CharField(_("lĩnh vực"), max_length=20, blank=True)
    note = models.CharField(
        _("ghi chú"),
        max_length=200,
        blank=True,
        help_text=_("Cho biết là nghĩa nào khi một từ có nhiều nghĩa."),
    )
    source = models.CharField(_("nguồn"), max_length=200, blank=True)
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.ACTIVE)
    #: Both cells without marks, for finding.
    folded = models.CharField(max_length=620, editable=False)
    #: The cells as the shipped file has them, so that an upgrade knows a line that staff changed.
    shipped_as = models.CharField(max_length=620, blank=True, editable=False)
    is_edited = models.BooleanField(
        default=False, editable=False, help_text="an upgrade leaves it as staff made it"
    )
    changed_at = models.DateTimeField(_("sửa lúc"), default=clock.now, editable=False)

    objects = TermPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("cặp thuật ngữ")
        verbose_name_plural = _("thuật ngữ Việt – Anh")
        ordering: ClassVar = ["vietnamese", "english"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vietnamese", "english"],
                name="term_pair_once",
                violation_error_message=_("Cặp thuật ngữ này đã có."),
            ),
            models.CheckConstraint(
                condition=~Q(vietnamese="") & ~Q(english=""), name="term_pair_has_both_languages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vietnamese} = {self.english}"


class WordList(models.Model):
    """The version of a list, raised with each change: processes look here, not at its rows."""

    class List(models.IntegerChoices):
        WORDS = 1
        TERM_PAIRS = 2

    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)
