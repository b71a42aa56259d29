"""What the two sides and staff answer to a match: passes with a reason, and taking them back."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.matching.models import Match, Pass, Side
from marketplace.matching.reasons import meaning_of, reasons_for


@transaction.atomic
def pass_on(
    match: Match,
    *,
    by: User,
    reason: str,
    side: Side = Side.NEED,
    criteria: Sequence[str] = (),
    note: str = "",
) -> Pass:
    """One side finds a match unfit, and says why; it stays in its list, folded. A second pass of the
    same side changes nothing: the first is taken back before another reason is given.

    Args:
        match: of a need or supply that the person acts for, or any for staff.
        by: who says it; never shown to the other side.
        reason: a code that this side may give.
        side: for whom the person speaks.
        criteria: the requirements that are missed, for the reason that asks which.
        note: for staff.

    Raises:
        DomainError: the reason is not in the list, or what it asks for is missing.
    """
    _check(reason, side, criteria=criteria, note=note)
    locked = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    standing = locked.passes.standing().filter(side=side).first()
    if standing is not None:
        return standing
    made = Pass.objects.create(
        match=locked,
        side=side,
        reason=reason,
        criteria=[one[:200] for one in criteria],
        note=note[:300],
        by=by,
    )
    if side == Side.NEED:
        Match.objects.filter(pk=match.pk).update(
            passed_at=made.at, passed_reason=reason, passed_note=made.note
        )
    audit.record("match.passed", f"match:{match.public_id}", by=by, side=str(side), reason=reason)
    return made


def _check(reason: str, side: Side, *, criteria: Sequence[str], note: str) -> None:
    if reason not in dict(reasons_for(side)):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    asks = meaning_of(reason).asks
    if asks == "requirement" and not (criteria or note.strip()):
        raise DomainError(_("Hãy cho biết chỉ tiêu nào không đạt."))
    if asks == "note" and not note.strip():
        raise DomainError(_("Hãy nói ngắn gọn lý do."))


@transaction.atomic
def pass_on_many(
    matches: Iterable[Match],
    *,
    by: User,
    reason: str,
    side: Side = Side.NEED,
    criteria: Sequence[str] = (),
    note: str = "",
) -> list[Pass]:
    """The same reason for several matches, all or none."""
    ordered = sorted(matches, key=lambda match: match.pk)
    return [
        pass_on(match, by=by, reason=reason, side=side, criteria=criteria, note=note)
        for match in ordered
    ]


@transaction.atomic
def take_back_pass(match: Match, *, by: User, side: Side = Side.NEED) -> None:
    """The match stands in the side's list again; the pass stays on record as taken back."""
    taken = match.passes.standing().filter(side=side)
    if not taken.update(taken_back_at=clock.now(), taken_back_by=by):
        return
    if side == Side.NEED:
        Match.objects.filter(pk=match.pk).update(passed_at=None, passed_reason="", passed_note="")
    audit.record("match.pass_taken_back", f"match:{match.public_id}", by=by, side=str(side))


def record_opened(match: Match) -> None:
    """The need's owner looked at the candidate from the match; the first time counts."""
    Match.objects.filter(pk=match.pk, opened_at=None).update(opened_at=clock.now())
