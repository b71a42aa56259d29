"""Staff confirm, pin, suppress or add a match. What they decide outlives every run of the need."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.accounts.supply import supply_kind
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.models import Need
from marketplace.matching.explanations import explanation_of
from marketplace.matching.finding import explain_pair
from marketplace.matching.models import Band, Curation, Match, Side
from marketplace.matching.scoring import Scored
from marketplace.matching.services.answers import pass_on, take_back_pass
from marketplace.matching.services.retiring import retire
from marketplace.matching.services.telling import tell
from marketplace.matching.texts import candidate_text, need_text

Act = Curation.Act


@transaction.atomic
def confirm_match(match: Match, *, by: User, note: str) -> Curation:
    """The match is right: it stays whatever a later run finds, at its place."""
    return _keep(match, Act.CONFIRM, by=by, note=note)


@transaction.atomic
def pin_match(match: Match, *, by: User, note: str) -> Curation:
    """The match stays, before all that are not pinned."""
    return _keep(match, Act.PIN, by=by, note=note)


def _keep(match: Match, act: Act, *, by: User, note: str) -> Curation:
    if not note.strip():
        raise DomainError(_("Hãy ghi vì sao: hai bên đọc được lời này."))
    made = _decide(match, act, by=by, note=note)
    order_matches(match.need)
    return made


@transaction.atomic
def suppress_matches(
    matches: Iterable[Match],
    *,
    by: User,
    reason: str,
    criteria: Sequence[str] = (),
    note: str = "",
) -> list[Curation]:
    """Takes matches out, with a reason code: no run brings them back, nobody is told of them.

    Raises:
        DomainError: the reason is not in the list, or what it asks for is missing.
        InvalidTransition: one of them is out already.
    """
    made = []
    for match in sorted(matches, key=lambda one: one.pk):
        passed = pass_on(match, by=by, side=Side.STAFF, reason=reason, criteria=criteria, note=note)
        made.append(_decide(match, Act.SUPPRESS, by=by, note=note, passed=passed))
        retire([match])
    for need in {one.match.need for one in made}:
        order_matches(need)
    return made


def add_match(need: Need, kind: str, key: str, *, by: User, note: str) -> Match:
    """Puts a candidate into the need's list that no run has found good enough, and tells both sides.

    The pair is explained as any other; where they share no words the reason of staff stands alone.

    Raises:
        DomainError: no reason, the need or the candidate is not public, or it is in the list already.
        SearchUnavailable: the index is missing or broken.
    """
    if not note.strip():
        raise DomainError(_("Hãy ghi vì sao: hai bên đọc được lời này."))
    if not need.is_public:
        raise DomainError(_("Nhu cầu này không đang đăng."))
    candidate = supply_kind(kind).with_related().filter(public_id=key).first()
    if candidate is None:
        raise DomainError(_("Bản ghi này không đang đăng."))
    # Asks the index: before the transaction.
    scored = explain_pair(need_text(need), candidate_text(kind, candidate))
    with transaction.atomic():
        match = _row(need, kind, candidate, scored)
        # Staff have looked at it: it waits at no desk.
        Match.objects.filter(pk=match.pk).update(
            held_at=None, released_at=clock.now(), released_by=by
        )
        _decide(match, Act.ADD, by=by, note=note)
        order_matches(need)
        tell(need, [match])
    return match


def _row(need: Need, kind: str, candidate: Any, scored: Scored | None) -> Match:
    now = clock.now()
    found = Match.objects.select_for_update(of=("self",)).filter(need=need)
    match = found.of(kind, [candidate.pk]).first()
    if match is not None and match.retired_at is None:
        raise DomainError(_("Bản ghi này đã có trong danh sách."))
    if match is None:
        match = Match(need=need, first_matched_at=now, kind=kind, candidate_id=candidate.pk)
    match.rank, match.retired_at, match.need_version = 1, None, need.content_version
    match.score = scored.score if scored else 0.0
    match.probability = scored.probability if scored else 0.0
    match.band = scored.band if scored else Band.WEAK
    match.explanation = explanation_of(scored) if scored else {"reasons": []}
    match.save()
    return match


@transaction.atomic
def undo_decision(curation: Curation, *, by: User) -> None:
    """Takes a decision back. The one it replaced holds again; without one the need is matched anew.

    Raises:
        InvalidTransition: it does not hold any more.
    """
    undone = Curation.objects.standing().filter(pk=curation.pk)
    if not undone.update(undone_at=clock.now(), undone_by=by):
        raise InvalidTransition(_("Quyết định này không còn hiệu lực."))
    match = curation.match
    if curation.act == Act.SUPPRESS:
        take_back_pass(match, by=by, side=Side.STAFF)
        # Back at once: the run that follows does not take it for a new one and tells nobody again.
        Match.objects.filter(pk=match.pk).update(retired_at=None)
    before = (
        match.curations.filter(undone_at=None).exclude(replaced_at=None).order_by("-pk").first()
    )
    if before is not None:
        Curation.objects.filter(pk=before.pk).update(replaced_at=None)
    audit.record("match.decision_undone", f"match:{match.public_id}", by=by, act=str(curation.act))
    match_again(match.need)


def match_again(need: Need) -> None:
    """Marks the need to be matched anew; the tick does it within seconds."""
    Need.objects.filter(pk=need.pk).update(matched_version=0)
    kick("matching.run")


def _decide(match: Match, act: Act, *, by: User, note: str, passed: Any = None) -> Curation:
    Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    before = match.curations.standing().first()
    if before is not None:
        if before.act == act:
            raise InvalidTransition(_("Gợi ý này đã được quyết định như vậy."))
        if before.act == Act.SUPPRESS:
            # A pair that comes back by another decision is no longer passed on by staff.
            take_back_pass(match, by=by, side=Side.STAFF)
        Curation.objects.filter(pk=before.pk).update(replaced_at=clock.now())
    made = Curation.objects.create(
        match=match, act=act, by=by, note=note.strip()[:300], passed=passed
    )
    audit.record("match.decided", f"match:{match.public_id}", by=by, act=str(act))
    return made


def order_matches(need: Need) -> None:
    """Ranks of the need's active matches: the pinned first, in the order they were pinned, then by
    the score what can be had, then what is worked on."""
    pinned = {
        pk: place
        for place, pk in enumerate(
            Curation.objects.standing()
            .filter(act=Act.PIN, match__need=need)
            .order_by("pk")
            .values_list("match", flat=True)
        )
    }
    rows = list(need.matches.active().order_by("rank", "-score", "pk"))
    rows.sort(
        key=lambda match: (
            match.pk not in pinned,
            pinned.get(match.pk, 0),
            match.kind_of_supply.is_under_way,
            -match.score,
        )
    )
    for rank, match in enumerate(rows, 1):
        if match.rank != rank:
            Match.objects.filter(pk=match.pk).update(rank=rank)
