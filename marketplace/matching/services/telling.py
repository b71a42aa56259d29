"""Telling both sides of new matches."""

import hashlib
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.accounts.services import open_outreach
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.curating import staff_note
from marketplace.matching.knowing import matches_unknown_to, record_told
from marketplace.matching.models import Match, supplied
from marketplace.notifications.services import notify


def tell(need: Need, new: Sequence[Match]) -> None:
    """Tells both sides of matches that are new to the need, but of those that wait for staff."""
    held = hold_matches(need, new)
    tell_of(need, [match.pk for match in new if match.pk not in held])


def hold_matches(need: Need, new: Sequence[Match]) -> set[int]:
    """Puts aside what the organisation of either side asked staff to look at first. What staff let
    out once is not held again."""
    pks = [match.pk for match in new]
    looked_at = Organization.objects.filter(staff_look_first=True).values("pk")
    asks = Q(need__organization__in=looked_at) | supplied(looked_at)
    found = Match.objects.filter(asks, pk__in=pks, released_at=None)
    held = set(found.values_list("pk", flat=True))
    Match.objects.filter(pk__in=held, held_at=None).update(held_at=clock.now())
    return held


def tell_of(need: Need, pks: Sequence[int]) -> None:
    if not pks:
        return
    matches = list(Match.objects.filter(pk__in=pks).with_candidates().order_by("rank"))
    _tell_owner(need, matches)
    by_organization: dict[Organization, list[Match]] = {}
    for match in matches:
        owner = match.candidate.organization
        if owner is not None and owner.pk != need.organization_id:
            by_organization.setdefault(owner, []).append(match)
    for organization, theirs in by_organization.items():
        if organization.is_claimed:
            _tell_supplier(need, organization, theirs)
        elif any(match.kind_of_supply.invites for match in theirs):
            reason = _("Gợi ý cho nhu cầu %(number)s: %(title)s")
            open_outreach(
                organization, reason=reason % {"number": need.display_number, "title": need.title}
            )


def _tell_owner(need: Need, matches: Sequence[Match]) -> None:
    named = [
        {
            "id": m.public_id,
            "kind": m.kind,
            "title": m.candidate.title,
            "fit": m.band,
            "quote": _first_quote(m),
            "under_way": m.kind_of_supply.is_under_way,
            "staff": staff_note(m),
        }
        for m in matches
    ]
    for person in _members(need.organization_id):
        unknown = matches_unknown_to(person, matches)
        if not unknown:
            continue
        ids = {match.public_id for match in unknown}
        key = hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:16]
        notice = notify(
            kind="match.need",
            recipient=person,
            dedupe_key=f"match.need:{need.public_id}:{key}",
            context={
                "need_title": need.title,
                "need_number": need.display_number,
                "matches": [one for one in named if one["id"] in ids],
            },
            url=f"{need.get_absolute_url()}#goi-y",
        )
        if notice is not None:
            record_told(notice, unknown)


def _first_quote(match: Match) -> str:
    for reason in match.explanation.get("reasons", ()):
        if reason["evidence"]:
            return str(reason["evidence"]["text"])
    return ""


def _tell_supplier(need: Need, organization: Organization, matches: Sequence[Match]) -> None:
    """Of the need only what everybody may read; the owner only where it shows itself."""
    owner = need.public_owner()
    for match in matches:
        context = {
            "need_title": need.title,
            "need_summary": need.summary,
            "need_number": need.display_number,
            "owner": owner.name if owner else "",
            "candidate_title": match.candidate.title,
            "kind": match.kind,
            "under_way": match.kind_of_supply.is_under_way,
            "staff": staff_note(match),
        }
        for person in _members(organization.pk):
            notify(
                kind="match.supply",
                recipient=person,
                dedupe_key=f"match.supply:{match.public_id}",
                context=context,
                url=need.get_absolute_url(),
            )


def tell_what_waited(organization: Organization) -> None:
    """An organisation has come to the exchange: its people are told of the needs it matched before."""
    own = Match.objects.active().supplied_by([organization.pk]).filter(held_at=None)
    waiting = own.exclude(need__organization=organization)
    for match in waiting.with_candidates().order_by("rank", "pk"):
        if match.need.is_public:
            _tell_supplier(match.need, organization, [match])


def _members(organization_pk: int) -> list[User]:
    """Who acts for the organisation; those who only read there are not written to."""
    acting = Membership.objects.filter(organization=organization_pk).exclude(
        role=Membership.Role.VIEWER
    )
    return list(User.objects.filter(memberships__in=acting, is_active=True).order_by("pk"))
