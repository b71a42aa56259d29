"""Organisations: those on the exchange, and those that records name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models.roles import MANAGING_ROLES
from marketplace.accounts.models.users import User
from marketplace.accounts.names import NAME_LIMIT, organization_key
from marketplace.accounts.tax_codes import is_personal
from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import fold, slugify

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class OrganizationKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    INSTITUTE = "institute", _("Viện, trung tâm nghiên cứu")
    UNIVERSITY = "university", _("Trường đại học")
    ST_ENTERPRISE = "st_enterprise", _("Doanh nghiệp khoa học và công nghệ")
    INTERMEDIARY = "intermediary", _("Tổ chức trung gian")
    AUTHORITY = "authority", _("Cơ quan quản lý")
    INDIVIDUAL = "individual", _("Cá nhân")


class OrganizationStatus(models.TextChoices):
    UNCLAIMED = "unclaimed", _("Chưa có tài khoản trên sàn")
    CLAIMED = "claimed", _("Đã có tài khoản, chưa xác minh")
    VERIFIED = "verified", _("Đã xác minh")
    #: A verified fact is to change, or a paper it rests on has ended; what is shown is still the old.
    RECHECKED = "rechecked", _("Đang được kiểm tra lại")


class OrganizationQuerySet(StagedQuerySet):
    def public(self) -> Self:
        return self.filter(is_hidden=False)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.public()

    def managed_by(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            pk__in=user.memberships.filter(role__in=MANAGING_ROLES).values("organization")
        )

    def named_like(self, text: str) -> Self:
        """Names with words that begin with what was typed, with or without marks (`core.words`)."""
        return self.filter(name_folded__holds_words=text) if text.strip() else self


class Organization(Staged):
    """An organisation on the exchange, or one named by an imported record (unclaimed)."""

    UNVERSIONED_FIELDS = frozenset({"staff_look_first", "approves_own_listings"})

    name = models.CharField(_("tên"), max_length=NAME_LIMIT)
    #: Derived from the name by save() and by the bulk paths (`names.organization_key`).
    name_key = models.CharField(max_length=NAME_LIMIT, unique=True, editable=False)
    name_folded = models.CharField(max_length=NAME_LIMIT, db_index=True, editable=False)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=300, blank=True)
    short_name = models.CharField(_("tên viết tắt"), max_length=60, blank=True)
    kind = models.CharField(
        _("loại hình"),
        max_length=20,
        choices=OrganizationKind,
        default=OrganizationKind.ENTERPRISE,
    )
    status = models.CharField(
        _("tình trạng"),
        max_length=12,
        choices=OrganizationStatus,
        default=OrganizationStatus.UNCLAIMED,
    )
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    website = models.URLField(_("trang web"), blank=True)
    description = models.TextField(_("giới thiệu"), blank=True)
    field_codes = models.JSONField(_("lĩnh vực"), default=list, blank=True)
    members = models.ManyToManyField(User, through="Membership")
    staff_look_first = models.BooleanField(
        _("cán bộ sàn xem gợi ý trước khi gửi"),
        default=False,
        db_default=False,
        help_text=_(
            "Gợi ý cho nhu cầu, kết quả và tin của tổ chức chờ cán bộ sàn xem; trước đó không ai được báo."
        ),
    )
    approves_own_listings = models.BooleanField(
        _("người quản lý duyệt tin trước khi gửi sàn"), default=False, db_default=False
    )
    is_hidden = models.BooleanField(default=False, editable=False)
    #: The profile that stands for this one since they were merged; this one is hidden then.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Level of `verification_rules` that the mark has reached.
    verified_level = models.CharField(
        max_length=20, blank=True, default="", db_default="", editable=False
    )
    country_code = models.CharField(_("quốc gia"), max_length=2, default="VN", db_default="VN")
    #: Of the business registration or of the founding decision.
    registration_number = models.CharField(
        _("số đăng ký hoặc số quyết định"), max_length=60, blank=True, default="", db_default=""
    )
    registered_on = models.DateField(_("ngày cấp"), null=True, blank=True)
    registered_by = models.CharField(
        _("nơi cấp"), max_length=200, blank=True, default="", db_default=""
    )
    representative = models.CharField(
        _("người đại diện"), max_length=120, blank=True, default="", db_default=""
    )
    representative_title = models.CharField(
        _("chức danh"), max_length=120, blank=True, default="", db_default=""
    )
    intermediary_kind = models.CharField(
        _("loại tổ chức trung gian"), max_length=20, blank=True, default="", db_default=""
    )
    economic_type = models.CharField(
        _("loại hình kinh tế"), max_length=20, blank=True, default="", db_default=""
    )
    industry_codes = models.JSONField(_("ngành"), default=list, db_default=[], blank=True)
    size_code = models.CharField(_("quy mô"), max_length=20, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=~models.Q(tax_code=""),
                name="organization_tax_code_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(indexed_version__lt=models.F("content_version")),
                name="organization_to_index",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(alerted_version__lt=models.F("content_version")),
                name="organization_to_alert",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.name_key, self.name_folded = organization_key(self.name), fold(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "name_key", "name_folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:organization", args=[slugify(self.name), self.public_id])

    @property
    def is_claimed(self) -> bool:
        return self.status != OrganizationStatus.UNCLAIMED

    @property
    def is_verified(self) -> bool:
        return self.status == OrganizationStatus.VERIFIED

    @property
    def is_being_rechecked(self) -> bool:
        return self.status == OrganizationStatus.RECHECKED

    @property
    def has_verified_facts(self) -> bool:
        """What is shown was compared with papers, even where a change of it is being checked."""
        return self.is_verified or self.is_being_rechecked

    @property
    def public_tax_code(self) -> str:
        """As pages, the index and other systems know it: twelve digits are a person's number."""
        return "" if is_personal(self.tax_code) else self.tax_code

    @property
    def public_address(self) -> str:
        """Of a person no more than the province."""
        return "" if self.kind == OrganizationKind.INDIVIDUAL else self.address


class OrganizationCertificate(models.Model):
    """A certificate the organisation says it holds; the page says that it is its own word."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="certificates")
    title = models.CharField(_("chứng nhận"), max_length=200)
    number = models.CharField(_("số"), max_length=60, blank=True)
    issued_by = models.CharField(_("nơi cấp"), max_length=200, blank=True)
    valid_until = models.DateField(_("có giá trị đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("chứng nhận của tổ chức")
        verbose_name_plural = _("chứng nhận của tổ chức")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title


class FormerName(models.Model):
    """A name under which records may still name the organisation after it was renamed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="former_names")
    name = models.CharField(_("tên cũ"), max_length=NAME_LIMIT)
    name_key = models.CharField(max_length=NAME_LIMIT, unique=True, editable=False)

    class Meta:
        verbose_name = _("tên cũ")
        verbose_name_plural = _("tên cũ")

    def __str__(self) -> str:
        return self.name
