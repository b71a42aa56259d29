"""What the services share: the dossier under its lock, its moves and its history."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marketplace.core import clock
from marketplace.core.transitions import transition
from marketplace.registration.models import Dossier, DossierEntry
from marketplace.registration.states import DOSSIER_TRANSITIONS


def locked(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)


def move(
    dossier: Dossier,
    to: str,
    *,
    by: Any,
    action: str,
    by_desk: bool = False,
    reasons: Iterable[Mapping[str, str]] = (),
    note: str = "",
    due_on: date | None = None,
    **changes: Any,
) -> None:
    """Takes the dossier to a state with a line of its history; raises InvalidTransition if somebody
    was first. Columns that the new state demands are written before it, in the same transaction."""
    Dossier.objects.filter(pk=dossier.pk).update(due_on=due_on, reminded="", **changes)
    transition(dossier, to, table=DOSSIER_TRANSITIONS, by=by, reason=action)
    dossier.refresh_from_db()
    record(dossier, action, by=by, by_desk=by_desk, reasons=reasons, note=note, due_on=due_on)


def record(
    dossier: Dossier,
    action: str,
    *,
    by: Any,
    by_desk: bool = False,
    reasons: Iterable[Mapping[str, str]] = (),
    note: str = "",
    due_on: date | None = None,
) -> DossierEntry:
    return DossierEntry.objects.create(
        dossier=dossier,
        at=clock.now(),
        by=by if getattr(by, "pk", None) else None,
        by_desk=by_desk,
        action=action,
        state=dossier.state,
        reasons=[dict(reason) for reason in reasons],
        note=note,
        due_on=due_on,
    )
