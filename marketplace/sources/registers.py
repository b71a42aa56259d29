"""The registers that records come into, and what the one entrance has to know of each."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from marketplace.research.models import Record, Result, Task
from marketplace.sources.models.records import RecordType


@dataclass(frozen=True, slots=True)
class Register:
    record_type: str
    model: type[Record]
    #: What staff may correct; the rest is derived, or says where the record is from.
    correctable: tuple[str, ...]

    @property
    def imported(self) -> tuple[str, ...]:
        return self.model.IMPORTED_FIELDS

    def rows(self, source: str) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(source=source)
        return rows


RESULTS: Final = Register(
    RecordType.RESULT,
    Result,
    (
        "title", "title_en", "abstract", "keywords", "language", "field_codes", "organization",
        "agency", "level", "year", "started_on", "ended_on", "funding", "archive_number",
        "result_code", "certificate_number", "task_number", "products", "trl",
        "application_status", "application_note", "province_code", "industry_codes", "source_url",
        "people",
        # What no source brings; registered here, or entered by staff.
        "accepting_body", "acceptance_council", "accepted_on", "acceptance_decision", "decided_on",
        "objective_codes", "funding_state", "funding_own", "funding_other",
    ),
)  # fmt: skip
TASKS: Final = Register(
    RecordType.TASK,
    Task,
    (
        "title", "title_en", "code", "keywords", "field_codes", "objective_codes", "organization",
        "agency", "programme", "people", "level", "started_on", "ended_on", "months", "funding",
        "funding_state", "funding_own", "funding_other", "aims", "summary", "methods",
        "expected_products", "expected_application", "approval_number", "approved_on",
        "contract_number", "contracted_on", "province_code", "industry_codes", "source_url",
        "kind", "accepted_on",
    ),
)  # fmt: skip
REGISTERS: Final = {one.record_type: one for one in (RESULTS, TASKS)}


def register_of(row: Record) -> Register:
    return TASKS if isinstance(row, Task) else RESULTS
