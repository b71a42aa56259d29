"""What pages ask about matches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from marketplace.accounts.models import Membership, Organization
from marketplace.listings.models import Listing, Need
from marketplace.mandates.models import Scope, firms_acted_for
from marketplace.matching.models import (
    Match,
    MatchQuerySet,
    MatchRun,
    Side,
    reads_all_matches,
)
from marketplace.research.models import Result
from marketplace.taxonomy.labels import label


@dataclass(frozen=True, slots=True)
class Figures:
    matched: int
    best_rank: int | None
    opened: int
    passed: tuple[tuple[str, int], ...]  # (reason in words, how often)


def sees_whole_list(user: Any, need: Need) -> bool:
    """Members of the need's organisation, brokers that it lets read its matches, exchange staff;
    nobody else."""
    if reads_all_matches(user):
        return True
    if need.organization.memberships.filter(user=user).exists():
        return True
    return firms_acted_for(user, Scope.MATCHES).filter(pk=need.organization_id).exists()


def run_of(need: Need) -> MatchRun | None:
    return MatchRun.objects.filter(need=need).first()


def needs_answerable_by(user: Any) -> MatchQuerySet:
    """Matches of the person's own results and listings with needs of others."""
    mine = Organization.objects.filter(memberships__user=user)
    found: MatchQuerySet = (
        Match.objects.shown_to(user)
        .supplied_by(mine.values("pk"))
        .exclude(need__organization__in=mine)
        .without_passes_of(Side.SUPPLY)
        .with_candidates()
        .order_by("-score", "pk")
    )
    return found


@dataclass(frozen=True, slots=True)
class Answerable:
    """An open need of others, and the person's own supply that could meet it, the best first."""

    need: Need
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match:
        return self.matches[0]


def answerable_needs(user: Any) -> QuerySet[Match, int]:
    """Keys of the needs that the person's organisations could meet, the best first."""
    needs = needs_answerable_by(user).order_by().values("need")
    ranked = needs.annotate(best=Max("score")).order_by("-best", "need")
    return ranked.values_list("need", flat=True)


def answers_to(needs: Iterable[int], user: Any) -> list[Answerable]:
    """These needs in their order, each with what of the person's supply could meet it."""
    keys = list(needs)
    found: dict[int, list[Match]] = {key: [] for key in keys}
    for match in needs_answerable_by(user).filter(need__in=keys):
        found[match.need_id].append(match)
    return [Answerable(rows[0].need, tuple(rows)) for rows in found.values() if rows]


def open_needs_for(result: Result, user: Any, limit: int) -> list[Match] | None:
    """Open needs that a result could meet, the best first. None where the person may not know:
    matches are for members of the lead organisation and exchange staff."""
    if not user.is_authenticated:
        return None
    members = Membership.objects.filter(user=user, organization=result.organization_id)
    if not reads_all_matches(user) and not members.exists():
        return None
    found = Match.objects.shown_to(user).of("result", [result.pk]).with_candidates()
    return list(found.order_by("-score", "pk")[:limit])


def figures_of(listing: Listing) -> Figures:
    matches = list(
        Match.objects.of(listing.KIND, [listing.pk]).values_list(
            "rank", "opened_at", "passed_reason", "retired_at"
        )
    )
    active = [rank for rank, _opened, _reason, retired in matches if retired is None]
    reasons = Counter(reason for _rank, _opened, reason, _retired in matches if reason)
    return Figures(
        matched=len(active),
        best_rank=min(active, default=None),
        opened=sum(1 for _rank, opened, _reason, _retired in matches if opened is not None),
        passed=tuple((label("pass-reasons", code), n) for code, n in reasons.most_common()),
    )


def unmet_needs(user: Any, *, fields: Iterable[str] = ()) -> QuerySet[MatchRun]:
    """Open needs for which nothing good enough was found, the longest waiting first.

    Staff see them all. Members of an institute see those of its field: what a need's page shows
    everybody, and that nothing answers it yet. Others, and an organisation's own, none.

    Args:
        user: who asks.
        fields: only needs with a field at or below one of these codes.
    """
    if not user.is_authenticated:
        return MatchRun.objects.none()
    found = MatchRun.objects.unmet().select_related("need__organization")
    if not reads_all_matches(user):
        mine = Organization.objects.filter(memberships__user=user)
        theirs = {code for codes in mine.values_list("field_codes", flat=True) for code in codes}
        if not theirs:
            return MatchRun.objects.none()
        own = Need.objects.public().in_fields(*sorted(theirs)).exclude(organization__in=mine)
        found = found.filter(need__in=own)
    wanted = sorted(fields)
    return found.filter(need__in=Need.objects.public().in_fields(*wanted)) if wanted else found
