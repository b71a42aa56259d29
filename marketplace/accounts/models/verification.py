"""What an organisation states of itself, the papers that show it, and what staff decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models.claims import ClaimRequest
from marketplace.accounts.models.organizations import Organization
from marketplace.accounts.models.users import User
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

#: Facts that staff compare with papers: once verified they change by a new submission alone.
VERIFIED_FACTS = (
    "name", "kind", "intermediary_kind", "country_code", "tax_code", "registration_number",
    "registered_on", "registered_by", "representative", "representative_title", "province_code",
    "address", "economic_type",
)  # fmt: skip


class VerificationState(models.TextChoices):
    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Chờ sàn kiểm tra")
    RETURNED = "returned", _("Cần bổ sung")
    ACCEPTED = "accepted", pgettext_lazy("hồ sơ xác minh", "Đã chấp nhận")
    REFUSED = "refused", pgettext_lazy("hồ sơ xác minh", "Không chấp nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")
    REPLACED = "replaced", _("Đã được thay")


#: An organisation has at most one submission in these.
OPEN_VERIFICATION_STATES = (
    VerificationState.DRAFT,
    VerificationState.SUBMITTED,
    VerificationState.RETURNED,
)


class VerificationQuerySet(models.QuerySet["Verification"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_VERIFICATION_STATES)

    def waiting(self) -> Self:
        return self.filter(state=VerificationState.SUBMITTED)

    def accepted(self) -> Self:
        return self.filter(state=VerificationState.ACCEPTED)

    def editable_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(organization__in=Organization.objects.managed_by(user))


class Verification(models.Model):
    """One submission. The facts shown of the organisation stay as they are until it is accepted."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="verifications", verbose_name=_("tổ chức")
    )
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=VerificationState, default=VerificationState.DRAFT
    )
    #: {name of `VERIFIED_FACTS`: value}; a day as YYYY-MM-DD.
    facts = models.JSONField(default=dict)
    note = models.CharField(_("lời nhắn cho cán bộ sàn"), max_length=1000, blank=True)
    #: The edition of `verification_rules` it is judged by.
    edition = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    #: Codes of the rules: what was ticked off, what that amounts to, why it went back.
    checks = models.JSONField(default=list)
    level = models.CharField(max_length=20, blank=True)
    reasons = models.JSONField(default=list)
    #: What staff wrote to the owner.
    text = models.TextField(blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ xác minh")
        verbose_name_plural = _("hồ sơ xác minh")
        ordering: ClassVar = ["submitted_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="one_open_verification",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state="accepted"),
                name="one_accepted_verification",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)

    @property
    def is_editable(self) -> bool:
        return self.state in (VerificationState.DRAFT, VerificationState.RETURNED)

    @property
    def stated(self) -> dict[str, Any]:
        """The facts as values of the organisation's columns."""
        day = self.facts.get("registered_on")
        return self.facts | {"registered_on": date.fromisoformat(day) if day else None}


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def held(self) -> Self:
        """Those whose file is still there."""
        return self.filter(removed_at=None)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Papers of organisations the person manages, and those of their own claims. Staff read them in the admin alone, behind its
        second factor."""
        if not user.is_authenticated:
            return self.none()
        managed = Organization.objects.managed_by(user)
        return self.held().filter(Q(verification__organization__in=managed) | Q(claim__user=user))


class Evidence(models.Model):
    """A paper. Its file lies encrypted, is read through one view that logs each access, and expires."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: What it shows: who the organisation is, or that somebody speaks for it.
    verification = models.ForeignKey(
        Verification, models.CASCADE, null=True, related_name="evidence"
    )
    claim = models.ForeignKey(ClaimRequest, models.CASCADE, null=True, related_name="evidence")
    kind = models.CharField(_("loại giấy tờ"), max_length=40)
    file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    display_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(default=0)
    #: The last day on which the paper itself is valid; empty where it does not end.
    valid_until = models.DateField(_("giấy tờ có giá trị đến"), null=True, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    #: When the owners were told that it ends soon, and that it has ended.
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy tờ xác minh")
        verbose_name_plural = _("giấy tờ xác minh")
        ordering: ClassVar = ["uploaded_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verification=None) ^ Q(claim=None), name="evidence_for_one_thing"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until"],
                condition=Q(ended_at=None, removed_at=None),
                name="evidence_to_end",
            )
        ]

    def __str__(self) -> str:
        return self.kind
