"""Who registers: the national agency, a ministry's or a province's information body, and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.taxonomy.models import ValidityQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class FocalPointQuerySet(ValidityQuerySet["FocalPoint"]):
    def active(self) -> Self:
        return self.valid_on().filter(is_active=True)

    def staffed_by(self, user: User | AnonymousUser) -> Self:
        """Those the person works for; a focal point that has closed has no desk any more."""
        if not user.is_authenticated:
            return self.none()
        return self.active().filter(officers__user=user)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those whose desk the person may open: the own ones, and every one for the agency's people."""
        own = list(self.staffed_by(user).values_list("pk", "kind"))
        if any(kind == FocalPoint.Kind.AGENCY for _pk, kind in own):
            return self.all()
        return self.filter(pk__in=[pk for pk, _kind in own])


class FocalPoint(models.Model):
    """A body that registers results, and which tasks come to it."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Cơ quan thông tin quốc gia")
        MINISTRY = "ministry", _("Đầu mối của bộ, ngành")
        PROVINCE = "province", _("Đầu mối của tỉnh, thành phố")

    slug = models.SlugField(_("mã địa chỉ"), max_length=60, unique=True)
    organization = models.OneToOneField(
        "accounts.Organization",
        models.PROTECT,
        related_name="focal_point",
        verbose_name=_("tổ chức"),
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    superior = models.CharField(
        _("cơ quan cấp trên"), max_length=300, blank=True, help_text=_("In ở đầu giấy và thư.")
    )
    place = models.CharField(_("nơi ban hành"), max_length=100, blank=True)
    body_code = models.CharField(
        _("ký hiệu trong số giấy"), max_length=20, help_text=_("Ví dụ: KHCN, SKHCN-LĐ.")
    )
    archive_group = models.CharField(_("nhóm hồ sơ lưu"), max_length=10, blank=True)
    number_pattern = models.CharField(
        _("cách ghi số"), max_length=40, help_text=_("Mã trong bảng “Cách ghi số”.")
    )
    levels = models.JSONField(_("nhận nhiệm vụ cấp"), default=list, help_text=_("Mã cấp nhiệm vụ."))
    agencies = models.JSONField(
        _("nhận nhiệm vụ của"),
        default=list,
        blank=True,
        help_text=_("Tên các cơ quan chủ quản, cả cách viết khác."),
    )
    province_codes = models.JSONField(_("tỉnh, thành phố"), default=list, blank=True)
    signer_title = models.CharField(_("chức danh người ký"), max_length=120, blank=True)
    signer_name = models.CharField(_("người ký"), max_length=120, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    legal_basis = models.CharField(_("căn cứ"), max_length=300, blank=True)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    staff: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="FocalOfficer", related_name="focal_points"
    )

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("đầu mối đăng ký")
        verbose_name_plural = _("đầu mối đăng ký")
        ordering: ClassVar = ["kind", "slug"]
        constraints: ClassVar = [
            # One agency sees all; a second would be a mistake that opens every desk.
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="agency", is_active=True),
                name="one_agency",
                violation_error_message=_("Đang có một cơ quan thông tin quốc gia hoạt động."),
            ),
            models.UniqueConstraint(fields=["body_code"], name="focal_body_code_once"),
        ]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def name(self) -> str:
        return self.organization.name

    @property
    def is_agency(self) -> bool:
        return self.kind == self.Kind.AGENCY


class FocalOfficer(models.Model):
    """One person of a focal point. They are not exchange staff and see nothing else of it."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("Cán bộ tiếp nhận")
        SIGNER = "signer", _("Người cấp giấy")

    focal_point = models.ForeignKey(FocalPoint, models.CASCADE, related_name="officers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="focal_offices")
    role = models.CharField(_("vai trò"), max_length=8, choices=Role, default=Role.OFFICER)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cán bộ đầu mối")
        verbose_name_plural = _("cán bộ đầu mối")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["focal_point", "user"], name="focal_officer_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.focal_point_id}"
