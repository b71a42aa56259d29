"""Results and the tasks they came of, tied by the task's number, whichever of the two comes first."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from marketplace.research.models import Result, Task
from marketplace.sources.visibility import MERGED

_BATCH: Final = 500


def spellings(number: str) -> set[str]:
    """The usual writings of one number."""
    bare = number.replace(" ", "")
    return {number, number.upper(), bare, bare.upper()} - {""}


def tie_by_numbers(numbers: Iterable[str]) -> int:
    """Ties results that name one of these numbers and have no task; returns how many.

    A number that two tasks have is tied to the one of the result's own source, else to none: linking
    tells whether the two are one. Runs inside the caller's transaction.
    """
    wanted = {spelling for number in numbers for spelling in spellings(number)}
    if not wanted:
        return 0
    tasks: dict[str, list[Task]] = {}
    known = Task.objects.filter(code__in=wanted).exclude(withdrawal_reason=MERGED)
    for task in known.only("pk", "code", "source").order_by("pk"):
        for spelling in spellings(task.code):
            tasks.setdefault(spelling, []).append(task)
    if not tasks:
        return 0
    tied = 0
    results = Result.objects.filter(task=None, task_number__in=wanted).order_by("pk")
    for result in results.select_for_update(of=("self",)).only("pk", "source", "task_number"):
        found = {
            task.pk: task
            for spelling in spellings(result.task_number)
            for task in tasks.get(spelling, ())
        }
        own = [task for task in found.values() if task.source == result.source]
        chosen = own if own else list(found.values())
        if len(chosen) == 1:
            tied += Result.objects.filter(pk=result.pk, task=None).update_content(task=chosen[0])
    return tied


def untie_renumbered(results: Iterable[tuple[Result, Result]]) -> None:
    """Of results whose record names another task now (held row, new row) the old tie is loosened."""
    for held, row in results:
        if held.task_id and held.task_number and held.task_number != row.task_number:
            # Only what the number tied: a task that staff or a merge gave it stays.
            Result.objects.filter(
                pk=held.pk, task__code__in=spellings(held.task_number)
            ).update_content(task=None)


def tie_batch() -> int:
    """What two imports that ran at once could not see of each other; the stage of `sources.ties`."""
    untied = Result.objects.filter(
        ~Q(task_number=""),
        Exists(Task.objects.filter(code=OuterRef("task_number")).exclude(withdrawal_reason=MERGED)),
        task=None,
    )
    with transaction.atomic():
        numbers = set(untied.order_by("pk").values_list("task_number", flat=True)[:_BATCH])
        return tie_by_numbers(numbers)
