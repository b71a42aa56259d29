"""Applications of results: the third register, beside tasks and results."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.core.text import new_public_id
from marketplace.research.models.choices import ApplicationStatus, FormOfUse
from marketplace.research.models.records import OWN_SOURCE, Sourced, Withdrawable
from marketplace.research.models.results import Result


class ApplicationQuerySet(StagedQuerySet):
    def standing(self) -> Self:
        """Without reports that were taken out."""
        return self.filter(withdrawn_at=None)

    def public(self) -> Self:
        return self.standing().filter(result__in=Result.objects.public())

    def waiting(self) -> Self:
        """Those that name a result which is in no register yet, or which several have the number of."""
        return self.filter(result=None)

    def to_tie(self) -> Self:
        """Those that name another result than the one they hang on, be it none."""
        return self.exclude(result_number="").exclude(tied_number=F("result_number"))


class Application(Versioned, Sourced, Withdrawable):
    """The yearly report on how a result is used: five of them, counted from its acceptance.

    Filed here by the unit that owes it, or brought in from a source; that one names its result by a
    number, and waits where the result is not known.
    """

    IMPORTED_FIELDS: ClassVar[tuple[str, ...]] = (
        "content_hash", "result_number", "result_key", "year_number", "organization_name", "organization", "place",
        "province_code", "scale", "form_of_use", "economic_effect", "income", "note", "reported_on",
    )  # fmt: skip
    STAGE_MARKS: ClassVar[frozenset[str]] = frozenset({"counted_version"})
    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset(
        {"status_before", "counted_on", "tied_number"}
    )

    #: Empty on rows of before this column.
    public_id = models.CharField(  # type: ignore[assignment]
        max_length=12,
        unique=True,
        null=True,
        blank=True,
        default=new_public_id,
        editable=False,
    )
    content_version = models.PositiveBigIntegerField(default=1, db_default=1, editable=False)
    #: Its result is what it is by this version of the report (`marketplace.research.uses`).
    counted_version = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    source = models.CharField(
        _("nguồn"), max_length=60, default=OWN_SOURCE, db_default=OWN_SOURCE, editable=False
    )
    #: Empty where it was filed here: then it is known by its result, year, user and place.
    source_id = models.CharField(
        _("mã trong nguồn"), max_length=120, blank=True, db_default="", editable=False
    )
    content_hash = models.CharField(
        max_length=32, db_index=True, blank=True, db_default="", editable=False
    )
    imported_at = models.DateTimeField(auto_now_add=True, db_default=Now())

    result = models.ForeignKey(
        Result,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("kết quả"),
    )
    #: As the record writes it: a number of the result, or its identifier in the same source.
    result_number = models.CharField(_("số của kết quả"), max_length=120, blank=True, db_default="")
    #: `number_key` of it, by which it waits.
    result_key = models.CharField(max_length=120, blank=True, db_default="", editable=False)
    #: By which number it hangs on its result.
    tied_number = models.CharField(max_length=120, blank=True, db_default="", editable=False)

    year_number = models.PositiveSmallIntegerField(_("năm thứ"))
    organization = models.ForeignKey(
        "accounts.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("tổ chức trên sàn"),
    )
    organization_name = models.CharField(_("tổ chức ứng dụng"), max_length=300)
    place = models.CharField(_("địa chỉ ứng dụng"), max_length=300, blank=True)
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True)
    scale = models.CharField(_("quy mô"), max_length=300, blank=True)
    form_of_use = models.CharField(
        _("hình thức ứng dụng"), max_length=12, choices=FormOfUse, blank=True
    )
    economic_effect = models.TextField(_("hiệu quả kinh tế - xã hội"), blank=True)
    #: For statistics; no public page prints what a firm earns.
    income = models.BigIntegerField(_("doanh thu từ kết quả (đồng)"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    reported_on = models.DateField(_("báo cáo ngày"))
    #: The result that counts it among its uses; another one, or none, until it was counted there.
    counted_on = models.ForeignKey(
        Result, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    #: What the result counted as before this report made it count as applied; empty: it did already.
    status_before = models.CharField(
        max_length=12, choices=ApplicationStatus, blank=True, editable=False
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ứng dụng kết quả")
        verbose_name_plural = _("ứng dụng kết quả")
        ordering: ClassVar = ["year_number", "pk"]
        constraints = [
            # What sources send is told apart by its identifier; of reports on one use one stands.
            models.UniqueConstraint(
                fields=["result", "year_number", "organization_name", "place"],
                condition=Q(source=OWN_SOURCE),
                name="application_once_a_year_and_place",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="application_source_once",
            ),
            models.CheckConstraint(
                condition=Q(year_number__range=(1, 5)), name="application_year_1_5"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(counted_version__lt=F("content_version")),
                name="application_to_count",
            ),
            models.Index(
                fields=["result_key"],
                condition=Q(result=None),
                name="application_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_name} ({self.year_number})"

    def get_absolute_url(self) -> str:
        """The page of its result; none of its own."""
        return self.result.get_absolute_url() if self.result else ""

    @property
    def title(self) -> str:
        return str(self)
