"""What waits for staff: submissions by step and age."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Count, Min, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Task, TaskState, WorkflowState

from cms.goals import late_before
from cms.models import ReviewTask
from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS, Listing, curation_scope


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission at the step it waits for."""

    listing: Listing
    step: str
    since: datetime

    @property
    def days(self) -> int:
        return (clock.today() - self.since.astimezone(clock.VIETNAM).date()).days


@dataclass(frozen=True, slots=True)
class Heap:
    """How many submissions of a kind wait for a step, and since when the oldest does."""

    kind: str
    step_id: int
    step: str
    count: int
    oldest: datetime
    #: Have waited longer than was promised.
    late: int

    @property
    def days(self) -> int:
        return (clock.today() - self.oldest.astimezone(clock.VIETNAM).date()).days


def open_task_states(user: User) -> QuerySet[TaskState]:
    """Steps that wait, of the submissions that the person may see."""
    waiting = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
    )
    seen = Q(pk__in=[])
    for kind, content_type in _content_types().items():
        of_kind = Q(workflow_state__base_content_type=content_type)
        model = LISTING_MODELS[kind]
        if curation_scope(user, model).is_narrowed:
            keys = model.objects.curated_by(user).annotate(key=Cast("pk", CharField()))
            of_kind &= Q(workflow_state__object_id__in=keys.values("key"))
        seen |= of_kind
    return waiting.filter(seen)


def heaps(user: User) -> list[Heap]:
    kinds = {content_type.pk: kind for kind, content_type in _content_types().items()}
    rows = (
        open_task_states(user)
        .values("workflow_state__base_content_type", "task", "task__name")
        .annotate(
            count=Count("pk"),
            oldest=Min("started_at"),
            late=Count("pk", filter=Q(started_at__lt=late_before())),
        )
        .order_by("oldest")
    )
    return [
        Heap(
            kinds[row["workflow_state__base_content_type"]],
            row["task"],
            row["task__name"],
            row["count"],
            row["oldest"],
            row["late"],
        )
        for row in rows
    ]


def oldest_for(user: User, limit: int = 10) -> list[Waiting]:
    """The submissions that wait longest for this person's groups."""
    states = open_task_states(user).filter(task__in=steps_of(user))
    return waiting(
        list(states.select_related("workflow_state", "task").order_by("started_at", "pk")[:limit])
    )


def waiting(states: list[TaskState]) -> list[Waiting]:
    kinds = {content_type.pk: kind for kind, content_type in _content_types().items()}
    wanted: dict[str, set[int]] = {}
    for state in states:
        kind = kinds[state.workflow_state.base_content_type_id]
        wanted.setdefault(kind, set()).add(int(state.workflow_state.object_id))
    found = {
        (kind, listing.pk): listing
        for kind, pks in wanted.items()
        for listing in LISTING_MODELS[kind]
        .objects.filter(pk__in=pks)
        .select_related("organization")
    }
    rows = []
    for state in states:
        kind = kinds[state.workflow_state.base_content_type_id]
        listing = found.get((kind, int(state.workflow_state.object_id)))
        if listing is not None:
            rows.append(Waiting(listing, state.task.name, state.started_at))
    return rows


def steps_of(user: User) -> QuerySet[Task]:
    """The steps a person may take; an administrator takes any."""
    tasks = ReviewTask.objects.filter(active=True)
    if not user.is_superuser:
        tasks = tasks.filter(groups__in=user.groups.all())
    return Task.objects.filter(pk__in=tasks.values("pk"))


def listings_in(
    model: type[Listing], *, statuses: list[str], step: Any = None
) -> QuerySet[WorkflowState]:
    """Keys of the listings whose workflow is in one of these states, for a filter.

    The workflow keeps keys as text, so they are cast: PostgreSQL compares no text with numbers.
    """
    states = WorkflowState.objects.filter(
        base_content_type=_content_types()[model.KIND], status__in=statuses
    )
    if step is not None:
        states = states.filter(
            current_task_state__task=step,
            current_task_state__status=TaskState.STATUS_IN_PROGRESS,
        )
    return states.annotate(key=Cast("object_id", BigIntegerField())).values("key")


def _content_types() -> dict[str, ContentType]:
    models = ContentType.objects.get_for_models(*LISTING_MODELS.values(), for_concrete_models=False)
    return {model.KIND: content_type for model, content_type in models.items()}
