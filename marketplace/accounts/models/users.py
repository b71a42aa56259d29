"""People who sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from marketplace.accounts.models.joining import OwnershipTransfer
    from marketplace.accounts.models.organizations import OrganizationQuerySet


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
    #: Shown on the organisation's page where the person agreed to that, field by field.
    job_title = models.CharField(
        _("chức danh"), max_length=120, blank=True, default="", db_default=""
    )
    expertise = models.CharField(
        _("chuyên môn"), max_length=300, blank=True, default="", db_default=""
    )
    language = models.CharField(
        _("ngôn ngữ"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    is_staff = models.BooleanField(_("cán bộ sàn"), default=False)
    #: Of staff in a narrowed group: where their rights hold (`accounts.scopes`).
    staff_provinces = models.JSONField(
        _("tỉnh, thành phố phụ trách"), default=list, blank=True, db_default=[]
    )
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

    def transfers(self) -> models.QuerySet[OwnershipTransfer]:
        """Of organisations that the person gives away or takes over."""
        both = self.transfers_given.all() | self.transfers_taken.all()
        return both.select_related("organization", "giver", "taker")

    def organizations(self) -> OrganizationQuerySet:
        return self.organization_set.order_by("name", "pk")
