"""Where each value of a record is from: a version its source sent, or somebody's correction."""

from dataclasses import dataclass

from marketplace.research.models import Sourced
from marketplace.sources.models import Correction, RawRecord
from marketplace.sources.registers import register_of


@dataclass(frozen=True, slots=True)
class Origin:
    """`raw` gave the value, or would give it where `correction` stands over it.

    Both are empty for what came in before versions were kept.
    """

    raw: RawRecord | None = None
    correction: Correction | None = None


def origins(record: Sourced) -> dict[str, Origin]:
    """Field → its origin. Versions of undone runs count no more."""
    versions = (
        RawRecord.objects.of(
            record.source, record.source_id, record_type=register_of(record).record_type
        )
        .filter(undo_outcome="")
        .select_related("run")
        .defer("compressed")
    )
    giver: dict[str, RawRecord] = {}
    for raw in versions:
        names = record.IMPORTED_FIELDS if raw.before is None else raw.before
        for name in names:
            giver.setdefault(name, raw)
        if raw.before is None:
            break
    standing = Correction.objects.standing().of(type(record), [record.pk]).select_related("by")
    corrections = {one.field: one for one in standing}
    names = dict.fromkeys((*record.IMPORTED_FIELDS, *corrections))
    return {name: Origin(giver.get(name), corrections.get(name)) for name in names}
