"""Matches as rows, with the notices that go with them, each need in one transaction."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.accounts.services import open_outreach
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.listings.models import Need
from marketplace.matching.explanations import explanation_of, left_out_of
from marketplace.matching.finding import find_matches
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.scoring import MatchList, Scored
from marketplace.matching.texts import SUPPLY, complete, need_text
from marketplace.notifications.services import notify, retire_notices, revise_notices
from marketplace.taxonomy.models import Term


def match_need(need: Need) -> int:
    """Matches a public need anew and returns how many matches are shown.

    Candidates are looked for before the transaction; rows, notices and the need's mark change in
    one. What is not good enough is not kept: the page says that nothing is.

    Raises:
        SearchUnavailable: the index is missing or broken; the need stays to be done.
    """
    version, began = need.content_version, time.perf_counter()
    found = find_matches(need_text(need), complete=complete)
    spent = round((time.perf_counter() - began) * 1000)
    with transaction.atomic():
        new = _write_matches(need, found)
        _write_run(need, found, version=version, spent=spent)
        _tell(need, new)
        Need.mark_done("matched_version", [(need.pk, version)])
    return len(found.good)


def _write_run(need: Need, found: MatchList, *, version: int, spent: int) -> None:
    """Where nothing is good enough the need is unmet, since the first run that found so."""
    now = clock.now()
    before = MatchRun.objects.filter(need=need).values_list("unmet_since", flat=True).first()
    MatchRun.objects.update_or_create(
        need=need,
        defaults={
            "content_version": version,
            "ran_at": now,
            "duration_ms": spent,
            "searched": _searched(),
            "shown": len(found.good),
            "abstained": found.abstained,
            "unmet_since": (before or now) if found.abstained else None,
            "weights_version": found.version,
            "left_out": [left_out_of(one) for one in found.left_out],
        },
    )


def _searched() -> dict[str, int]:
    return {kind: model.objects.public().count() for kind, model in SUPPLY.items()}


def _write_matches(need: Need, found: MatchList) -> list[Match]:
    """Upserts the good ones and retires the rest; returns those the need did not have before."""
    rows = _rows_of(found.good)
    existing = {(m.kind, _candidate_pk(m)): m for m in Match.objects.filter(need=need)}
    now, new, kept = clock.now(), [], set()
    for rank, scored in enumerate(found.good, 1):
        candidate = scored.candidate
        pk = rows.get(candidate.id)
        if pk is None:
            continue
        match = existing.get((candidate.kind, pk))
        if match is None:
            match = Match(need=need, first_matched_at=now, **{f"{candidate.kind}_id": pk})
        if match.pk is None or match.retired_at is not None:
            new.append(match)
        match.rank, match.score, match.probability = rank, scored.score, scored.probability
        match.band, match.need_version = scored.band, need.content_version
        match.explanation, match.retired_at = explanation_of(scored), None
        match.weights_version = found.version
        match.save()
        kept.add(match.pk)
    _retire([m for m in existing.values() if m.retired_at is None and m.pk not in kept])
    return new


def _candidate_pk(match: Match) -> int | None:
    return match.result_id or match.offer_id or match.equipment_id


def _rows_of(good: Sequence[Scored]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, model in SUPPLY.items():
        keys = [s.candidate.key for s in good if s.candidate.kind == kind]
        rows = model.objects.public().filter(public_id__in=keys).values_list("public_id", "pk")
        found |= {f"{kind}:{key}": pk for key, pk in rows}
    return found


# --- telling both sides -------------------------------------------------------------------------


def _tell(need: Need, new: Sequence[Match]) -> None:
    if not new:
        return
    pks = [match.pk for match in new]
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
        else:
            reason = _("Gợi ý cho nhu cầu %(number)s: %(title)s")
            open_outreach(
                organization, reason=reason % {"number": need.display_number, "title": need.title}
            )


def _tell_owner(need: Need, matches: Sequence[Match]) -> None:
    key = hashlib.sha256(" ".join(sorted(m.public_id for m in matches)).encode()).hexdigest()[:16]
    context = {
        "need_title": need.title,
        "need_number": need.display_number,
        "matches": [
            {
                "id": m.public_id,
                "kind": m.kind,
                "title": m.candidate.title,
                "fit": m.band,
                "quote": _first_quote(m),
            }
            for m in matches
        ],
    }
    for person in _members(need.organization_id):
        notify(
            kind="match.need",
            recipient=person,
            dedupe_key=f"match.need:{need.public_id}:{key}",
            context=context,
            url=f"{need.get_absolute_url()}#goi-y",
        )


def _first_quote(match: Match) -> str:
    for reason in match.explanation["reasons"]:
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
    own = (
        Q(result__organization=organization)
        | Q(offer__organization=organization)
        | Q(equipment__organization=organization)
    )
    waiting = Match.objects.active().filter(own).exclude(need__organization=organization)
    for match in waiting.with_candidates().order_by("rank", "pk"):
        if match.need.is_public:
            _tell_supplier(match.need, organization, [match])


def _members(organization_pk: int) -> list[User]:
    """Who acts for the organisation; those who only read there are not written to."""
    acting = Membership.objects.filter(organization=organization_pk).exclude(
        role=Membership.Role.VIEWER
    )
    return list(User.objects.filter(memberships__in=acting, is_active=True).order_by("pk"))


# --- leaving ------------------------------------------------------------------------------------


def _retire(matches: Iterable[Match]) -> None:
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
    _retire(need.matches.active().select_related("need"))
    retire_notices(f"match.need:{need.public_id}:")
    Need.mark_done("matched_version", [(need.pk, version)])


@transaction.atomic
def retire_matches_of_supply(kind: str, row: Any) -> None:
    _retire(Match.objects.active().filter(**{kind: row}).select_related("need"))


# --- the owner's answer -------------------------------------------------------------------------


@transaction.atomic
def pass_on(match: Match, *, by: User, reason: str, note: str = "") -> None:
    """The need's owner finds a match unfit, and says why; it stays in the list, folded."""
    if reason not in dict(pass_reasons()):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    Match.objects.filter(pk=match.pk, passed_at=None).update(
        passed_at=clock.now(), passed_reason=reason, passed_note=note[:300]
    )


@transaction.atomic
def take_back_pass(match: Match, *, by: User) -> None:
    Match.objects.filter(pk=match.pk).update(passed_at=None, passed_reason="", passed_note="")


def record_opened(match: Match) -> None:
    """The need's owner looked at the candidate from the match; the first time counts."""
    Match.objects.filter(pk=match.pk, opened_at=None).update(opened_at=clock.now())


def pass_reasons() -> list[tuple[str, str]]:
    return [(term.code, term.label) for term in Term.objects.in_vocabulary("pass-reasons")]
