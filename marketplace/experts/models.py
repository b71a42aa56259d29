"""A person's profile as an expert: published by their consent, field by field, and gone with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import slugify
from marketplace.core.transitions import Table
from marketplace.privacy.models import Consent
from marketplace.research.models import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User

#: The document by which a person agrees that chosen fields are published.
DOCUMENT: Final = "expert_profile"


class ExpertState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Chờ duyệt")
    RETURNED = "returned", _("Cần chỉnh sửa")
    PUBLISHED = "published", _("Đang đăng")
    WITHDRAWN = "withdrawn", _("Đã rút")


EXPERT_TRANSITIONS: Table = {
    ExpertState.DRAFT: frozenset({ExpertState.SUBMITTED}),
    ExpertState.RETURNED: frozenset({ExpertState.SUBMITTED, ExpertState.WITHDRAWN}),
    ExpertState.SUBMITTED: frozenset(
        {ExpertState.PUBLISHED, ExpertState.RETURNED, ExpertState.WITHDRAWN}
    ),
    ExpertState.PUBLISHED: frozenset({ExpertState.SUBMITTED, ExpertState.WITHDRAWN}),
    ExpertState.WITHDRAWN: frozenset({ExpertState.SUBMITTED}),
}


class ExpertField(models.TextChoices):
    """What a profile may show; each only where the person said so."""

    NAME = "name", _("Họ và tên")
    HEADLINE = "headline", _("Chuyên môn trong một câu")
    ADVICE = "advises_on", _("Tư vấn được việc gì")
    EXPERIENCE = "experience", _("Kinh nghiệm")
    FIELDS = "field_codes", _("Lĩnh vực")
    LANGUAGES = "languages", _("Ngôn ngữ làm việc")
    PROVINCE = "province_code", _("Tỉnh, thành phố")
    ORGANIZATION = "organization", _("Tổ chức")
    WORKS = "person", _("Công trình trong cơ sở dữ liệu")


#: Without these nobody could tell what a profile is for.
NEEDED: Final = (ExpertField.HEADLINE, ExpertField.ADVICE, ExpertField.FIELDS)


class ExpertQuerySet(StagedQuerySet):
    def public(self) -> Self:
        """Approved, and the person's consent stands now: asked each time, whoever was here before."""
        standing = Consent.objects.filter(
            user=OuterRef("user"), document=DOCUMENT, withdrawn_at=None
        )
        return self.filter(Exists(standing), state=ExpertState.PUBLISHED, user__is_active=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.public()

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """One's own, and nobody else's: not the colleagues', not the staff's."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def without_consent(self) -> Self:
        """Shown or handed in, though the person took the consent back or closed the account."""
        standing = Consent.objects.filter(
            user=OuterRef("user"), document=DOCUMENT, withdrawn_at=None
        )
        return self.filter(
            ~Exists(standing) | Q(user__is_active=False),
            state__in=[ExpertState.PUBLISHED, ExpertState.SUBMITTED, ExpertState.RETURNED],
        )

    def of_organizations(self, pks: list[int]) -> Self:
        return self.filter(organization__in=pks)


class Expert(Staged):
    """One profile a person. What is not in `shown` is in no document, page, feed or mail."""

    UNVERSIONED_FIELDS = frozenset({"submitted_at", "note"})

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert_profile"
    )
    #: On whose behalf: its people hear of needs that fit. Empty for who works alone.
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name=ExpertField.ORGANIZATION.label,
    )
    #: Who of the registers it is, as the person says; staff look at it.
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=ExpertField.WORKS.label,
    )
    headline = models.CharField(ExpertField.HEADLINE.label, max_length=200, blank=True)
    advises_on = models.TextField(ExpertField.ADVICE.label, blank=True)
    experience = models.TextField(ExpertField.EXPERIENCE.label, blank=True)
    field_codes = models.JSONField(ExpertField.FIELDS.label, default=list, blank=True)
    languages = models.JSONField(ExpertField.LANGUAGES.label, default=list, blank=True)
    province_code = models.CharField(ExpertField.PROVINCE.label, max_length=4, blank=True)
    language = models.CharField(
        _("ngôn ngữ bài viết"),
        max_length=2,
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        default="vi",
    )
    #: Values of `ExpertField` that the person lets be seen.
    shown = models.JSONField(_("được công bố"), default=list, blank=True)
    #: What readers see as the heading; derived by save() from what is shown.
    title = models.CharField(max_length=330, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=ExpertState, default=ExpertState.DRAFT)
    note = models.CharField(_("lời của cán bộ sàn"), max_length=1000, blank=True)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ chuyên gia")
        verbose_name_plural = _("hồ sơ chuyên gia")
        ordering: ClassVar = ["-published_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(**{f"{mark}__lt": F("content_version")}),
                name=f"expert_to_{word}",
            )
            for mark, word in (
                ("indexed_version", "index"),
                ("matched_version", "match"),
                ("alerted_version", "alert"),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("Hồ sơ chuyên gia"))

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        parts = [self.user.full_name if self.shows(ExpertField.NAME) else ""]
        parts.append(self.headline if self.shows(ExpertField.HEADLINE) else "")
        self.title = ": ".join(part for part in parts if part)
        if update_fields is not None:
            update_fields = {*update_fields, "title"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def shows(self, field: ExpertField) -> bool:
        return field.value in self.shown

    def public_value(self, field: ExpertField) -> Any:
        """The value as anybody may know it; empty where the person did not say so."""
        if not self.shows(field):
            return None
        return self.user.full_name if field is ExpertField.NAME else getattr(self, field.value)

    @property
    def is_public(self) -> bool:
        return type(self).objects.public().filter(pk=self.pk).exists()

    def public_owner(self) -> Organization | None:
        return self.public_value(ExpertField.ORGANIZATION)

    def get_absolute_url(self) -> str:
        return reverse("experts:expert", args=[slugify(self.title or "chuyen-gia"), self.public_id])
