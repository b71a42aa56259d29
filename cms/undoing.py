"""A decision taken back by who took it, while nothing has come after it."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from cms.notices import retire_call
from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.models import LISTING_MODELS, Listing, ReviewDecision
from marketplace.listings.services import record_undone

Decision = ReviewDecision.Decision

#: After it posters and readers have gone by the decision.
WITHIN: Final = timedelta(hours=24)


@transaction.atomic
def undo_decision(decision: ReviewDecision, *, by: User) -> ReviewDecision:
    """The submission waits again at the step that was decided; what was published by it is hidden.

    After a publication the review begins at the first step: Wagtail's workflow of that round is over.

    Raises:
        DomainError: another person's, or too old.
        InvalidTransition: something came after it.
    """
    model = LISTING_MODELS[decision.kind]
    row = model.objects.select_for_update(of=("self",)).get(public_id=decision.key)
    if decision.by_id != by.pk:
        raise DomainError(_("Chỉ người đã quyết định hoàn tác được."))
    if decision.at < clock.now() - WITHIN:
        raise DomainError(_("Đã quá 24 giờ, không hoàn tác được nữa."))
    newest = ReviewDecision.objects.filter(kind=decision.kind, key=decision.key).first()
    if newest is None or newest.pk != decision.pk or row.latest_revision_id != decision.revision_id:
        raise InvalidTransition(_("Tin đã có thay đổi sau quyết định này, không hoàn tác được."))
    acts = {
        Decision.RETURNED: _undo_return,
        Decision.APPROVED: _undo_approval,
        Decision.PUBLISHED: _undo_publication,
    }
    act = acts.get(Decision(decision.decision))
    if act is None:
        raise DomainError(_("Quyết định này không hoàn tác được."))
    act(row, decision, by)
    return record_undone(row, of=decision, by=by)


def _undo_return(row: Listing, decision: ReviewDecision, by: User) -> None:
    state = row.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        raise InvalidTransition(_("Tin đã có thay đổi sau quyết định này, không hoàn tác được."))
    state.resume(user=by)


def _undo_approval(row: Listing, decision: ReviewDecision, by: User) -> None:
    state = row.current_workflow_task_state
    if state is None:
        raise InvalidTransition(_("Tin đã có thay đổi sau quyết định này, không hoàn tác được."))
    passed = TaskState.objects.filter(
        workflow_state=state.workflow_state_id,
        revision=decision.revision_id,
        task__name=decision.step,
        status=TaskState.STATUS_APPROVED,
        finished_by=by,
    )
    passed.update(status=TaskState.STATUS_CANCELLED)
    retire_call(row, task_state_id=state.pk)
    # Wagtail goes on at the first step that has not passed this revision.
    state.specific.cancel(user=by)


def _undo_publication(row: Listing, decision: ReviewDecision, by: User) -> None:
    if not row.live or row.live_revision_id != decision.revision_id:
        raise InvalidTransition(_("Tin đã có thay đổi sau quyết định này, không hoàn tác được."))
    before = (
        ReviewDecision.objects.filter(
            kind=decision.kind, key=decision.key, decision=Decision.PUBLISHED, at__lt=decision.at
        )
        .exclude(revision_id=None)
        .values_list("revision_id", flat=True)
        .first()
    )
    earlier = row.revisions.filter(pk=before).first() if before else None
    poster = row.latest_revision.user if row.latest_revision else None
    if earlier is not None:
        earlier.publish(user=by, log_action=False)
    else:
        row.unpublish()
    current = type(row).objects.get(pk=row.pk)
    workflow = current.get_workflow()
    if workflow is not None:
        workflow.start(current, poster)
    kick("search.sync")
    kick("matching.run")
