"""Staged evaluation of one side: opened, given a team, scored, taken to the next stage, concluded.

Entry points authorize. The lock of the deal comes first, as everywhere in this app.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.evaluating import criteria_of, edition_on
from marketplace.deals.models import Deal, Evaluation, Recommendation, Reviewer, Score
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked_running, subject_of
from marketplace.deals.states import EVALUATION_TRANSITIONS, EvaluationState


@transaction.atomic
def open_evaluation(deal: Deal, *, side: Organization, by: User) -> Evaluation:
    """A side begins to judge, by the criteria of its kind of deal and this day. Who opens it is the first of the team.

    Raises InvalidTransition where the side has one, or the deal has ended.
    """
    row = locked_running(deal)
    try:
        with transaction.atomic():
            made = Evaluation.objects.create(
                deal=row, organization=side, kind=row.kind, opened_by=by
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Bên bạn đã mở đánh giá của giao dịch này.")) from error
    Reviewer.objects.create(evaluation=made, user=by, added_by=by)
    _record("opened", made, by)
    return made


@transaction.atomic
def add_reviewer(evaluation: Evaluation, *, person: User, by: User) -> Reviewer:
    """Somebody of one's own side in the deal joins the team. The same again changes nothing.

    Raises DomainError where the person does not sit in the deal for this side.
    """
    row = _open(evaluation)
    seats = row.deal.members.filter(left_at=None, organization=row.organization_id)
    if not seats.filter(user=person).exists():
        raise DomainError(_("Chỉ người tham gia giao dịch cho bên bạn mới vào nhóm được."))
    member, made = Reviewer.objects.get_or_create(
        evaluation=row, user=person, left_at=None, defaults={"added_by": by}
    )
    if made:
        _record("reviewer_added", row, by, reviewer=member.key)
        notices.tell_person(row.deal, person, "reviewing", key=f"reviewing:{member.key}")
    return member


@transaction.atomic
def remove_reviewer(member: Reviewer, *, by: User) -> None:
    """Leaves the team; what was scored stays."""
    row = _open(member.evaluation)
    standing = Reviewer.objects.filter(pk=member.pk, left_at=None)
    if not standing.update(left_at=clock.now()):
        raise InvalidTransition(_("Người này đã rời nhóm đánh giá."))
    _record("reviewer_left", row, by, reviewer=member.key)


@transaction.atomic
def score(evaluation: Evaluation, *, marks: Mapping[str, tuple[int, str]], by: User) -> int:
    """Somebody of the team gives points (and words) for criteria of the stage that lasts; later ones replace earlier.

    Raises:
        DomainError: nothing is given, or it is no criterion or no points of this stage.
        InvalidTransition: the evaluation is closed, or the person has left the team.
    """
    row = _open(evaluation)
    if not row.team.filter(user=by, left_at=None).exists():
        raise InvalidTransition(_("Bạn không còn trong nhóm đánh giá."))
    known = {one.code for one in criteria_of(row.kind, row.state, row.opened_on)}
    most = edition_on(row.opened_on).most_points
    if not marks:
        raise DomainError(_("Hãy cho điểm ít nhất một tiêu chí."))
    if not known.issuperset(marks) or not all(0 < each[0] <= most for each in marks.values()):
        raise DomainError(_("Giai đoạn này không có tiêu chí hoặc mức điểm ấy. Hãy tải lại trang."))
    for code, (points, comment) in marks.items():
        values = {"points": points, "comment": comment.strip()[:1000], "at": clock.now()}
        Score.objects.update_or_create(evaluation=row, by=by, criterion=code, defaults=values)
    _record("scored", row, by, stage=row.state, criteria=len(marks))
    return len(marks)


@transaction.atomic
def go_on(evaluation: Evaluation, *, by: User) -> None:
    """From screening to the detailed stage: what was scored is fixed.

    Raises:
        DomainError: nobody has scored this stage.
        InvalidTransition: it is not in screening any more.
    """
    row = _open(evaluation)
    if row.state == EvaluationState.SCREENING and not row.scores.exists():
        raise DomainError(_("Chưa ai cho điểm giai đoạn này."))
    _move(row, EvaluationState.DETAILED, by=by)
    evaluation.refresh_from_db()


@transaction.atomic
def conclude(
    evaluation: Evaluation, *, recommendation: str, conclusion: str = "", by: User
) -> None:
    """Closes it with what the team recommends; after screening alone too.

    Raises:
        DomainError: nothing is recommended, nobody has scored, or a condition is not said.
        InvalidTransition: it is closed already.
    """
    if recommendation not in Recommendation.values:
        raise DomainError(_("Chọn một kết luận."))
    if recommendation != Recommendation.GO and not conclusion.strip():
        raise DomainError(_("Hãy ghi lý do hoặc điều kiện."))
    row = _open(evaluation)
    if not row.scores.exists():
        raise DomainError(_("Chưa ai cho điểm giai đoạn này."))
    also = {
        "recommendation": recommendation,
        "conclusion": conclusion.strip()[:2000],
        "closed_by": by,
        "closed_at": clock.now(),
    }
    _move(row, EvaluationState.CLOSED, by=by, also=also)
    evaluation.refresh_from_db()


def _open(evaluation: Evaluation) -> Evaluation:
    locked_running(evaluation.deal)
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("deal")
    row: Evaluation = rows.get(pk=evaluation.pk)
    if not row.is_open:
        raise InvalidTransition(_("Đánh giá này đã kết luận."))
    return row


def _move(row: Evaluation, to: EvaluationState, *, by: User, also: Any = None) -> None:
    if to not in EVALUATION_TRANSITIONS.get(row.state, frozenset()):
        raise InvalidTransition(_("Đánh giá này đã sang giai đoạn sau."))
    transition(row, to, table=EVALUATION_TRANSITIONS, by=by, also=also or {})
    _record("moved", row, by, to=str(to))


def _record(act: str, row: Evaluation, by: User, **data: Any) -> None:
    """Points and words are the side's own: the log says that something was done, not what."""
    audit.record(f"evaluation.{act}", subject_of(row.deal), by=by, evaluation=row.key, **data)
