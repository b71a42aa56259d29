"""Whether a result counts as applied, by the reports on its use that stand.

Each report knows on which result it was counted: once, so that what was said of the result since stands.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from marketplace.research.models import Application, ApplicationStatus, Result


def hold_results(results: Iterable[int | None]) -> list[Result]:
    """Locks results before any of their reports is written: everybody takes them in this order."""
    keys = {pk for pk in results if pk is not None}
    rows = Result.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows)


@transaction.atomic
def count_uses(results: Iterable[int | None]) -> None:
    """Brings results to what the reports on their use say, and has page and index follow.

    A result of which a use is reported counts as applied; what it counted as before is kept beside the
    report. With its last report taken out, or moved to another result, it is again what it was before
    the first. One that its source calls applied stays so.
    """
    named = {pk for pk in results if pk is not None}
    left = Application.objects.filter(result__in=named).exclude(counted_on=None)
    held = hold_results({*named, *left.values_list("counted_on", flat=True)})
    # What a report was counted on gives it free before another result takes it.
    for result in held:
        _uncount(result)
    for result in held:
        _count(result)


def _uncount(result: Result) -> None:
    counted = Application.objects.filter(counted_on=result)
    gone = counted.filter(~Q(result=result) | Q(withdrawn_at__isnull=False) | Q(result=None))
    if not gone.exists():
        return
    standing = Application.objects.standing().filter(result=result).exists()
    kept = counted.exclude(status_before="").order_by("pk").last()
    if not standing:
        if kept is not None and result.application_status == ApplicationStatus.APPLIED:
            _say(result, application_status=kept.status_before)
        counted.update(status_before="")
    elif kept is not None:
        # What it was before is kept beside one that stays.
        stays = counted.exclude(pk__in=gone.values("pk")).order_by("pk").first()
        if stays is not None and not stays.status_before:
            Application.objects.filter(pk=stays.pk).update(status_before=kept.status_before)
    gone.update(counted_on=None, status_before="")


def _count(result: Result) -> None:
    new = Application.objects.standing().filter(result=result).filter(counted_on=None)
    first = new.order_by("pk").first()
    status = result.application_status
    if first is not None and status != ApplicationStatus.APPLIED:
        Application.objects.filter(pk=first.pk).update(status_before=status)
        _say(result, application_status=ApplicationStatus.APPLIED)
    else:
        # The page tells of its uses, whatever it counts as.
        _say(result)
    new.update(counted_on=result)


def _say(result: Result, **values: Any) -> None:
    Result.objects.filter(pk=result.pk).update_content(**values)
    for name, value in values.items():
        setattr(result, name, value)
