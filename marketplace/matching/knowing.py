"""What people know of matches. A match that left and returns, as after a change of weights, is not new to
who was told of it: the notice is not sent again, alone or in the company of others."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef

from marketplace.accounts.models import User
from marketplace.matching.models import InterestMatch, Match, ToldMatch
from marketplace.notifications.models import Delivery, DeliveryState, Notice

Told = TypeVar("Told", Match, InterestMatch)


def matches_unknown_to(person: User, matches: Sequence[Told]) -> list[Told]:
    """Those that no notice told the person of. One that was taken back before it was mailed or read told
    nobody."""
    sent = Delivery.objects.filter(notices=OuterRef("notice"), state=DeliveryState.SENT)
    by_key = {match.pk: match for match in matches}
    if not by_key:
        return []
    column = _column(matches[0])
    rows = (
        ToldMatch.objects.filter(recipient=person, **{f"{column}__in": list(by_key)})
        .select_related("notice")
        .annotate(was_sent=Exists(sent))
    )
    known = set()
    for row in rows:
        match = by_key[getattr(row, f"{column}_id")]
        if row.was_sent or row.notice.read_at or _says(row.notice, match.public_id):
            known.add(match.pk)
    return [match for match in matches if match.pk not in known]


def _column(match: Match | InterestMatch) -> str:
    return "match" if isinstance(match, Match) else "interest_match"


def _says(notice: Notice, public_id: str) -> bool:
    """Whether the notice stands and still names the match."""
    named = {one["id"] for one in notice.context["matches"]}
    return notice.retired_at is None and public_id in named


def record_told(notice: Notice, matches: Sequence[Match] | Sequence[InterestMatch]) -> None:
    for match in matches:
        told: dict[str, Any] = {"recipient_id": notice.recipient_id, _column(match): match}
        ToldMatch.objects.update_or_create(**told, defaults={"notice": notice})
