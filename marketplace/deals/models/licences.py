"""Standard licences: terms that a seller stands by, to be accepted and paid without talks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.core import clock
from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.deals.models.deals import Deal
from marketplace.deals.models.terms import Wording
from marketplace.deals.states import LicenceState
from marketplace.deals.subjects import all_subjects, open_subjects

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class LicenceQuerySet(StagedQuerySet):
    def of(self, kind: str, subject_id: int) -> Self:
        return self.filter(kind=kind, subject_id=subject_id)

    def standing(self) -> Self:
        """Those that may be taken: offered, and who offered them still signs for the seller."""
        signer = Membership.objects.filter(
            user=OuterRef("offered_by"),
            user__is_active=True,
            organization=OuterRef("organization"),
            role=Membership.Role.OWNER,
        )
        return self.filter(Exists(signer), state=LicenceState.OFFERED)

    def signed_for_by(self, user: User | AnonymousUser) -> Self:
        """Of organisations that the person binds."""
        return self.filter(organization__in=bound_by(user))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that stand, to all; any version to the seller's people and to who took it."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user).values("organization")
        taken = LicenceAcceptance.objects.filter(organization__in=mine).values("licence")
        standing = StandardLicence.objects.standing().values("pk")
        return self.filter(Q(organization__in=mine) | Q(pk__in=taken) | Q(pk__in=standing))


def bound_by(user: User | AnonymousUser) -> models.QuerySet[Organization]:
    """Organisations that the person binds: where there is no deal yet, that is its owners' part."""
    if not user.is_authenticated:
        return Organization.objects.none()
    return Organization.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.OWNER
    )


class StandardLicence(Wording, Versioned):
    """One version of the terms under which whoever accepts them gets a licence of a row of supply.

    Its plan counts days from the acceptance: `content["plan"]` has `days` where a sheet has a date.
    """

    kind = models.CharField(max_length=20)
    subject_id = models.PositiveBigIntegerField()
    number = models.PositiveSmallIntegerField()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("bên giao")
    )
    #: With the first who takes it, it ends.
    is_exclusive = models.BooleanField(_("độc quyền"), default=False)
    state = models.CharField(max_length=10, choices=LicenceState, default=LicenceState.OFFERED)
    offered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy phép theo điều khoản sẵn")
        verbose_name_plural = _("giấy phép theo điều khoản sẵn")
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "number"], name="licence_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(state="offered"),
                name="licence_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", ended_at=None)
                | (~Q(state="offered") & Q(ended_at__isnull=False)),
                name="licence_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("payments:licence", args=[self.public_id])

    @cached_property
    def subject(self) -> Any:
        """The row that it is a licence of, whatever became of it."""
        return all_subjects(self.kind).filter(pk=self.subject_id).first()

    @cached_property
    def open_subject(self) -> Any:
        """The same while it may be asked about and says whose it is; a contract names both sides."""
        rows = open_subjects(self.kind)
        if rows is None:
            return None
        found = rows.filter(pk=self.subject_id, organization=self.organization_id).first()
        return None if getattr(found, "hide_owner", False) else found

    @property
    def is_offered(self) -> bool:
        return self.state == LicenceState.OFFERED

    @property
    def total(self) -> int:
        """All payments together, in the currency's smallest unit."""
        return sum(line["amount"] for line in self.plan)


class LicenceAcceptance(models.Model):
    """One organisation took one version, by its hash and with a second factor; its deal came of it."""

    licence = models.ForeignKey(StandardLicence, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    deal = models.OneToOneField(Deal, models.PROTECT, related_name="licence_acceptance")
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("chấp nhận giấy phép theo điều khoản sẵn")
        verbose_name_plural = _("chấp nhận giấy phép theo điều khoản sẵn")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["licence", "organization"], name="licence_taken_once_a_buyer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.sha256[:12]}"
