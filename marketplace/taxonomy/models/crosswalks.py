"""What codes of one edition have become in another, and the values nobody could translate."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.taxonomy.models.vocabularies import Labelled, Term, ValidityQuerySet, Vocabulary


class CrosswalkTable(Labelled):
    """A loaded table of pairs, with where it comes from: as versioned as the vocabularies it joins."""

    class Status(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("tình trạng bảng mã", "Theo bản chính thức")
        UNVERIFIED = "unverified", pgettext_lazy("tình trạng bảng mã", "Chưa đối chiếu")
        OWN = "own", pgettext_lazy("tình trạng bảng mã", "Danh mục của sàn")

    code = models.SlugField(_("mã"), max_length=120, unique=True)
    from_vocabulary = models.ForeignKey(
        Vocabulary, models.PROTECT, related_name="crosswalks_from", verbose_name=_("từ bảng mã")
    )
    to_vocabulary = models.ForeignKey(
        Vocabulary, models.PROTECT, related_name="crosswalks_into", verbose_name=_("sang bảng mã")
    )
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_shipped = models.BooleanField(_("kèm theo sàn"), default=True)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = ValidityQuerySet["CrosswalkTable"].as_manager()

    class Meta:
        verbose_name = _("bảng chuyển đổi mã")
        verbose_name_plural = _("bảng chuyển đổi mã")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(from_vocabulary=F("to_vocabulary")), name="crosswalk_table_of_two"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("taxonomy:crosswalk", args=[self.code])

    @property
    def tone(self) -> str:
        return {"official": "good", "unverified": "warn"}.get(self.status, "")


class CrosswalkQuerySet(models.QuerySet["Crosswalk"]):
    def into(self, vocabulary: str) -> Self:
        return self.filter(to_term__vocabulary__code=vocabulary)


class Crosswalk(models.Model):
    """What a code of one edition has become in another; never guessed, always with its source.

    The relation says what the new term is to the old one: a merged province leads to a *broader* one,
    and then what lay in the old lies in the new.
    """

    class Relation(models.TextChoices):
        EXACT = "exact", pgettext_lazy("quan hệ giữa hai mã", "Trùng nghĩa")
        BROADER = "broader", pgettext_lazy("quan hệ giữa hai mã", "Rộng hơn")
        NARROWER = "narrower", pgettext_lazy("quan hệ giữa hai mã", "Hẹp hơn")
        RELATED = "related", pgettext_lazy("quan hệ giữa hai mã", "Có liên quan")

    table = models.ForeignKey(
        CrosswalkTable,
        models.CASCADE,
        null=True,
        related_name="pairs",
        verbose_name=_("bảng chuyển đổi mã"),
    )
    from_term = models.ForeignKey(
        Term, models.CASCADE, related_name="leads_to", verbose_name=_("từ mã")
    )
    to_term = models.ForeignKey(
        Term, models.CASCADE, related_name="comes_from", verbose_name=_("sang mã")
    )
    relation = models.CharField(_("quan hệ"), max_length=8, choices=Relation)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    objects = CrosswalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("cặp mã chuyển đổi")
        verbose_name_plural = _("cặp mã chuyển đổi")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_term", "to_term"], name="crosswalk_pair"),
            models.CheckConstraint(
                condition=~Q(from_term=F("to_term")), name="crosswalk_between_two_terms"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_term} → {self.to_term}"


class UnresolvedCodeQuerySet(models.QuerySet["UnresolvedCode"]):
    def waiting(self) -> Self:
        return self.filter(state=UnresolvedCode.State.WAITING)

    def decided(self) -> Self:
        return self.filter(state=UnresolvedCode.State.RESOLVED)


class UnresolvedCode(models.Model):
    """A value of a file that no table translates: a person says what it stands for, or that it stands
    for nothing. The decision holds for every record that comes with the same value."""

    class Outcome(models.TextChoices):
        AMBIGUOUS = "ambiguous", pgettext_lazy("kết quả đọc mã", "Có nhiều cách hiểu")
        UNKNOWN = "unknown", pgettext_lazy("kết quả đọc mã", "Không có trong bảng")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("tình trạng mã", "Chờ xác định")
        RESOLVED = "resolved", pgettext_lazy("tình trạng mã", "Đã xác định")
        LEFT = "left", pgettext_lazy("tình trạng mã", "Để trống")

    vocabulary = models.SlugField(_("bảng mã"), max_length=60)
    to = models.SlugField(_("sang bảng mã"), max_length=60)
    #: Folded: the same value in other letters is the same question.
    key = models.CharField(max_length=200, editable=False)
    value = models.CharField(_("giá trị trong hồ sơ"), max_length=200)
    outcome = models.CharField(_("kết quả đọc"), max_length=10, choices=Outcome)
    candidates = models.JSONField(_("các mã có thể"), default=list)
    times_seen = models.PositiveIntegerField(_("số lần gặp"), default=1)
    first_seen_at = models.DateTimeField(_("gặp lần đầu"))
    last_seen_at = models.DateTimeField(_("gặp gần nhất"))
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=State, default=State.WAITING, db_index=True
    )
    resolved_code = models.CharField(_("mã đã chọn"), max_length=40, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xác định"),
    )
    decided_at = models.DateTimeField(_("xác định lúc"), null=True, blank=True)

    objects = UnresolvedCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mã chờ xác định")
        verbose_name_plural = _("mã chờ xác định")
        ordering: ClassVar = ["-times_seen", "value"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vocabulary", "to", "key"], name="unresolved_code_once"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved") ^ Q(resolved_code=""),
                name="unresolved_code_resolved_with_a_code",
            ),
        ]

    def __str__(self) -> str:
        return self.value
