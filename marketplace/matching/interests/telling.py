"""Telling the people of an organisation what was found for its interests, each of it once."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

from marketplace.accounts.models import Membership, User
from marketplace.core import clock
from marketplace.matching.knowing import matches_unknown_to, record_told
from marketplace.matching.models import Interest, InterestMatch, Match
from marketplace.matching.models.interests import NEED
from marketplace.notifications.services import notify, retire_notices, revise_notices

KIND: Final = "interest.matches"


def tell_found(interest: Interest, new: Sequence[InterestMatch]) -> None:
    """A need that answers something of the organisation's own was told as such: not told once more."""
    fresh = _not_told_otherwise(interest, new)
    if not fresh:
        return
    rows = InterestMatch.objects.filter(pk__in=[row.pk for row in fresh])
    named = {row.pk: _named(row) for row in rows.with_candidates().order_by("rank")}
    for person in _acting_for(interest.organization_id):
        unknown = matches_unknown_to(person, fresh)
        if not unknown:
            continue
        key = hashlib.sha256(" ".join(sorted(m.public_id for m in unknown)).encode()).hexdigest()
        told = {row.pk for row in unknown}
        notice = notify(
            kind=KIND,
            recipient=person,
            dedupe_key=f"interest:{interest.public_id}:{key[:16]}",
            context={
                "interest": interest.name,
                "matches": [one for pk, one in named.items() if pk in told],
            },
            url=interest.get_absolute_url(),
        )
        if notice is not None:
            record_told(notice, unknown)


def _not_told_otherwise(interest: Interest, new: Sequence[InterestMatch]) -> list[InterestMatch]:
    needs = [row.candidate_id for row in new if row.kind == NEED]
    answered = set(
        Match.objects.active()
        .supplied_by([interest.organization_id])
        .filter(need__in=needs, held_at=None)
        .values_list("need", flat=True)
    )
    return [row for row in new if row.kind != NEED or row.candidate_id not in answered]


def _named(row: InterestMatch) -> dict[str, Any]:
    """Only what everybody may read."""
    quotes = (one["evidence"]["text"] for one in row.explanation["reasons"] if one["evidence"])
    return {
        "id": row.public_id,
        "kind": row.kind,
        "title": row.candidate.title,
        "fit": row.band,
        "quote": next(quotes, ""),
    }


def _acting_for(organization_pk: int) -> list[User]:
    acting = Membership.objects.filter(
        organization=organization_pk, role__in=Membership.EDITING_ROLES
    )
    return list(User.objects.filter(memberships__in=acting, is_active=True).order_by("pk"))


def retire_found(rows: Iterable[InterestMatch]) -> None:
    """What no longer fits or is no longer open leaves the list, and what was to be told of it."""
    now = clock.now()
    for row in rows:
        if InterestMatch.objects.filter(pk=row.pk, retired_at=None).update(retired_at=now):
            revise_notices(f"interest:{row.interest.public_id}:", partial(_without, row.public_id))


def _without(gone: str, context: dict[str, Any]) -> dict[str, Any] | None:
    left = [one for one in context["matches"] if one["id"] != gone]
    return context | {"matches": left} if left else None


def silence(interest: Interest) -> None:
    """Nothing of it is told any more: it sleeps."""
    retire_notices(f"interest:{interest.public_id}:")
