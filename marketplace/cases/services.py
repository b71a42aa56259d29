"""What officers do with cases. Entry points authorize; these functions hold the rules."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.cases.kinds import case_kind
from marketplace.cases.models import (
    CONTACTS,
    Case,
    CaseEntry,
    CaseState,
    EntryKind,
    HandOver,
    HandOverLine,
)
from marketplace.cases.notices import tell_assigned, tell_handed_over, tell_taken_back
from marketplace.cases.officers import may_look_after
from marketplace.cases.outcomes import outcomes
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.matching.models import Match


@transaction.atomic
def add_note(
    case: Case, *, by: User, kind: str, text: str, spoke_with: User | None = None
) -> CaseEntry:
    """A call, a visit or a thought, for staff alone.

    Args:
        case: open, or closed: what came of it may be heard later.
        by: who writes.
        kind: one of `CONTACTS`.
        text: what was said.
        spoke_with: with whom, of the accounts that the case's row knows; they may ask for the line.
    """
    if kind not in CONTACTS:
        raise DomainError(_("Chọn cách liên hệ."))
    if not text.strip():
        raise DomainError(_("Hãy ghi nội dung đã trao đổi."))
    row = _locked(case)
    known = row.row
    people = case_kind(row.kind).people_of(known) if known is not None else User.objects.none()
    if spoke_with is not None and not people.filter(pk=spoke_with.pk).exists():
        raise DomainError(_("Người này không thuộc tổ chức của hồ sơ."))
    entry = _enter(row, kind, by=by, text=text.strip(), spoke_with=spoke_with)
    audit.record("case.noted", f"case:{row.public_id}", by=by, kind=kind)
    return entry


@transaction.atomic
def plan_next(case: Case, *, by: User, action: str, on: date | None) -> Case:
    """Says what comes next and when; today or later."""
    row = _open(case)
    if on is not None and on < clock.today():
        raise DomainError(_("Chọn hôm nay hoặc một ngày sau hôm nay."))
    row.next_action, row.next_action_on = action.strip()[:200], on
    _touch(row, "next_action", "next_action_on")
    audit.record("case.planned", f"case:{row.public_id}", by=by, on=str(on or ""))
    return row


@transaction.atomic
def note_introduction(case: Case, *, by: User, match: Match, text: str = "") -> CaseEntry:
    """The two sides of a match were brought together by an officer."""
    row = _open(case)
    if match.need.public_id != row.subject:
        raise DomainError(_("Gợi ý này thuộc nhu cầu khác."))
    if row.entries.filter(kind=EntryKind.INTRODUCTION, match=match).exists():
        raise InvalidTransition(_("Lần giới thiệu này đã được ghi."))
    entry = _enter(
        row,
        EntryKind.INTRODUCTION,
        by=by,
        text=text.strip(),
        match=match,
        facts={"title": str(match.candidate), "kind": match.kind},
    )
    audit.record("case.introduced", f"case:{row.public_id}", by=by, match=match.public_id)
    return entry


@transaction.atomic
def hand_over(cases: Iterable[Case], *, to: User, by: User, note: str = "") -> HandOver:
    """Passes open cases to a colleague, all or none. Both are told and read the note.

    Raises:
        DomainError: none is chosen, the colleague may not see one of them, or has them all already.
    """
    rows = [_open(case) for case in sorted(cases, key=lambda one: one.pk)]
    moved = [row for row in rows if row.officer_id != to.pk]
    if not moved:
        raise DomainError(_("Chọn ít nhất một hồ sơ mà người nhận chưa phụ trách."))
    for row in moved:
        if not may_look_after(to, row):
            raise DomainError(
                _("%(name)s không được xem hồ sơ “%(title)s”.") % {"name": to, "title": row.title}
            )
    made = HandOver.objects.create(to=to, by=by, note=note.strip()[:500], at=clock.now())
    for row in moved:
        HandOverLine.objects.create(hand_over=made, case=row, before=row.officer)
        kind = EntryKind.HANDED_OVER if row.officer_id else EntryKind.ASSIGNED
        facts = {"to": to.pk, "before": row.officer_id}
        _enter(row, kind, by=by, text=made.note, hand_over=made, facts=facts)
        row.officer = to
        _touch(row, "officer")
        audit.record("case.handed_over", f"case:{row.public_id}", by=by, hand_over=made.pk)
    tell_handed_over(made)
    return made


@transaction.atomic
def undo_hand_over(made: HandOver, *, by: User) -> int:
    """Gives the cases back to who had them. One that has passed on since, or was closed, stays.

    Raises:
        InvalidTransition: it was undone already.
    """
    standing = HandOver.objects.filter(pk=made.pk, undone_at=None)
    if not standing.update(undone_at=clock.now(), undone_by=by):
        raise InvalidTransition(_("Lần bàn giao này đã được hoàn tác."))
    back = 0
    for line in made.lines.select_related("before").order_by("case_id"):
        row = _locked(line.case)
        if not row.is_open or row.officer_id != made.to_id:
            continue
        _enter(
            row,
            EntryKind.HANDED_OVER,
            by=by,
            hand_over=made,
            facts={"to": line.before_id, "before": row.officer_id, "undone": True},
        )
        row.officer = line.before
        _touch(row, "officer")
        back += 1
    audit.record("case.hand_over_undone", f"handover:{made.pk}", by=by, cases=back)
    tell_taken_back(made)
    return back


@transaction.atomic
def close_case(case: Case, *, by: User, outcome: str, text: str = "") -> Case:
    """Ends the work with what came of it. A case that ended with its need is given its outcome.

    Raises:
        DomainError: the outcome is not in the list in force.
        InvalidTransition: it has an outcome already.
    """
    if outcome not in dict(outcomes()):
        raise DomainError(_("Chọn một kết cục trong danh sách."))
    row = _locked(case)
    if not row.is_open and row.outcome:
        raise InvalidTransition(_("Hồ sơ này đã đóng."))
    row.state, row.outcome, row.ended_with_subject = CaseState.CLOSED, outcome, False
    row.closed_at = row.closed_at or clock.now()
    row.next_action, row.next_action_on = "", None
    _enter(row, EntryKind.CLOSED, by=by, text=text.strip(), facts={"outcome": outcome})
    _touch(
        row, "state", "outcome", "closed_at", "next_action", "next_action_on", "ended_with_subject"
    )
    audit.record("case.closed", f"case:{row.public_id}", by=by, outcome=outcome)
    return row


@transaction.atomic
def reopen_case(case: Case, *, by: User) -> Case:
    """
    Raises:
        InvalidTransition: it is open, or what it is about runs no more.
    """
    row = _locked(case)
    if row.is_open:
        raise InvalidTransition(_("Hồ sơ này đang mở."))
    if not case_kind(row.kind).running().filter(public_id=row.subject).exists():
        raise InvalidTransition(_("Nhu cầu không còn đăng nên hồ sơ không mở lại được."))
    _reopen(row, by=by)
    audit.record("case.reopened", f"case:{row.public_id}", by=by)
    return row


def reopen_with_subject(row: Case) -> None:
    """Its need is shown again, in the transaction of the stage that saw it."""
    _reopen(row, by=None)


def _reopen(row: Case, *, by: User | None) -> None:
    row.state, row.outcome, row.closed_at = CaseState.OPEN, "", None
    row.ended_with_subject = False
    _enter(row, EntryKind.REOPENED, by=by)
    _touch(row, "state", "outcome", "closed_at", "ended_with_subject")


def assign(row: Case, officer: User) -> None:
    """A rule gives the case to an officer, in the transaction that opens it."""
    row.officer = officer
    row.save(update_fields=["officer"])
    _enter(row, EntryKind.ASSIGNED, by=None, facts={"to": officer.pk, "before": None})
    tell_assigned(row)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _open(case: Case) -> Case:
    row = _locked(case)
    if not row.is_open:
        raise InvalidTransition(_("Hồ sơ này đã đóng."))
    return row


def _touch(row: Case, *fields: str) -> None:
    row.touched_at = clock.now()
    row.save(update_fields=[*fields, "touched_at"])


def _enter(row: Case, kind: str, *, by: User | None, **values: Any) -> CaseEntry:
    if by is not None:
        Case.objects.filter(pk=row.pk).update(touched_at=clock.now())
    return CaseEntry.objects.create(case=row, kind=kind, at=clock.now(), by=by, **values)
