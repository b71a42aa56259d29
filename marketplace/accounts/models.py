"""People, organisations, who acts for whom, and the desk for organisations not on the exchange yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.names import NAME_LIMIT, organization_key
from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import fold, slugify

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email"), unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    language = models.CharField(
        _("ngôn ngữ"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    is_staff = models.BooleanField(_("cán bộ sàn"), default=False)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    date_joined = models.DateTimeField(_("ngày đăng ký"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    # Wagtail and allauth ask these of any user model.
    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.email.split("@")[0]

    @property
    def first_name(self) -> str:
        """Wagtail's sidebar greets by it; a Vietnamese name is not taken apart."""
        return self.get_short_name()

    def organizations(self) -> OrganizationQuerySet:
        return Organization.objects.filter(memberships__user=self).order_by("name", "pk")


class Exchange(models.Model):
    """One exchange of the installation: listings, staff scope and numbering carry it."""

    name = models.CharField(_("tên sàn"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    slug = models.SlugField(unique=True, default="san")
    operator = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    hotline = models.CharField(_("đường dây nóng"), max_length=40, blank=True)
    email = models.EmailField(_("email liên hệ"), blank=True)

    class Meta:
        verbose_name = _("sàn giao dịch")
        verbose_name_plural = _("sàn giao dịch")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> Exchange:
        exchange = cls.objects.order_by("pk").first()
        if exchange is None:
            exchange, _made = cls.objects.get_or_create(
                slug="san",
                defaults={
                    "name": "Sàn giao dịch công nghệ và thiết bị",
                    "name_en": "Technology and Equipment Exchange",
                },
            )
        return exchange


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


class OrganizationQuerySet(StagedQuerySet):
    def public(self) -> Self:
        return self.filter(is_hidden=False)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.public()

    def managed_by(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            pk__in=Membership.objects.filter(user=user, role__in=Membership.MANAGING_ROLES).values(
                "organization"
            )
        )

    def named_like(self, text: str) -> Self:
        """Names holding every word that was typed, with or without its marks."""
        found = self
        for word in fold(text).split()[:8]:
            found = found.filter(name_folded__contains=word)
        return found


class Organization(Staged):
    """An organisation on the exchange, or one named by an imported record (unclaimed)."""

    UNVERSIONED_FIELDS = frozenset({"staff_look_first"})

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
    is_hidden = models.BooleanField(default=False, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
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


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("Chủ tài khoản")
        MANAGER = "manager", _("Quản lý")
        CONTRIBUTOR = "contributor", _("Biên tập")
        VIEWER = "viewer", pgettext_lazy("vai trò", "Xem")
        FINANCE = "finance", _("Tài chính")

    MANAGING_ROLES = (Role.OWNER, Role.MANAGER)
    EDITING_ROLES = (Role.OWNER, Role.MANAGER, Role.CONTRIBUTOR)

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.organization_id}"

    @property
    def may_manage(self) -> bool:
        return self.role in self.MANAGING_ROLES


class OutreachState(models.TextChoices):
    OPEN = "open", _("Chờ liên hệ")
    CONTACTED = "contacted", _("Đã liên hệ")
    INVITED = "invited", _("Đã gửi thư mời")
    CLAIMED = "claimed", _("Đã nhận hồ sơ")
    CLOSED = "closed", _("Đã đóng")


class OutreachQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_OUTREACH_STATES)


#: In the order of work; an organisation has at most one case in these.
OPEN_OUTREACH_STATES = (OutreachState.OPEN, OutreachState.CONTACTED, OutreachState.INVITED)


class Outreach(models.Model):
    """A case on the staff desk: reach an organisation that matches a need but is not here yet."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="outreaches", verbose_name=_("tổ chức")
    )
    state = models.CharField(max_length=10, choices=OutreachState, default=OutreachState.OPEN)
    reason = models.CharField(max_length=300)
    contact_name = models.CharField(_("người liên hệ"), max_length=120, blank=True)
    contact_email = models.EmailField(_("email liên hệ"), blank=True)
    contact_phone = models.CharField(_("điện thoại liên hệ"), max_length=30, blank=True)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("phụ trách")
    )
    next_action_on = models.DateField(_("việc tiếp theo vào ngày"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ liên hệ")
        verbose_name_plural = _("bàn liên hệ")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(state__in=["open", "contacted", "invited"]),
                name="one_open_outreach",
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)


class OutreachCall(models.Model):
    """The log of calls and visits of a case; lines are only ever added."""

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="calls")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(_("nội dung"))

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.note[:60]


class ClaimInvitation(models.Model):
    """A link by which somebody of an organisation takes over its profile; only its hash is kept."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    outreach = models.ForeignKey(Outreach, models.SET_NULL, null=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("thư mời nhận hồ sơ")
        verbose_name_plural = _("thư mời nhận hồ sơ")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.organization)
