"""A record of any register made clean by the rules of its register."""

from collections.abc import Callable, Mapping
from typing import Any

from marketplace.sources.imports.applications import ApplicationRecord, clean_application
from marketplace.sources.imports.arriving import no_register
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import ALIASES_OF, APPLICATION, TASK
from marketplace.sources.imports.records import Cleaned, Record, clean_record
from marketplace.sources.imports.refusals import Refused
from marketplace.sources.imports.tasks import TaskRecord, clean_task

AnyRecord = Record | TaskRecord | ApplicationRecord


def clean(
    kind: str,
    raw: Mapping[str, Any],
    *,
    codes: Codes,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
    organization_names: Mapping[str, str] | None = None,
    programmes: Callable[[], Mapping[str, int]] = dict,
) -> Cleaned[Any]:
    """Raises Refused, also where there is no register for the kind.

    The arguments are those of `clean_record` and `clean_task`; `programmes` is asked for where the
    record is a task.
    """
    if kind not in ALIASES_OF:
        raise Refused(no_register(kind), rule="record.kind")
    if kind == APPLICATION:
        return clean_application(raw, columns_named=columns_named, source_id=source_id, codes=codes)
    if kind == TASK:
        return clean_task(
            raw,
            organization_names=organization_names,
            columns_named=columns_named,
            source_id=source_id,
            codes=codes,
            programmes=programmes(),
        )
    return clean_record(
        raw,
        organization_names=organization_names,
        columns_named=columns_named,
        source_id=source_id,
        codes=codes,
    )
