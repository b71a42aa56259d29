"""Where each value of a result is from: a version its source sent, or somebody's correction."""

from dataclasses import dataclass

from marketplace.research.models import Result
from marketplace.sources.models import Correction, RawRecord


@dataclass(frozen=True, slots=True)
class Origin:
    """`raw` gave the value, or would give it where `correction` stands over it.

    Both are empty for what came in before versions were kept.
    """

    raw: RawRecord | None = None
    correction: Correction | None = None


def origins(result: Result) -> dict[str, Origin]:
    """Field → its origin. Versions of undone runs count no more."""
    versions = (
        RawRecord.objects.of(result.source, result.source_id)
        .filter(undo_outcome="")
        .select_related("run")
        .defer("compressed")
    )
    giver: dict[str, RawRecord] = {}
    for raw in versions:
        names = Result.IMPORTED_FIELDS if raw.before is None else raw.before
        for name in names:
            giver.setdefault(name, raw)
        if raw.before is None:
            break
    standing = Correction.objects.filter(result=result, ended_at=None).select_related("by")
    corrections = {one.field: one for one in standing}
    return {name: Origin(giver.get(name), corrections.get(name)) for name in Result.IMPORTED_FIELDS}
