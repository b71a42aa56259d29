"""Matches of needs with what may answer them, with the reasons they were shown for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.accounts.supply import supply_kinds
from marketplace.listings.models import public_now
from marketplace.mandates.models import Scope, firms_acted_for
from marketplace.matching.models.answers import Pass, Side
from marketplace.matching.models.curation import Curation
from marketplace.matching.models.found import Band, CandidateOfMatch, Found, FoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


def reads_all_matches(user: Any) -> bool:
    """Exchange staff with the right to read matches; an account of staff alone is none."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm("matching.view_match"))


class MatchQuerySet(FoundQuerySet):
    def supplied_by(self, organizations: Iterable[int] | QuerySet[Any]) -> Self:
        """Matches of what these organisations have, whatever kind it is of."""
        return self.filter(supplied(organizations))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whole lists: members of the need's organisation, brokers that it lets read them, and staff.
        Others: matches of their own results and listings. The public: none."""
        if not user.is_authenticated:
            return self.none()
        if reads_all_matches(user):
            return self.all()
        mine = Organization.objects.filter(memberships__user=user).values("pk")
        firms = firms_acted_for(user, Scope.MATCHES).values("pk")
        return self.filter(
            Q(need__organization__in=mine) | Q(need__organization__in=firms) | supplied(mine)
        )

    def shown_to(self, user: User | AnonymousUser) -> Self:
        """The active matches somebody may see, without those whose other side left meanwhile."""
        found = self.visible_to(user).open_on_both_sides()
        if reads_all_matches(user):
            return found
        return found.filter(held_at=None)

    def open_on_both_sides(self) -> Self:
        """Active ones whose need is public and whose candidate may answer one, this minute."""
        there = Q(pk__in=[])
        for kind in supply_kinds().values():
            open_row = kind.rows().filter(pk=OuterRef("candidate_id"))
            there |= Q(kind=kind.code) & Q(Exists(open_row))
        return self.active().filter(public_now("need__") & there)

    def of_organization(self, organization: int) -> Self:
        """What an organisation may read of itself, whoever asks for it: for its needs, and for what it has.
        What waits for a look of staff is not told yet."""
        own = Q(need__organization=organization) | supplied([organization])
        return self.open_on_both_sides().filter(own, held_at=None)

    def held(self) -> Self:
        """Wait for a look of staff before they go out."""
        return self.active().exclude(held_at=None)

    def without_passes_of(self, side: str) -> Self:
        standing = Pass.objects.standing().filter(match=OuterRef("pk"), side=side)
        return self.filter(~Exists(standing))

    def with_candidates(self) -> Self:
        related = self.select_related("need__organization").with_decisions()
        return related.prefetch_related(
            "candidate",
            Prefetch("passes", Pass.objects.standing(), to_attr="_standing_passes"),
        )

    def with_decisions(self) -> Self:
        """Of staff."""
        standing = Curation.objects.standing()
        return self.prefetch_related(Prefetch("curations", standing, to_attr="_standing_curations"))


def supplied(organizations: Iterable[int] | QuerySet[Any], prefix: str = "") -> Q:
    """The condition that what was matched belongs to one of these organisations.

    Args:
        organizations: their primary keys.
        prefix: the way to the match, as "match__".
    """
    found = Q(pk__in=[])
    for kind in supply_kinds().values():
        rows = kind.all_rows().filter(organization__in=organizations).values("pk")
        found |= Q(**{f"{prefix}kind": kind.code, f"{prefix}candidate_id__in": rows})
    return found


def supplier_of(prefix: str = "") -> Case:
    """The organisation of what was matched, as an expression: its primary key or null."""
    return Case(
        *(
            When(
                Q(**{f"{prefix}kind": kind.code}),
                Subquery(
                    kind.all_rows()
                    .filter(pk=OuterRef(f"{prefix}candidate_id"))
                    .values("organization")[:1]
                ),
            )
            for kind in supply_kinds().values()
        ),
        output_field=models.BigIntegerField(),
    )


class Match(Found):
    """A need and one result, offer, … that answers it, as last scored.

    The candidate is a row of any registered kind of supply (`accounts.supply`), so it is named by kind and
    primary key: a new kind needs neither a column nor a migration here. Rows of supply are withdrawn and
    merged, never deleted; readers see a match through `shown_to`, which asks the kind what is open.

    Matches are never deleted either: one that no longer holds is retired, so that what people
    said about it and the figures of the past stay.
    """

    need = models.ForeignKey("listings.Need", models.CASCADE, related_name="matches")
    need_version = models.PositiveBigIntegerField()
    weights_version = models.CharField(max_length=40, blank=True)
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

    candidate = CandidateOfMatch()

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("gợi ý")
        verbose_name_plural = _("gợi ý")
        ordering = ["need", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "kind", "candidate_id"], name="match_candidate_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "candidate_id"], name="match_of_candidate")]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.kind}"

    @property
    def candidate_language(self) -> str:
        """Of the candidate's title; rows that do not say are in Vietnamese."""
        return getattr(self.candidate, "language", "") or "vi"

    @property
    def curation(self) -> Curation | None:
        """The decision of staff in force."""
        if hasattr(self, "_standing_curations"):
            return self._standing_curations[0] if self._standing_curations else None
        return self.curations.standing().first()

    @property
    def is_good_enough(self) -> bool:
        """Stands as an answer, by its probability or by the word of staff; others may be related only."""
        if self.band != Band.WEAK:
            return True
        curation = self.curation
        return curation is not None and curation.keeps

    def pass_of(self, side: Side) -> Pass | None:
        """The standing pass of one side."""
        if hasattr(self, "_standing_passes"):
            return next((one for one in self._standing_passes if one.side == side), None)
        return self.passes.standing().filter(side=side).first()
