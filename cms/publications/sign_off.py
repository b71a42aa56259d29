"""The chain that an issue passes before anybody reads it: a workflow, whose steps are data."""

from typing import Any, Final

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from wagtail.models import (
    GroupApprovalTask,
    PagePermissionTester,
    Revision,
    TaskState,
    Workflow,
    WorkflowState,
    WorkflowTask,
)

from cms.publications.models import SignOffTask

WORKFLOW: Final = "Ký duyệt ấn phẩm"
#: Each step: its name and the group that takes it, by its key in `cms.groups`.
STEPS: Final = (("Biên tập rà soát", "editors"), ("Phụ trách ký phát hành", "leads"))


class NotSignedOff(PermissionDenied):
    """This revision has not passed the chain."""


def put_away_empty_chains() -> None:
    """Wagtail comes with a chain for moderators: where nobody is one, what a page is sent into waits for ever."""
    for workflow in Workflow.objects.active().exclude(name=WORKFLOW):
        tasks = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow)
        groups = Group.objects.filter(groupapprovaltask__in=tasks)
        if (
            tasks
            and not groups.exclude(name="Moderators").exists()
            and not groups.filter(user__isnull=False).exists()
        ):
            workflow.deactivate()


def set_up_sign_off(groups: dict[str, Group]) -> None:
    """Made once; what staff changed of the steps stays."""
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW)
    if not made:
        return
    for position, (name, group) in enumerate(STEPS):
        task = SignOffTask.objects.create(name=name)
        task.groups.add(groups[group])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)


def sign_off_workflow() -> Workflow | None:
    found: Workflow | None = Workflow.objects.filter(name=WORKFLOW, active=True).first()
    return found


def waiting_to_be_signed_by(user: Any) -> list[TaskState]:
    """The steps that wait for this person, the oldest first: of a chain in which they had no hand yet."""
    own = TaskState.objects.filter(
        workflow_state=OuterRef("workflow_state"),
        status=TaskState.STATUS_APPROVED,
        finished_by=user,
    ).exclude(task=OuterRef("task"))
    steps = SignOffTask.objects.filter(groups__user=user)
    waiting = TaskState.objects.filter(
        ~Exists(own), status=TaskState.STATUS_IN_PROGRESS, task__in=steps
    )
    waiting = waiting.exclude(workflow_state__requested_by=user)
    return list(waiting.select_related("revision").order_by("started_at", "pk"))


def is_signed_off(page: Any, revision: Revision | None) -> bool:
    """Whether the chain was passed by this very revision of this page: a save after it asks for another
    round, and so does a copy."""
    return (
        revision is not None
        and revision.object_id == str(page.pk)
        and WorkflowState.objects.filter(
            status=WorkflowState.STATUS_APPROVED,
            workflow__name=WORKFLOW,
            current_task_state__revision=revision,
        ).exists()
    )


class IssuePermissions(PagePermissionTester):
    """An issue is published by its chain alone; who may read it is set before."""

    def can_publish(self) -> bool:
        return super().can_publish() and is_signed_off(self.page, self.page.get_latest_revision())

    def can_set_view_restrictions(self) -> bool:
        return super().can_publish()

    def can_unschedule(self) -> bool:
        return super().can_publish()


def check_signed_off(page: Any) -> None:
    """Called with every save of an issue: what goes live, by whatever way, has passed the chain.

    Raises:
        NotSignedOff: it would show what nobody signed.
    """
    if not page.live:
        return
    known = type(page).objects.filter(pk=page.pk).values_list("live", "live_revision_id").first()
    if known == (True, page.live_revision_id) and page.live_revision_id:
        return
    if not is_signed_off(page, page.live_revision):
        raise NotSignedOff
