"""Matches of needs with results, offers and equipment, with the reasons they were shown for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.text import new_public_id
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


class MatchRunQuerySet(models.QuerySet):
    def behind(self, version: str) -> Self:
        """Runs that other weights ranked: done again in the background once these are in force."""
        return self.exclude(weights_version=version)

    def unmet(self) -> Self:
        """Of open needs for which nothing was good enough, the longest waiting first."""
        today = clock.today()
        return self.filter(
            Q(need__valid_until=None) | Q(need__valid_until__gte=today),
            abstained=True,
            need__live=True,
            need__withdrawn_at=None,
        ).order_by("unmet_since", "pk")


class MatchRun(models.Model):
    """The newest run of one need: which version of it was matched, against how much, with what end."""

    need = models.OneToOneField("listings.Need", models.CASCADE, related_name="match_run")
    content_version = models.PositiveBigIntegerField()
    ran_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(default=0)
    #: How many documents of each kind were searched: {"result": 58430, …}.
    searched = models.JSONField(default=dict)
    shown = models.PositiveIntegerField(default=0)
    #: Nothing was good enough: the need is unmet until a later run finds something.
    abstained = models.BooleanField(default=False)
    #: Since when without interruption; the same need found nothing again does not begin anew.
    unmet_since = models.DateTimeField(null=True, blank=True)
    #: Of the weights it was ranked by: what another version ranked is done again.
    weights_version = models.CharField(max_length=40, blank=True)
    #: What a condition of the need left out: [{"kind", "key", "code", "params", "evidence"}, …].
    left_out = models.JSONField(default=list)

    objects = MatchRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.need_id} v{self.content_version}"


class WeightSet(models.Model):
    """Weights of the score under a version: data that a command fits and a lead puts in force."""

    version = models.CharField(_("phiên bản"), max_length=40, unique=True)
    #: What `scoring.weights.read_weights` reads.
    data = models.JSONField()
    #: How it did when it was fitted: by set, beside BM25 and the weights before it.
    figures = models.JSONField(default=dict)
    note = models.TextField(_("ghi chú"), blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("bộ trọng số")
        verbose_name_plural = _("bộ trọng số")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.version


class WeightActivation(models.Model):
    """Which weights were put in force, when and by whom; the newest row says what holds."""

    weight_set = models.ForeignKey(WeightSet, models.PROTECT, related_name="activations")
    activated_at = models.DateTimeField(default=clock.now)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.weight_set_id} {self.activated_at:%Y-%m-%d}"


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
        return self.active().visible_to(user).filter(public & there)

    def with_candidates(self) -> Self:
        return self.select_related(
            "need__organization",
            "result__organization",
            "offer__organization",
            "equipment__organization",
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
