"""Reminders of a dossier's own clock: soon due, overdue. Found by state, told once a step."""

from datetime import timedelta

from django.db import transaction

from marketplace.core import clock
from marketplace.registration import rules
from marketplace.registration.models import Dossier
from marketplace.registration.notices import (
    DESK_DUE_SOON,
    DESK_OVERDUE,
    DUE_SOON,
    OVERDUE,
    tell_desk,
    tell_organization,
)
from marketplace.registration.states import DESK_STATES, EDITABLE_STATES
from marketplace.taxonomy.clocks import OVERDUE_STEP, step_reached


def remind_batch(limit: int = 100) -> int:
    """Tells whoever a dossier waits for, once a step; the stage of the tick `registration.remind`.

    The step that was told stands on the row and changes in the same transaction as the notices:
    ended anywhere, a step is told again or not at all, and never twice.
    """
    today = clock.today()
    done = 0
    for states, rule, by_desk in (
        (EDITABLE_STATES, "register", False),
        (DESK_STATES, "certificate", True),
    ):
        warn_days = rules.deadline(rule, today).warn_days
        latest = today + timedelta(days=max(warn_days, default=0))
        rows = Dossier.objects.filter(state__in=states, due_on__lte=latest).order_by("pk")
        for dossier in rows.defer("form", "unread", "sessions"):
            step = step_reached(dossier.due_on, today, warn_days) if dossier.due_on else ""
            if step and dossier.reminded != f"{step}:{dossier.due_on}":
                done += _remind(dossier, step, by_desk=by_desk)
            if done >= limit:
                return done
    return done


@transaction.atomic
def _remind(dossier: Dossier, step: str, *, by_desk: bool) -> int:
    taken = Dossier.objects.filter(
        pk=dossier.pk, state=dossier.state, due_on=dossier.due_on, reminded=dossier.reminded
    ).update(reminded=f"{step}:{dossier.due_on}")
    if taken and by_desk:
        tell_desk(dossier, DESK_OVERDUE if step == OVERDUE_STEP else DESK_DUE_SOON, step=step)
    elif taken:
        tell_organization(dossier, OVERDUE if step == OVERDUE_STEP else DUE_SOON, step=step)
    return taken
