"""The registers that records come into, and what the one entrance has to know of each."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from marketplace.research.models import Application, Result, Sourced, Task
from marketplace.sources.models.records import RecordType


@dataclass(frozen=True, slots=True)
class Register:
    record_type: str
    model: type[Sourced]
    #: What staff may correct; the rest is derived, or says where the record is from.
    correctable: tuple[str, ...]
    #: Whether an organisation that a record names is one from then on; else it is only recognised.
    makes_organizations: bool = True

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
APPLICATIONS: Final = Register(
    RecordType.APPLICATION,
    Application,
    (
        "result_number", "year_number", "organization_name", "organization", "place",
        "province_code", "scale", "form_of_use", "economic_effect", "income", "note", "reported_on",
    ),
    makes_organizations=False,
)  # fmt: skip
REGISTERS: Final = {one.record_type: one for one in (RESULTS, TASKS, APPLICATIONS)}
_OF: Final = {one.model: one for one in REGISTERS.values()}


def register_of(row: Sourced) -> Register:
    return _OF[type(row)]
