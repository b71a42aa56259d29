"""Versioned vocabularies: a code list is data, with its source, its status and its validity."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.taxonomy.codes import parse_code

Row = TypeVar("Row", bound=models.Model)


class Labelled(models.Model):
    """A name in both languages; where one is missing the other is shown rather than nothing."""

    label_vi = models.CharField(_("tên tiếng Việt"), max_length=500, blank=True)
    label_en = models.CharField(_("tên tiếng Anh"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        if (get_language() or "vi").startswith("en"):
            return self.label_en or self.label_vi
        return self.label_vi or self.label_en

    @property
    def label_language(self) -> str:
        """The language `label` is in, for the `lang` attribute of a page in the other one."""
        if (get_language() or "vi").startswith("en"):
            return "en" if self.label_en else "vi"
        return "vi" if self.label_vi else "en"


class ValidityQuerySet(models.QuerySet[Row]):
    def valid_on(self, day: date | None = None) -> Self:
        day = day or clock.today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class VocabularyQuerySet(ValidityQuerySet["Vocabulary"]):
    def loaded(self) -> Self:
        return self.filter(Exists(Term.objects.filter(vocabulary=OuterRef("pk"))))

    def named(self, name: str) -> Self:
        """The editions a name stands for: one edition by its code, or all of a scheme."""
        return self.filter(Q(code=name) | Q(scheme=name))

    def in_preference(self, on: date | None = None) -> Self:
        """The edition in force first, then those that were before, then those still to come."""
        day = on or clock.today()
        past = Q(valid_to__isnull=False, valid_to__lt=day)
        future = Q(valid_from__isnull=False, valid_from__gt=day)
        return self.alias(
            _rank=Case(
                When(future, then=Value(2)),
                When(past, then=Value(1)),
                default=Value(0),
                output_field=models.IntegerField(),
            )
        ).order_by("_rank", F("valid_from").desc(nulls_last=True), "code")

    def usable(self, name: str, on: date | None = None) -> Self:
        """The edition of a scheme to use on a day: the one in force, if it is loaded.

        Where the official table of the edition in force is not at hand, the edition before it
        serves on; a listing without any field would help nobody, and the page says which is used. So
        does it where only part of the new table is at hand, unless that edition is asked for itself.
        """
        whole = ~Q(status=Vocabulary.Status.PARTIAL) | Q(code=name)
        return self.named(name).filter(whole).loaded().in_preference(on)[:1]


class Vocabulary(Labelled):
    class Status(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("tình trạng bảng mã", "Theo bản chính thức")
        UNVERIFIED = "unverified", pgettext_lazy("tình trạng bảng mã", "Chưa đối chiếu")
        OWN = "own", pgettext_lazy("tình trạng bảng mã", "Danh mục của sàn")
        PARTIAL = "partial", pgettext_lazy("tình trạng bảng mã", "Mới có một phần")
        NOT_LOADED = "not_loaded", pgettext_lazy("tình trạng bảng mã", "Chưa nạp")

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    scheme = models.SlugField(
        _("bộ mã"), max_length=60, help_text=_("Các ấn bản của một bảng mã có chung bộ mã.")
    )
    edition = models.CharField(_("ấn bản"), max_length=30, blank=True)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_shipped = models.BooleanField(
        _("kèm theo sàn"),
        default=True,
        help_text=_("Bảng mã nạp từ tệp riêng không bị ghi đè khi nâng cấp sàn."),
    )
    position = models.PositiveIntegerField(_("thứ tự"), default=0)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bảng mã")
        verbose_name_plural = _("bảng mã")
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="vocabulary_validity_in_order",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("taxonomy:vocabulary", args=[self.code])

    @property
    def tone(self) -> str:
        """How loudly a page says the status."""
        return {
            "official": "good",
            "unverified": "warn",
            "partial": "warn",
            "not_loaded": "open",
        }.get(self.status, "")

    @property
    def icon(self) -> str:
        """A shape of its own for the exchange's lists; the others have the shape of their tone."""
        return "building" if self.status == self.Status.OWN else ""

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class TermQuerySet(ValidityQuerySet["Term"]):
    def in_vocabulary(self, name: str, on: date | None = None) -> Self:
        """Terms of the edition in force on a day ("st-fields"), or of one edition by its code."""
        return self.filter(vocabulary=Subquery(Vocabulary.objects.usable(name, on).values("pk")))

    def selectable(self, on: date | None = None) -> Self:
        """What may be chosen for a new record; old records keep what they have."""
        return self.valid_on(on).filter(is_selectable=True)

    def roots(self) -> Self:
        return self.filter(parent__isnull=True)

    def under(self, *codes: str) -> Self:
        """The terms with these codes and all below them; no vocabulary is deeper than four."""
        condition = Q(code__in=codes)
        path = "code__in"
        for _level in range(3):
            path = f"parent__{path}"
            condition |= Q(**{path: codes})
        return self.filter(condition)

    def by_code(self, name: str, raw: str, on: date | None = None) -> "Term | None":
        """The term a code stands for, in whatever notation it was written."""
        code = parse_code(name, raw)
        return self.in_vocabulary(name, on).filter(code=code).first() if code else None

    def nearest(self, name: str, raw: str, on: date | None = None) -> "Term | None":
        """The term with that code or the closest above it: an industry class finds its division."""
        code = parse_code(name, raw)
        if not code:
            return None
        starts = [code[:length].strip(" /") for length in range(len(code), 0, -1)]
        found = {t.code: t for t in self.in_vocabulary(name, on).filter(code__in=starts)}
        return next((found[start] for start in starts if start in found), None)

    def tree(self) -> list["Term"]:
        """The roots, each with its `branches`, and theirs; one query. A term whose parent is not in
        the queryset stands as a root."""
        terms = list(self)
        by_pk = {term.pk: term for term in terms}
        roots: list[Term] = []
        for term in terms:
            term.branches = []
        for term in terms:
            parent = by_pk.get(term.parent_id or 0)
            (parent.branches if parent else roots).append(term)
        return roots

    def choices(self, on: date | None = None) -> list[tuple[str, str]]:
        """`(code, label)` in the active language, for a form field."""
        return [(term.code, term.label) for term in self.selectable(on)]


class Term(Labelled):
    vocabulary = models.ForeignKey(
        Vocabulary, models.PROTECT, related_name="terms", verbose_name=_("bảng mã")
    )
    code = models.CharField(_("mã"), max_length=40)
    notation = models.CharField(
        _("ký hiệu gốc"),
        max_length=20,
        blank=True,
        help_text=_("Ký hiệu trong biểu mẫu gốc, khi mã là của sàn."),
    )
    aliases = models.JSONField(
        _("tên khác"),
        default=list,
        blank=True,
        help_text=_("Những cách viết khác gặp trong hồ sơ: Sài Gòn, TP HCM."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("mã cha"),
    )
    level = models.PositiveSmallIntegerField(_("cấp"), default=1)
    is_selectable = models.BooleanField(_("chọn được cho hồ sơ mới"), default=True)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    position = models.PositiveIntegerField(_("thứ tự"), default=0)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = TermQuerySet.as_manager()

    #: Filled by `TermQuerySet.tree()`.
    branches: list["Term"]

    class Meta:
        verbose_name = _("mục từ")
        verbose_name_plural = _("mục từ")
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="term_code_in_vocabulary"),
            models.CheckConstraint(condition=~Q(label_vi="", label_en=""), name="term_has_a_label"),
        ]

    def ancestors(self) -> Iterator["Term"]:
        """From the parent up to the root."""
        term = self.parent
        while term is not None:
            yield term
            term = term.parent

    @property
    def path_label(self) -> str:
        """For places where one level says too little: Kỹ thuật cơ khí › Chế tạo máy nói chung."""
        return " › ".join([t.label for t in reversed(list(self.ancestors()))] + [self.label])
