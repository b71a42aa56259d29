"""Needs that nothing answers yet, for those who work in their fields."""

from typing import Any, Final

from marketplace.accounts.models import Organization
from marketplace.accounts.supply import supply_kinds
from marketplace.matching.models import MatchRun
from marketplace.matching.scoring.facts import field_agreement

#: The newest of what an organisation has say well enough in which fields it is.
_NEWEST: Final = 200
#: Unmet needs that are looked at, the longest waiting first.
_LOOKED_AT: Final = 500
#: Share of a field's code that must be the same: the group, of a field within it.
_NEAR: Final = 0.6


def fields_of(user: Any) -> list[str]:
    """Fields of what the person's organisations have in the register and on the exchange."""
    mine = Organization.objects.filter(memberships__user=user)
    found: set[str] = set()
    for kind in supply_kinds().values():
        rows = kind.rows().filter(organization__in=mine).order_by("-pk")
        for codes in rows.values_list("field_codes", flat=True)[:_NEWEST]:
            found.update(codes)
    return sorted(found)


def unmet_needs_for(user: Any, limit: int) -> list[MatchRun]:
    """Runs of open needs of others that found nothing good enough, in the person's fields."""
    if not user.is_authenticated or not (fields := fields_of(user)):
        return []
    mine = Organization.objects.filter(memberships__user=user)
    runs = MatchRun.objects.unmet().exclude(need__organization__in=mine)
    found = []
    for run in runs.select_related("need__organization")[:_LOOKED_AT]:
        if field_agreement(run.need.field_codes, fields) >= _NEAR:
            found.append(run)
        if len(found) == limit:
            break
    return found
