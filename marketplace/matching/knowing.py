"""What people know of matches. A match that left and returns, as after a change of weights, is not new to
who was told of it: the notice is not sent again, alone or in the company of others."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from marketplace.accounts.models import User
from marketplace.matching.models import Match, ToldMatch
from marketplace.notifications.models import Delivery, DeliveryState, Notice


def matches_unknown_to(person: User, matches: Sequence[Match]) -> list[Match]:
    """Those that no notice told the person of. One that was taken back before it was mailed or read told
    nobody."""
    sent = Delivery.objects.filter(notices=OuterRef("notice"), state=DeliveryState.SENT)
    rows = (
        ToldMatch.objects.filter(recipient=person, match__in=matches)
        .select_related("notice", "match")
        .annotate(was_sent=Exists(sent))
    )
    known = {row.match_id for row in rows if row.was_sent or row.notice.read_at or _says(row)}
    return [match for match in matches if match.pk not in known]


def _says(row: ToldMatch) -> bool:
    """Whether the notice stands and still names the match."""
    named = {one["id"] for one in row.notice.context["matches"]}
    return row.notice.retired_at is None and row.match.public_id in named


def record_told(notice: Notice, matches: Sequence[Match]) -> None:
    for match in matches:
        ToldMatch.objects.update_or_create(
            match=match, recipient_id=notice.recipient_id, defaults={"notice": notice}
        )
