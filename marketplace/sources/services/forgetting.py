"""What is kept of runs of long ago: nothing that they undid, and of their faults those that matter still.

Whatever a value on a page is from stays, however old: an undone version goes only where no row needs it.
"""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.core import clock
from marketplace.sources.damaged import damaged_texts
from marketplace.sources.models import (
    DAMAGED_TEXT,
    Conflict,
    Fault,
    RawRecord,
    Run,
    UndoOutcome,
    WaitingCode,
)
from marketplace.sources.registers import REGISTERS, Register
from marketplace.sources.visibility import UNDONE

_BATCH: Final = 500


def forget_batch(limit: int = _BATCH) -> int:
    """Removes the next versions and faults that nobody needs any more; returns how many."""
    return _forget(undone_versions(), limit) or _forget(settled_faults(), limit)


def _forget(rows: QuerySet[Any], limit: int) -> int:
    """In the order of their keys, so that two at once cannot wait for each other."""
    with transaction.atomic():
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


def undone_versions() -> QuerySet[RawRecord]:
    """Versions undone so long ago that nobody will ask, of which no conflict and no row is left."""
    asked = Conflict.objects.filter(
        raw_record=OuterRef("pk"), state__in=(Conflict.State.OPEN, Conflict.State.TAKEN)
    )
    undone = RawRecord.objects.filter(
        undo_outcome=UndoOutcome.UNDONE,
        run__undone_at__lt=clock.now() - timedelta(days=settings.UNDONE_KEPT_DAYS),
    )
    needed = Q()
    for register in REGISTERS.values():
        needed |= Q(_is_needed(register), record_type=register.record_type, before=None)
    return undone.exclude(Exists(asked)).exclude(needed)


def _is_needed(register: Register) -> Exists:
    """The row that the version made is here, and no version that stands says what its values are."""
    rows: QuerySet[Any] = register.model._default_manager.filter(
        source=OuterRef("source__slug"), source_id=OuterRef("identifier")
    )
    standing = RawRecord.objects.filter(
        source__slug=OuterRef("source"),
        identifier=OuterRef("source_id"),
        record_type=register.record_type,
        undo_outcome="",
    )
    return Exists(rows.exclude(withdrawal_reason=UNDONE).exclude(Exists(standing)))


def settled_faults() -> QuerySet[Fault]:
    """Faults of runs of long ago that a later run has gone over; not those that wait for somebody.

    A source's last run keeps its faults: its people act on them. So do values that lost letters until a
    later version says them again, and fields whose code is being asked for.
    """
    later = Run.objects.filter(
        source=OuterRef("run__source"), finished_at__isnull=False, pk__gt=OuterRef("run")
    )
    waiting = WaitingCode.objects.open().filter(
        source__slug=OuterRef("run__source"), identifier=OuterRef("source_id")
    )
    old = Fault.objects.filter(
        Exists(later),
        run__started_at__lt=clock.now() - timedelta(days=settings.FAULTS_KEPT_DAYS),
    )
    damaged = Q(Exists(damaged_texts().filter(pk=OuterRef("pk"))), rule=DAMAGED_TEXT)
    return old.exclude(Exists(waiting)).exclude(damaged)
