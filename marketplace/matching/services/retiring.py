"""Matches that no longer hold leave every list, with what was to be told about them."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction

from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.models import InterestMatch, Match, MatchRun
from marketplace.notifications.services import retire_notices, revise_notices


def retire(matches: Iterable[Match]) -> None:
    """Matches that no longer hold: gone from every list, what was to be told about them is not."""
    now = clock.now()
    for match in matches:
        Match.objects.filter(pk=match.pk, retired_at=None).update(retired_at=now)
        retire_notices(f"match.supply:{match.public_id}")
        revise_notices(f"match.need:{match.need.public_id}:", partial(_without, match.public_id))


def _without(gone: str, context: dict[str, Any]) -> dict[str, Any] | None:
    left = [match for match in context["matches"] if match["id"] != gone]
    return context | {"matches": left} if left else None


@transaction.atomic
def retire_matches_of_need(need: Need, *, version: int) -> None:
    """The need is no longer public: withdrawn, expired, or being approved anew."""
    retire(need.matches.active().select_related("need"))
    retire_notices(f"match.need:{need.public_id}:")
    Need.mark_done("matched_version", [(need.pk, version)])


@transaction.atomic
def retire_matches_of_supply(kind: str, pk: int) -> None:
    """What was matched is not open any more: withdrawn, expired, done."""
    retire(Match.objects.active().of(kind, [pk]).select_related("need"))


@transaction.atomic
def forget_words(kind: str, rows: Mapping[int, str]) -> None:
    """The sentences that matches quoted from a person whose consent is gone, in whatever state they are.

    Args:
        kind: of supply, one that is personal.
        rows: primary key → public number of those that are open no more.
    """
    for model in (Match, InterestMatch):
        model.objects.of(kind, list(rows)).exclude(explanation={}).update(explanation={})
    keys = set(rows.values())
    for run in MatchRun.objects.exclude(left_out=[]).only("left_out").order_by("pk").iterator():
        kept = [one for one in run.left_out if (one["kind"], one["key"] in keys) != (kind, True)]
        if len(kept) < len(run.left_out):
            MatchRun.objects.filter(pk=run.pk).update(left_out=kept)
