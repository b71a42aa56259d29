"""What organisations want to hear of: standing interests, and what was found for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.supply import supply_kind, supply_kinds
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.listings.models import Need
from marketplace.matching.models.found import CandidateOfMatch, Found, FoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User

NEED = "need"


class InterestQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(deleted_at=None)

    def active(self) -> Self:
        """Those that are matched. Paused and deleted ones sleep."""
        return self.standing().filter(paused_at=None)

    def due(self) -> Self:
        """Active ones that were written, changed or concerned by something new since they were matched."""
        return self.active().filter(matched_version__lt=F("asked_version"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the organisations that the person belongs to; all of them to staff who read matches. Nobody
        else sees what an organisation looks for."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("matching.view_match"):
            return self.standing()
        mine = Organization.objects.filter(memberships__user=user)
        return self.standing().filter(organization__in=mine)

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Of the organisations in which the person edits: those who only read there change nothing, nor
        do staff. A deleted one is still theirs to take back."""
        if not user.is_authenticated:
            return self.none()
        acting = Membership.objects.filter(user=user, role__in=Membership.EDITING_ROLES)
        return self.filter(organization__in=acting.values("organization"))

    def with_found(self) -> Self:
        """For lists: by organisation and name, with how much is found now."""
        found = Count("matches", filter=Q(matches__retired_at=None))
        named = self.select_related("organization").annotate(found=found)
        return named.order_by("organization__name", "name", "pk")

    def ask_again(self) -> int:
        """Something new may fit them: they are matched in the next run."""
        return self.update(asked_version=F("asked_version") + 1)

    ask_again.alters_data = True  # type: ignore[attr-defined]


class Interest(models.Model):
    """A standing interest of an organisation, matched as a need is. The words rank; the rest narrows, and
    what is empty does not narrow it."""

    class Seeks(models.TextChoices):
        NEEDS = "needs", _("Chúng tôi làm được: báo khi có doanh nghiệp cần")
        SUPPLY = "supply", _("Chúng tôi đang tìm: báo khi có kết quả, công nghệ, thiết bị mới")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="interests")
    seeks = models.CharField(_("hướng"), max_length=8, choices=Seeks, default=Seeks.NEEDS)
    name = models.CharField(_("tên"), max_length=120)
    words = models.TextField(_("điều quan tâm"))
    field_codes = models.JSONField(_("lĩnh vực"), default=list, blank=True)
    province_codes = models.JSONField(_("tỉnh, thành phố"), default=list, blank=True)
    #: Of needs: kinds wanted, and the least they must be ready to spend (in dong).
    need_kinds = models.JSONField(_("loại nhu cầu"), default=list, blank=True)
    budget_least = models.BigIntegerField(_("ngân sách từ (đồng)"), null=True, blank=True)
    #: "Nothing of this kind": kinds of need, fields, and phrases.
    unwanted_kinds = models.JSONField(_("không nhận loại nhu cầu"), default=list, blank=True)
    unwanted_fields = models.JSONField(_("không nhận lĩnh vực"), default=list, blank=True)
    unwanted_words = models.JSONField(_("không nhận khi nói đến"), default=list, blank=True)

    #: Raised by every change and whenever something new may fit; `matched_version` is what the last run
    #: had seen of it. So nothing that comes during a run is lost.
    asked_version = models.PositiveBigIntegerField(default=1, editable=False)
    matched_version = models.PositiveBigIntegerField(default=0, editable=False)
    matched_at = models.DateTimeField(null=True, editable=False)
    #: What fits the words and was kept back by the exclusions, in the last run.
    left_out = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("mối quan tâm")
        verbose_name_plural = _("mối quan tâm")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(
                    matched_version__lt=F("asked_version"), paused_at=None, deleted_at=None
                ),
                name="interest_to_match",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matching:interest", args=[self.public_id])

    @property
    def is_waiting(self) -> bool:
        return self.matched_version < self.asked_version


def open_rows(kind: str) -> QuerySet[Any]:
    """Rows of a kind that an interest may be told of today: needs, or a kind of supply."""
    rows: QuerySet[Any] = Need.objects.public() if kind == NEED else supply_kind(kind).rows()
    return rows


class InterestMatchQuerySet(FoundQuerySet):
    def shown(self) -> Self:
        """Active ones whose other side is still open this minute."""
        there = Q(pk__in=[])
        for kind in (NEED, *supply_kinds()):
            open_row = open_rows(kind).filter(pk=OuterRef("candidate_id"))
            there |= Q(kind=kind) & Q(Exists(open_row))
        return self.active().filter(there)

    def with_candidates(self) -> Self:
        return self.prefetch_related("candidate")


class _FoundForInterest(CandidateOfMatch):
    """As of a match, and needs too."""

    def _models(self) -> dict[str, QuerySet[Any]]:
        return {NEED: Need.objects.all(), **super()._models()}


class InterestMatch(Found):
    """A need, or a row of supply, that fits an interest as last scored; its kind may be "need" too."""

    interest = models.ForeignKey(Interest, models.CASCADE, related_name="matches")
    candidate_version = models.PositiveBigIntegerField()

    candidate = _FoundForInterest()

    objects = InterestMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("điều hợp mối quan tâm")
        verbose_name_plural = _("điều hợp mối quan tâm")
        ordering = ["interest", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["interest", "kind", "candidate_id"], name="interest_candidate_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "candidate_id"], name="interest_candidate")]

    def __str__(self) -> str:
        return f"{self.interest_id} → {self.kind}"


class ConsideredNeed(models.Model):
    """Up to which version of a need the interests were looked through for it."""

    need = models.OneToOneField("listings.Need", models.CASCADE, related_name="considered")
    version = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.need_id} v{self.version}"

    @staticmethod
    def record(rows: Sequence[tuple[int, int]]) -> None:
        ConsideredNeed.objects.bulk_create(
            [ConsideredNeed(need_id=pk, version=version) for pk, version in rows],
            update_conflicts=True,
            unique_fields=["need"],
            update_fields=["version"],
        )
