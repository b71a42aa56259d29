"""Matches of an organisation that asked for it wait for a look of staff before they go out."""

from collections.abc import Iterable

from django.db import transaction

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.listings.models import Need
from marketplace.matching.models import Match
from marketplace.matching.services.telling import tell_of


@transaction.atomic
def set_staff_look(organization: Organization, *, wanted: bool, by: User) -> None:
    """Whether staff look at the organisation's matches first. What waits already goes on waiting."""
    changed = Organization.objects.filter(pk=organization.pk).exclude(staff_look_first=wanted)
    if changed.update(staff_look_first=wanted):
        subject = f"organization:{organization.public_id}"
        audit.record("organization.staff_look", subject, by=by, wanted=wanted)


@transaction.atomic
def release_matches(matches: Iterable[Match], *, by: User) -> int:
    """Sends matches out: both sides see and are told. Returns how many; what a colleague released
    meanwhile is left aside, so that nobody is told twice."""
    now = clock.now()
    by_need: dict[Need, list[Match]] = {}
    for match in sorted(matches, key=lambda one: one.pk):
        waiting = Match.objects.held().filter(pk=match.pk)
        if waiting.update(held_at=None, released_at=now, released_by=by):
            by_need.setdefault(match.need, []).append(match)
            audit.record("match.released", f"match:{match.public_id}", by=by)
    for need, released in by_need.items():
        tell_of(need, [match.pk for match in released])
    return sum(map(len, by_need.values()))
