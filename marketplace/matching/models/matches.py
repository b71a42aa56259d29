"""Matches of needs with results, offers and equipment, with the reasons they were shown for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.matching.models.answers import Pass, Side
from marketplace.matching.models.curation import Curation
from marketplace.research.models.choices import PublicationState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User
    from marketplace.listings.models import Equipment, TechnologyOffer
    from marketplace.research.models import Result


class Band(models.TextChoices):
    STRONG = "strong", _("Rất phù hợp")
    GOOD = "good", _("Phù hợp")
    WEAK = "weak", _("Có thể liên quan")


class MatchQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(retired_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whole lists: members of the need's organisation and staff. Others: matches of their own
        results and listings. The public: none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self.all()
        mine = Organization.objects.filter(memberships__user=user)
        return self.filter(
            Q(need__organization__in=mine)
            | Q(result__organization__in=mine)
            | Q(offer__organization__in=mine)
            | Q(equipment__organization__in=mine)
        )

    def shown_to(self, user: User | AnonymousUser) -> Self:
        """The active matches somebody may see, without those whose other side left meanwhile."""
        today = clock.today()
        current = Q(need__valid_until=None) | Q(need__valid_until__gte=today)
        public = Q(need__live=True, need__withdrawn_at=None) & current
        there = (
            Q(
                result__isnull=False,
                result__withdrawn_at=None,
                result__publication_state=PublicationState.PUBLISHED,
            )
            | Q(offer__live=True, offer__withdrawn_at=None)
            | Q(equipment__live=True, equipment__withdrawn_at=None)
        )
        found = self.active().visible_to(user).filter(public & there)
        if user.is_staff:
            return found
        return found.filter(held_at=None)

    def held(self) -> Self:
        """Wait for a look of staff before they go out."""
        return self.active().exclude(held_at=None)

    def without_passes_of(self, side: str) -> Self:
        standing = Pass.objects.standing().filter(match=OuterRef("pk"), side=side)
        return self.filter(~Exists(standing))

    def with_candidates(self) -> Self:
        return self.select_related(
            "need__organization",
            "result__organization",
            "offer__organization",
            "equipment__organization",
        ).prefetch_related(
            Prefetch("curations", Curation.objects.standing(), to_attr="_standing_curations"),
            Prefetch("passes", Pass.objects.standing(), to_attr="_standing_passes"),
        )


class Match(models.Model):
    """One candidate for one need. Exactly one of `result`, `offer`, `equipment` is set."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    need = models.ForeignKey("listings.Need", models.CASCADE, related_name="matches")
    result = models.ForeignKey("research.Result", models.CASCADE, null=True, related_name="matches")
    offer = models.ForeignKey(
        "listings.TechnologyOffer", models.CASCADE, null=True, related_name="matches"
    )
    equipment = models.ForeignKey(
        "listings.Equipment", models.CASCADE, null=True, related_name="matches"
    )
    need_version = models.PositiveBigIntegerField()
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    probability = models.FloatField()
    band = models.CharField(max_length=8, choices=Band)
    weights_version = models.CharField(max_length=40, blank=True)
    #: What the card shows: reasons (code, params, evidence), elements, compared specifications.
    explanation = models.JSONField(default=dict)
    first_matched_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    #: Waits for a look of staff, as one of its two organisations asked; nobody was told yet.
    held_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: What the need's side answered last, for lists; `passes` has every side's answers.
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_reason = models.CharField(max_length=40, blank=True)
    passed_note = models.CharField(max_length=300, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("gợi ý")
        verbose_name_plural = _("gợi ý")
        ordering = ["need", "rank"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(result__isnull=False, offer=None, equipment=None)
                    | Q(result=None, offer__isnull=False, equipment=None)
                    | Q(result=None, offer=None, equipment__isnull=False)
                ),
                name="match_has_one_candidate",
            ),
            models.UniqueConstraint(fields=["need", "result"], name="match_result_once"),
            models.UniqueConstraint(fields=["need", "offer"], name="match_offer_once"),
            models.UniqueConstraint(fields=["need", "equipment"], name="match_equipment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.kind}"

    @property
    def kind(self) -> str:
        return "result" if self.result_id else "offer" if self.offer_id else "equipment"

    @property
    def candidate(self) -> Result | TechnologyOffer | Equipment:
        found = self.result or self.offer or self.equipment
        assert found is not None  # held by the constraint
        return found

    @property
    def curation(self) -> Curation | None:
        """The decision of staff in force."""
        if hasattr(self, "_standing_curations"):
            return self._standing_curations[0] if self._standing_curations else None
        return self.curations.standing().first()

    def pass_of(self, side: Side) -> Pass | None:
        """The standing pass of one side."""
        if hasattr(self, "_standing_passes"):
            return next((one for one in self._standing_passes if one.side == side), None)
        return self.passes.standing().filter(side=side).first()
