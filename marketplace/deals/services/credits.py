"""Credit for who found the need of a deal."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from marketplace.core import audit, clock
from marketplace.deals.crediting import CreditRule, rule_on
from marketplace.deals.models import Deal, FinderCredit
from marketplace.deals.services.rows import subject_of
from marketplace.listings.models import Need
from marketplace.mandates.models import Mandate

STAGE: Final = "deals.credit"


def credit_finder(deal: Deal) -> FinderCredit | None:
    """Credits the broker that found the need, where the firm had let it; once for each deal.

    Runs in the transaction in which the contract comes into force. What the firm takes back later does
    not undo what was found with its consent.
    """
    now = clock.now()
    rule = rule_on(clock.today())
    need = _need_of(deal, rule)
    if need is None or need.found_by is None:
        return None
    asked_at = deal.origin.sent_at if rule.consent_on == "interest" else now
    if not _consented(need, asked_at):
        return None
    made, new = FinderCredit.objects.get_or_create(
        deal=deal,
        defaults={
            "broker": need.found_by,
            "earned_on": clock.today(),
            "rule_of": rule.valid_from,
        },
    )
    if new:
        audit.record(
            "deal.finder_credited", subject_of(deal), by=STAGE,
            broker=need.found_by.public_id, need=need.public_id,
        )  # fmt: skip
    return made


def _need_of(deal: Deal, rule: CreditRule) -> Need | None:
    origin = deal.origin
    if origin.kind == Need.KIND:
        return Need.objects.select_related("found_by").filter(pk=origin.subject_id).first()
    if rule.counts_matches and origin.match_id is not None:
        return Need.objects.select_related("found_by").filter(matches=origin.match_id).first()
    return None


def _consented(need: Need, at: datetime) -> bool:
    """Whether a mandate to post was in force at that moment, whatever became of it."""
    given = Mandate.objects.filter(
        broker=need.found_by_id,
        firm=need.organization_id,
        may_post=True,
        confirmed_at__lte=at,
        expires_at__gt=at,
    )
    return given.filter(Q(ended_at=None) | Q(ended_at__gt=at)).exists()
