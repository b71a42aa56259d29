"""What comes in against what staff corrected: nothing of theirs is overwritten without a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.research.models import Sourced
from marketplace.sources.models import Conflict, Correction, Master, RawRecord, Source
from marketplace.sources.services.values import plain, put

State = Conflict.State


@dataclass(frozen=True, slots=True)
class Held:
    """A conflict found at the row of this place in the batch."""

    place: int
    conflict: Conflict


def hold_corrections(
    pairs: Sequence[tuple[Sourced, Sourced]], *, source: Source, now: datetime
) -> list[Held]:
    """Puts the corrected values back into the rows about to be written (held row, new row).

    A field of which the mapping says that the source is master takes the source's value, and the
    correction ends; that too is noted as a conflict, decided by the mapping.
    """
    place_of = {held.pk: place for place, (held, _row) in enumerate(pairs)}
    if not pairs:
        return []
    model = type(pairs[0][0])
    standing = Correction.objects.standing().of(model, place_of).order_by("pk")
    # What no source brings is no source's to contradict.
    standing = standing.filter(field__in=model.IMPORTED_FIELDS)
    found: list[Held] = []
    for correction in standing:
        place = place_of[correction.record_id]
        _held, row = pairs[place]
        incoming = plain(row, correction.field)
        if incoming in (correction.value, correction.over_value):
            put(row, correction.field, correction.value)
            _close_open(correction, now)
            continue
        conflict = Conflict(correction=correction, value=incoming, found_at=now)
        if source.master_of(correction.field) == Master.SOURCE:
            _close_open(correction, now)
            conflict.state, conflict.decided_at = State.TAKEN, now
            Correction.objects.filter(pk=correction.pk).update(ended_at=now)
        else:
            put(row, correction.field, correction.value)
            if not _is_known(conflict):
                _close_open(correction, now)
            else:
                continue
        found.append(Held(place, conflict))
    return found


def note_conflicts(found: list[Held], raws: Sequence[RawRecord]) -> int:
    """Keeps them with the raw record each came of; returns how many."""
    for held in found:
        held.conflict.raw_record = raws[held.place]
    Conflict.objects.bulk_create(held.conflict for held in found)
    return len(found)


def _is_known(conflict: Conflict) -> bool:
    """The same value waits for its decision already."""
    waiting = Conflict.objects.filter(correction=conflict.correction, state=State.OPEN).first()
    return waiting is not None and waiting.value == conflict.value


def _close_open(correction: Correction, now: datetime) -> None:
    Conflict.objects.filter(correction=correction, state=State.OPEN).update(
        state=State.GONE, decided_at=now
    )
