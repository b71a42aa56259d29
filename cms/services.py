"""What staff decide about a submission, and about a case of the contact desk.

Views authorize; these functions hold the rules.

A decision is about the revision its reader saw. Whoever edits after that, by whatever way, sends the
submission back to the first step: nothing is published that not every step has read.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from cms.narrowing import is_narrowed
from cms.notices import retire_call, tell_of_hand_over
from cms.rights import has_right, may_take_down
from marketplace.accounts.fronts import Front
from marketplace.accounts.models import (
    OPEN_OUTREACH_STATES,
    ClaimInvitation,
    Outreach,
    OutreachCall,
    OutreachState,
    User,
)
from marketplace.accounts.services import create_invitation, invitation_letter, move_outreach
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.listings.completeness import gaps
from marketplace.listings.models import (
    Listing,
    ReturnReason,
    ReviewDecision,
    ReviewStep,
    curates,
)
from marketplace.listings.services import draft_of, record_review, withdraw

Decision = ReviewDecision.Decision


def approve(
    task_state: TaskState,
    *,
    by: User,
    note: str = "",
    seen: int | None = None,
    examined: dict[str, Any] | None = None,
) -> ReviewDecision:
    """Passes the step; the last one publishes the revision that was read.

    Args:
        task_state: the step that waits.
        by: the reviewer.
        note: a word for the poster.
        seen: the revision on the reviewer's screen; StaleForm where there is a newer one.
        examined: what stood beside the decision, for staff (`cms.examination`).
    """
    _follow_newest_revision(task_state, by=by, seen=seen)
    return _approve(task_state, by=by, note=note, examined=examined)


@transaction.atomic
def _approve(
    task_state: TaskState, *, by: User, note: str, examined: dict[str, Any] | None
) -> ReviewDecision:
    listing, state = _taken(task_state)
    missing = gaps(draft_of(listing))
    if missing:
        raise DomainError(
            _("Chưa duyệt được: %(gap)s Hãy trả lại để người đăng bổ sung.")
            % {"gap": missing[0].message}
        )
    last = state.workflow_state.is_at_final_task
    if last and not may_take_down(by, listing):
        # Wagtail would find out in the middle of publishing.
        raise DomainError(
            _("Nhóm của bạn duyệt bước cuối nhưng chưa có quyền đăng. Hãy báo người quản trị.")
        )
    if state.task.specific.needs_another(state, by):
        raise DomainError(
            _("Bạn đã duyệt một bước trước của bản này. Bước này do người khác duyệt.")
        )
    _release(listing, state)
    state.approve(user=by, comment=note)
    return record_review(
        listing,
        decision=Decision.PUBLISHED if last else Decision.APPROVED,
        step=state.task.name,
        reason_codes=[],
        note=note,
        by=by,
        revision=state.revision,
        examined=examined,
    )


def return_for_changes(
    task_state: TaskState,
    *,
    by: User,
    reasons: Iterable[ReturnReason],
    text: str,
    seen: int | None = None,
) -> ReviewDecision:
    """Hands the submission back with reason codes; the poster corrects and goes on at this step."""
    _follow_newest_revision(task_state, by=by, seen=seen)
    with transaction.atomic():
        listing, state = _taken(task_state)
        _release(listing, state)
        state.reject(user=by, comment=text)
        return record_review(
            listing,
            decision=Decision.RETURNED,
            step=state.task.name,
            reason_codes=[reason.code for reason in reasons],
            note=text,
            by=by,
            revision=state.revision,
        )


def refuse(
    task_state: TaskState, *, by: User, text: str, seen: int | None = None
) -> ReviewDecision:
    """Ends the review: this does not belong on the exchange. What was live stays as it is."""
    _follow_newest_revision(task_state, by=by, seen=seen)
    with transaction.atomic():
        listing, state = _taken(task_state)
        _release(listing, state)
        state.workflow_state.cancel(user=by)
        TaskState.objects.filter(pk=state.pk).update(comment=text)
        return record_review(
            listing,
            decision=Decision.REJECTED,
            step=state.task.name,
            reason_codes=[],
            note=text,
            by=by,
            revision=state.revision,
        )


@transaction.atomic
def take_down(listing: Listing, *, by: User, reason: str) -> ReviewDecision:
    """Takes a live listing out of sight at once, and tells its owner why."""
    row = _locked(listing)
    if not row.live:
        raise InvalidTransition(_("Tin này không còn hiển thị."))
    revision = row.live_revision
    withdraw(row, by=by, reason=reason)
    return record_review(
        row,
        decision=Decision.TAKEN_DOWN,
        step="",
        reason_codes=[],
        note=reason,
        by=by,
        revision=revision,
    )


@transaction.atomic
def review_again(listing: Listing, *, by: Any) -> bool:
    """After an edit during review: the newest revision starts at the first step. Says whether it did."""
    row = _locked(listing)
    workflow_state = row.current_workflow_state
    state = workflow_state.current_task_state if workflow_state is not None else None
    if (
        state is None
        or state.status != TaskState.STATUS_IN_PROGRESS
        or state.revision_id == row.latest_revision_id
    ):
        return False
    retire_call(row, task_state_id=state.pk)
    # Without "resume" Wagtail looks for the first step that has not passed this revision.
    state.specific.cancel(user=by)
    return True


# --- who works on it ------------------------------------------------------------------------------


@transaction.atomic
def hold(listing: Listing, *, by: User) -> None:
    """Keeps a submission for oneself: colleagues read it and do not decide."""
    row = _locked(listing)
    _free_for(row, by)
    _keep(row, by)
    _step(row, ReviewStep.Act.HELD, by=by)


@transaction.atomic
def release(listing: Listing, *, by: User) -> None:
    """Gives a submission back to all of its step."""
    row = _locked(listing)
    if not row.locked:
        raise InvalidTransition(_("Không ai đang giữ bài này."))
    if row.locked_by_id != by.pk and not has_right(by, "unlock", type(row)):
        raise DomainError(_("Đồng nghiệp đang giữ bài này; người phụ trách mới gỡ được."))
    type(row).objects.filter(pk=row.pk).update(locked=False, locked_by=None, locked_at=None)
    _step(row, ReviewStep.Act.RELEASED, by=by)


@transaction.atomic
def hand_over(listing: Listing, *, to: User, by: User, note: str = "") -> None:
    """Hands a submission to a colleague who may decide on it, who holds it from now on and is told.

    Raises:
        DomainError: the colleague may not decide on this step, or somebody else holds it.
    """
    row = _locked(listing)
    _free_for(row, by)
    state = row.current_workflow_task_state
    if state is None:
        raise InvalidTransition(_("Bài này không còn chờ duyệt."))
    if to.pk == by.pk or not state.task.specific.get_actions(row, to):
        raise DomainError(_("Đồng nghiệp này không duyệt được bước đang chờ."))
    _keep(row, to)
    _step(row, ReviewStep.Act.HANDED_OVER, by=by, to=to, note=note)
    tell_of_hand_over(row, to=to, by=by, note=note, step=state.task.name)


@transaction.atomic
def take_back_hand_over(listing: Listing, *, by: User) -> None:
    """Frees what the person handed over last, while that colleague still holds it."""
    row = _locked(listing)
    last = ReviewStep.objects.filter(kind=row.KIND, key=row.public_id).first()
    if (
        last is None
        or last.act != ReviewStep.Act.HANDED_OVER
        or last.by_id != by.pk
        or not row.locked
        or row.locked_by_id != last.to_id
    ):
        raise InvalidTransition(_("Tin đã có thay đổi sau quyết định này, không hoàn tác được."))
    type(row).objects.filter(pk=row.pk).update(locked=False, locked_by=None, locked_at=None)
    _step(row, ReviewStep.Act.RELEASED, by=by)


def colleagues_for(state: TaskState, listing: Listing, *, by: User) -> list[User]:
    """Who else may decide on what waits: for the choice of whom to hand it to."""
    people = User.objects.filter(
        is_active=True, is_staff=True, groups__in=state.task.specific.groups.all()
    )
    task = state.task.specific
    return [
        one
        for one in people.exclude(pk=by.pk).distinct().order_by("full_name", "email")
        if task.get_actions(listing, one) and (not is_narrowed(one) or curates(one, listing))
    ]


def _free_for(row: Listing, user: User) -> None:
    if row.locked and row.locked_by_id != user.pk:
        raise DomainError(_("Đồng nghiệp đang giữ bài này."))


def _keep(row: Listing, user: User) -> None:
    type(row).objects.filter(pk=row.pk).update(locked=True, locked_by=user, locked_at=clock.now())


def _step(row: Listing, act: str, *, by: User, to: User | None = None, note: str = "") -> None:
    ReviewStep.objects.create(
        kind=row.KIND, key=row.public_id, act=act, by=by, to=to, note=note[:400], at=clock.now()
    )
    audit.record(f"review.{act}", f"{row.KIND}:{row.public_id}", by=by)


# --- the contact desk ---------------------------------------------------------------------------

CASE_FIELDS = ("contact_name", "contact_email", "contact_phone", "assigned_to", "next_action_on")


@transaction.atomic
def update_case(case: Outreach, *, by: User, **facts: Any) -> None:
    """Who is to be reached, who of the staff does it, and when next."""
    unknown = facts.keys() - set(CASE_FIELDS)
    if unknown:
        raise TypeError(f"not a field of a case: {', '.join(sorted(unknown))}")
    row = Outreach.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.state not in OPEN_OUTREACH_STATES:
        raise InvalidTransition(_("Hồ sơ liên hệ này đã kết thúc."))
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
        audit.record("outreach.changed", f"accounts.outreach:{row.pk}", by=by, fields=changed)


@transaction.atomic
def close_case(case: Outreach, *, by: User, reason: str) -> None:
    """Ends the search for an organisation; the reason stays in the log of the case."""
    move_outreach(case, OutreachState.CLOSED, by=by)
    OutreachCall.objects.create(
        outreach=case, by=by, at=clock.now(), note=_("Đóng hồ sơ: %(reason)s") % {"reason": reason}
    )


def invite(case: Outreach, *, by: User, front: Front) -> tuple[ClaimInvitation, bytes]:
    """A new claim link and its letter as PDF, from the exchange on whose site it is made.

    The letter is made after the commit: it takes long enough to hold up every other writer. The link
    is told nowhere else, so a letter that fails leaves a link that nobody has.
    """
    invitation, token = create_invitation(case, by=by)
    return invitation, invitation_letter(invitation, token, front)


# --- small parts --------------------------------------------------------------------------------


def prepared_text(reasons: Iterable[ReturnReason], language: str) -> str:
    """The texts of the chosen reasons in the poster's language, a paragraph each."""
    english = language == "en"
    return "\n\n".join((reason.text_en if english else "") or reason.text_vi for reason in reasons)


def poster_language(task_state: TaskState, listing: Listing) -> str:
    poster = task_state.workflow_state.requested_by or listing.contact
    return poster.language if poster is not None else listing.language


def _follow_newest_revision(task_state: TaskState, *, by: User, seen: int | None) -> None:
    """Its own transaction: the way back to the first step stays, though the decision is refused."""
    listing = task_state.workflow_state.content_object
    moved = review_again(listing, by=by)
    latest = type(listing).objects.values_list("latest_revision_id", flat=True).get(pk=listing.pk)
    if moved or (seen is not None and seen != latest):
        raise StaleForm(
            _("Bài đã được sửa sau khi bạn mở trang này. Hãy đọc bản mới rồi quyết định.")
        )


def _taken(task_state: TaskState) -> tuple[Listing, TaskState]:
    """The listing under its lock and the step as it is now; InvalidTransition where it is over."""
    listing = _locked(task_state.workflow_state.content_object)
    state = (
        TaskState.objects.select_for_update(of=("self",))
        .select_related("workflow_state__workflow", "task", "revision")
        .get(pk=task_state.pk)
    )
    if (
        state.status != TaskState.STATUS_IN_PROGRESS
        or state.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS
        or state.workflow_state.current_task_state_id != state.pk
    ):
        raise InvalidTransition(_("Bài này không còn chờ duyệt ở bước đó."))
    if state.revision_id != listing.latest_revision_id:
        raise StaleForm(_("Bài vừa được sửa ở nơi khác. Hãy tải lại trang."))
    return listing, state


def _release(listing: Listing, state: TaskState) -> None:
    """The step is decided: colleagues need not come, and the poster may edit what came back."""
    retire_call(listing, task_state_id=state.pk)
    type(listing).objects.filter(pk=listing.pk).update(locked=False, locked_by=None, locked_at=None)


def _locked(listing: Listing) -> Listing:
    return type(listing).objects.select_for_update(of=("self",)).get(pk=listing.pk)
