"""What every record of the national database has: ongoing tasks and registered results alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Staged, StagedQuerySet
from marketplace.research.models.choices import PersonRole, TaskLevel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


#: The source of what was entered on the exchange itself.
OWN_SOURCE: Final = "dang-ky"


def field_trail(codes: list[str]) -> str:
    """The codes and all above them, each between bars: one column that every database can filter
    by (`40107` is found under `4` and `401`)."""
    levels = dict.fromkeys(code[:length] for code in codes for length in (1, 3, 5, 7))
    return f"|{'|'.join(levels)}|" if levels else ""


class Withdrawable(models.Model):
    """What staff can take out of the register with a reason, and put back: the row stays."""

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, db_default="", editable=False)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """What a source may send: known by the source and by its identifier there."""

    source = models.CharField(_("nguồn"), max_length=60)
    source_id = models.CharField(_("mã trong nguồn"), max_length=120)

    #: What an import writes; everything else on the row belongs to the exchange.
    IMPORTED_FIELDS: ClassVar[tuple[str, ...]] = ()
    #: Of the record as read; a later import that brings the same changes nothing. Empty where it was
    #: made here, or where the same record coming again is to be news.
    content_hash: Any
    content_version: Any
    withdrawal_reason: Any

    class Meta:
        abstract = True


class RecordQuerySet(StagedQuerySet):
    def public(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.public()

    def in_field(self, code: str) -> Self:
        """Records of the field and of all fields below it."""
        return self.filter(field_trail__contains=f"|{code}|")

    def of_organizations(self, organizations: Iterable[int]) -> Self:
        return self.filter(organization__in=list(organizations))

    def of_programmes(self, programmes: Iterable[int]) -> Self:
        return self.filter(programme__in=list(programmes))


class Record(Staged, Sourced):
    """A record as its source wrote it, beside what was understood of it.

    The secrecy level has no column: only what is "normal" enters, and nothing of the rest is kept.
    """

    STAGE_MARKS: ClassVar[frozenset[str]] = Staged.STAGE_MARKS | {
        "people_version",
        "browsed_version",
        "listed_version",
    }

    #: Who takes part is known as authority records up to this version of the content.
    people_version = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    #: The lists and their counts tell of this version of the content.
    browsed_version = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)

    #: Other systems are told of this version of the content (`marketplace.api.ledger`).
    listed_version = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)

    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)

    title_en = models.TextField(_("tên tiếng Anh"), blank=True)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)
    field_codes = models.JSONField(_("mã lĩnh vực"), default=list, blank=True)
    field_trail = models.CharField(max_length=400, blank=True, editable=False)
    objective_codes = models.JSONField(
        _("mã mục tiêu kinh tế - xã hội"), default=list, db_default=[], blank=True
    )

    #: Where it was done or is led from, where the record itself says so; else its organisation's place.
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True, db_default="")
    industry_codes = models.JSONField(
        _("mã ngành kinh tế"), default=list, db_default=[], blank=True
    )

    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("tổ chức chủ trì"),
    )
    agency = models.CharField(_("cơ quan chủ quản"), max_length=300, blank=True)
    programme = models.ForeignKey(
        "research.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("chương trình"),
    )
    #: As the published record prints them; see `shapes.PersonEntry`.
    people = models.JSONField(_("người thực hiện"), default=list, blank=True)
    level = models.CharField(_("cấp nhiệm vụ"), max_length=12, choices=TaskLevel, blank=True)
    started_on = models.CharField(_("bắt đầu"), max_length=10, blank=True)
    ended_on = models.CharField(_("kết thúc"), max_length=10, blank=True)
    funding = models.BigIntegerField(_("kinh phí (đồng)"), null=True, blank=True)
    funding_state = models.BigIntegerField(_("từ ngân sách nhà nước"), null=True, blank=True)
    funding_own = models.BigIntegerField(_("vốn tự có"), null=True, blank=True)
    funding_other = models.BigIntegerField(_("từ nguồn khác"), null=True, blank=True)
    #: {field code: value} of form fields that have no column (`FormField`).
    extra = models.JSONField(_("trường thêm"), default=dict, db_default={}, blank=True)

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)

    #: What the record is called on pages; each register has its own words for the column.
    title: Any

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], name="%(class)s_source_once"),
        ]
        # The ticks ask for these every few seconds: only rows that are behind are in the index.
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(**{f"{mark}_version__lt": F("content_version")}),
                name=f"%(class)s_to_{name}",
            )
            for mark, name in (
                ("indexed", "index"),
                ("matched", "match"),
                ("alerted", "alert"),
                ("people", "people"),
                ("browsed", "browse"),
                ("listed", "list"),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.field_trail = field_trail(self.field_codes)
        if update_fields is not None and "field_codes" in update_fields:
            update_fields = {*update_fields, "field_trail"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def province(self) -> str:
        return self.province_code or (self.organization.province_code if self.organization else "")

    @property
    def lead(self) -> str:
        return next((p["name"] for p in self.people if p.get("role") == PersonRole.LEAD), "")
