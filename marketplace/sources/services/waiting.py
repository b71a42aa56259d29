"""Records that hold values nobody could translate, and what a person decided of them since."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from marketplace.core import audit, clock
from marketplace.sources.models import Correction, Run, Source, WaitingCode
from marketplace.sources.registers import REGISTERS, Register
from marketplace.sources.services.reading import Clean
from marketplace.sources.services.values import put
from marketplace.taxonomy.models import UnresolvedCode
from marketplace.taxonomy.translating import key_of

#: How the stage signs in the audit log.
STAGE: Final = "sources.codes"
_LIST_FIELDS: Final = frozenset({"field_codes", "industry_codes"})


def note_waiting(
    records: Iterable[Clean], *, register: Register, source: Source, run: Run, changed: bool
) -> None:
    """Keeps what waits of these records, in the place of what waited of their last versions."""
    cleaned = list(records)
    if changed and cleaned:
        WaitingCode.objects.filter(
            source=source,
            record_type=register.record_type,
            identifier__in=[clean.record.source_id for clean in cleaned],
        ).delete()
    WaitingCode.objects.bulk_create(
        (
            WaitingCode(
                source=source,
                record_type=register.record_type,
                identifier=clean.record.source_id,
                run=run,
                field=one.field,
                value=one.translation.value,
                vocabulary=one.translation.vocabulary,
                to=one.translation.to,
                key=key_of(one.translation),
            )
            for clean in cleaned
            for one in clean.waiting
        ),
        ignore_conflicts=True,
    )


def settle_codes(limit: int = 500) -> int:
    """Puts what was decided into the records that wait for it; the stage of `sources.codes`.

    One transaction a batch: killed, nothing of it remains and the next round does it.
    """
    answer = UnresolvedCode.objects.filter(
        vocabulary=OuterRef("vocabulary"), to=OuterRef("to"), key=OuterRef("key")
    ).exclude(state=UnresolvedCode.State.WAITING)
    with transaction.atomic():
        found = WaitingCode.objects.open().filter(Exists(answer)).select_related("source")
        waiting = list(found.select_for_update(of=("self",)).order_by("pk")[:limit])
        codes = _answers(waiting)
        now = clock.now()
        for source, record_type in sorted({(one.source_id, one.record_type) for one in waiting}):
            own = [w for w in waiting if (w.source_id, w.record_type) == (source, record_type)]
            _settle(own, REGISTERS[record_type], codes, now)
    return len(waiting)


def _answers(waiting: list[WaitingCode]) -> dict[tuple[str, str, str], str]:
    rows = UnresolvedCode.objects.filter(key__in={one.key for one in waiting})
    return {
        (vocabulary, to, key): code
        for vocabulary, to, key, code in rows.values_list(
            "vocabulary", "to", "key", "resolved_code"
        )
    }


def _settle(
    waiting: list[WaitingCode],
    register: Register,
    codes: dict[tuple[str, str, str], str],
    now: datetime,
) -> None:
    source = waiting[0].source
    rows = {
        row.source_id: row
        for row in register.rows(source.slug)
        .select_for_update(of=("self",))
        .filter(source_id__in={one.identifier for one in waiting})
        .order_by("pk")
    }
    standing = {
        (one.record_id, one.field): one
        for one in Correction.objects.standing().of(
            register.model, [row.pk for row in rows.values()]
        )
    }
    changed: dict[str, set[str]] = {}
    for one in waiting:
        one.code, one.settled_at = codes.get((one.vocabulary, one.to, one.key), ""), now
        row = rows.get(one.identifier)
        if row is None or not one.code:
            continue
        correction = standing.get((row.pk, one.field))
        if correction is not None:
            # Staff wrote the field themselves; what their value stands over is known better now.
            correction.over_value = _with(one.field, correction.over_value, one.code)
            correction.save(update_fields=["over_value"])
        elif (value := _with(one.field, getattr(row, one.field), one.code)) != getattr(
            row, one.field
        ):
            put(row, one.field, value)
            changed.setdefault(one.identifier, set()).add(one.field)
    for identifier, fields in changed.items():
        row = rows[identifier]
        row.save(update_fields=sorted(fields))
        kind = register.record_type
        audit.record(
            f"{kind}.codes_settled", f"{kind}:{row.public_id}", by=STAGE, fields=sorted(fields)
        )
    WaitingCode.objects.bulk_update(waiting, ["code", "settled_at"], batch_size=200)


def _with(field: str, value: Any, code: str) -> Any:
    if field in _LIST_FIELDS:
        held = list(value or [])
        return held if code in held else [*held, code]
    return value or code
