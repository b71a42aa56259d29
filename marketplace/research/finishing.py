"""Tasks that are finished because a result of theirs is registered, whoever brought it in.

Information on a task under way, and the registration of its result, are two stages of one life (Circular
14/2014/TT-BKHCN, as amended by 11/2023): a task whose result has a certificate or lies in the archive
under a number is under way no more. What a task was before is kept beside it, for the day on which the
run that brought the result is undone, or its source takes it back.
"""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from marketplace.core import audit
from marketplace.research.models import Result, Task, TaskState

#: How the stage signs in the audit log.
STAGE: Final = "research.task_states"


def settle_task_states(tasks: Iterable[int] | None = None, limit: int = 500) -> int:
    """Brings the state of tasks (all, or these) to what their registered results say; returns how many
    changed. The stage of `research.task_states`: found by state, so it may be killed anywhere."""
    rows = Task.objects.all()
    if tasks is not None:
        rows = rows.filter(pk__in=list(tasks))
    registered = Result.objects.filter(task=OuterRef("pk"), withdrawn_at=None).exclude(
        certificate_number="", archive_number=""
    )
    finished = rows.filter(state__in=(TaskState.ONGOING, TaskState.STOPPED))
    resumed = rows.filter(state=TaskState.COMPLETED).exclude(state_before="")
    with transaction.atomic():
        changed = _finish(finished.filter(Exists(registered)), limit)
        changed += _resume(resumed.exclude(Exists(registered)), limit)
    return changed


def _finish(tasks: QuerySet[Task], limit: int) -> int:
    changed = 0
    for pk, public_id, state in tasks.order_by("pk").values_list("pk", "public_id", "state")[
        :limit
    ]:
        done = Task.objects.filter(pk=pk, state=state).update_content(
            state=TaskState.COMPLETED, state_before=state
        )
        changed += _said(done, public_id, before=state, after=TaskState.COMPLETED)
    return changed


def _resume(tasks: QuerySet[Task], limit: int) -> int:
    """Registration is never taken back by anybody; here it turns out not to have been."""
    changed = 0
    for pk, public_id, state in tasks.order_by("pk").values_list("pk", "public_id", "state_before")[
        :limit
    ]:
        done = Task.objects.filter(
            pk=pk, state=TaskState.COMPLETED, state_before=state
        ).update_content(state=state, state_before="")
        changed += _said(done, public_id, before=TaskState.COMPLETED, after=state)
    return changed


def _said(done: int, public_id: str, *, before: str, after: str) -> int:
    if done:
        audit.record(f"state.{after}", f"research.task:{public_id}", by=STAGE, before=before)
    return done
