"""What is asked about passes: whose matches somebody answers, and sums by reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Prefetch, Q, QuerySet

from marketplace.accounts.models import Organization
from marketplace.accounts.supply import supply_kinds
from marketplace.listings.models import Need
from marketplace.matching.models import Match, MatchQuerySet, Pass, Side, supplier_of
from marketplace.matching.reasons import VOCABULARY
from marketplace.taxonomy.labels import label

#: Under so many passes a sum would tell who said it.
FEWEST: Final = 3


def answerable_for_supply(matches: MatchQuerySet, user: Any) -> MatchQuerySet:
    """Of these, the matches whose supply the person acts for, with needs of others."""
    theirs = Q(pk__in=[])
    for code, kind in supply_kinds().items():
        theirs |= Q(kind=code, candidate_id__in=kind.answered_by(user).values("pk"))
    mine = Organization.objects.filter(memberships__user=user)
    found: MatchQuerySet = matches.filter(theirs).exclude(need__organization__in=mine)
    return found


def passed_for_supply(user: Any) -> list[Match]:
    """Matches that the person's organisations passed on, the newest first, to be taken back."""
    if not user.is_authenticated:
        return []
    shown = answerable_for_supply(Match.objects.shown_to(user), user)
    passed = Pass.objects.standing().filter(side=Side.SUPPLY)
    found = shown.filter(passes__in=passed).with_candidates().order_by("-passes__at", "pk")
    return list(found[:50])


def requirements_of(needs: Iterable[Need]) -> list[str]:
    """Names of what the needs require in figures."""
    return [row.name for need in needs for row in need.specifications.all()]


@dataclass(frozen=True, slots=True)
class ReasonSum:
    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class OrganizationSum:
    """How often others passed on an organisation's supply, by reason, the most frequent first."""

    organization: Organization
    shown: int
    passed: int
    reasons: tuple[ReasonSum, ...]


def passes_of_others(*, since: date | None = None, until: date | None = None) -> QuerySet[Any]:
    """Standing passes by the need's side and by staff, with the organisation whose supply it was."""
    found = (
        Pass.objects.standing()
        .exclude(side=Side.SUPPLY)
        .annotate(supplier=supplier_of("match__"))
        .exclude(supplier=None)
    )
    if since is not None:
        found = found.filter(at__date__gte=since)
    if until is not None:
        found = found.filter(at__date__lte=until)
    return found


def sums_by_organization(
    *, since: date | None = None, until: date | None = None, only: Iterable[int] | None = None
) -> list[OrganizationSum]:
    """Per organisation with a pass in the period, the most passed on first. Two queries for the passes
    and the organisations, one for what was shown of them."""
    found = passes_of_others(since=since, until=until)
    if only is not None:
        found = found.filter(supplier__in=list(only))
    counts: dict[int, dict[str, int]] = {}
    rows = found.order_by().values_list("supplier", "reason").annotate(n=Count("pk"))
    for supplier, reason, count in rows:
        counts.setdefault(supplier, {})[reason] = count
    organizations = Organization.objects.in_bulk(counts)
    shown = _shown_of(counts, since=since, until=until)
    sums = [
        OrganizationSum(
            organization=organizations[pk],
            shown=shown.get(pk, 0),
            passed=sum(by_reason.values()),
            reasons=tuple(
                ReasonSum(code, label(VOCABULARY, code), count)
                for code, count in sorted(by_reason.items(), key=lambda item: (-item[1], item[0]))
            ),
        )
        for pk, by_reason in counts.items()
    ]
    return sorted(sums, key=lambda one: (-one.passed, one.organization.name))


def _shown_of(
    organizations: Iterable[int], *, since: date | None, until: date | None
) -> dict[int, int]:
    """How many matches of their supply were first made in the period."""
    found = Match.objects.annotate(supplier=supplier_of()).filter(supplier__in=list(organizations))
    if since is not None:
        found = found.filter(first_matched_at__date__gte=since)
    if until is not None:
        found = found.filter(first_matched_at__date__lte=until)
    return dict(found.order_by().values_list("supplier").annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class OwnSum:
    """What an institute reads of itself; `is_enough` is False where the sum would tell who."""

    sums: OrganizationSum
    is_enough: bool


def sums_for(user: Any) -> list[OwnSum]:
    """Of the person's organisations, over all time."""
    mine = Organization.objects.filter(memberships__user=user).values_list("pk", flat=True)
    return [OwnSum(one, one.passed >= FEWEST) for one in sums_by_organization(only=list(mine))]


def standing_of(need: Need) -> QuerySet[Pass]:
    """What both sides and staff passed on of a need's matches, for its desk."""
    return (
        Pass.objects.standing()
        .filter(match__need=need)
        .prefetch_related(Prefetch("match", Match.objects.with_candidates()))
    )
