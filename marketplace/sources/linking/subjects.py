"""The registers whose records are linked, and what linking has to know of each."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.db.models.fields import NOT_PROVIDED

from marketplace.accounts.models import FormerName
from marketplace.accounts.names import organization_key
from marketplace.reading.records import RecordFacts
from marketplace.research.models import Result, Task, field_trail
from marketplace.research.models.choices import PersonRole, PublicationState
from marketplace.sources.linking.facts import identifiers_of
from marketplace.sources.models.records import RecordType
from marketplace.sources.visibility import MERGED

#: Fields of both registers that a survivor may take from its duplicate where it has nothing.
_OF_BOTH: Final = (
    "title_en", "keywords", "field_codes", "objective_codes", "organization", "agency", "programme",
    "people", "level", "started_on", "ended_on", "funding", "funding_state", "funding_own",
    "funding_other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    kind: str
    model: type[Model]
    fillable: tuple[str, ...]

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.select_related("organization")
        return rows

    def is_public(self, row: Any) -> bool:
        """Only what everybody may read is compared and joined: a survivor takes values over."""
        held_back = getattr(row, "publication_state", PublicationState.PUBLISHED)
        return row.withdrawn_at is None and held_back == PublicationState.PUBLISHED

    def is_merged(self, row: Any) -> bool:
        """Whether another record stands for it, and nothing else keeps it off the pages."""
        held_back = getattr(row, "publication_state", PublicationState.PUBLISHED)
        return (
            row.withdrawn_at is not None
            and row.withdrawal_reason == MERGED
            and held_back == PublicationState.PUBLISHED
        )

    def facts(
        self, row: Any, *, filled: Iterable[str] = (), former_names: Iterable[str] = ()
    ) -> RecordFacts:
        """What the row says by itself: values it was filled with by a merge count as absent."""
        return _facts_of(self.kind, _Own(row, frozenset(filled)), tuple(former_names))


RESULTS: Final = Subject(
    RecordType.RESULT,
    Result,
    (
        *_OF_BOTH, "abstract", "year", "archive_number", "result_code", "certificate_number",
        "issued_on", "registering_body", "accepting_body", "acceptance_council", "accepted_on",
        "acceptance_decision", "decided_on", "products", "product_items", "publications",
        "library_references", "ip_rights", "trl", "application_status", "application_note",
    ),
)  # fmt: skip
TASKS: Final = Subject(
    RecordType.TASK,
    Task,
    (
        *_OF_BOTH, "code", "aims", "summary", "methods", "expected_products", "product_items",
        "expected_application", "months", "approval_number", "approved_on", "contract_number",
        "contracted_on",
    ),
)  # fmt: skip
SUBJECTS: Final = {subject.kind: subject for subject in (RESULTS, TASKS)}


class _Own:
    """A row without what a merge filled in."""

    def __init__(self, row: Any, filled: frozenset[str]) -> None:
        self.row, self.filled = row, filled

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.row, name, None)
        if name in self.filled:
            return [] if isinstance(value, list) else None
        return value


def _facts_of(kind: str, row: Any, former_names: tuple[str, ...]) -> RecordFacts:
    is_task = kind == RecordType.TASK
    names = ([row.organization.name] if row.organization else []) + list(former_names)
    return RecordFacts(
        title=row.title,
        title_en=row.title_en or "",
        language="" if is_task else row.language or "",
        abstract=(row.summary or row.aims or "") if is_task else row.abstract or "",
        keywords=tuple(row.keywords or ()),
        organizations=tuple(key for name in names if (key := organization_key(name))),
        agency=row.agency or "",
        people=tuple(
            (person.get("name") or "", person.get("role") == PersonRole.LEAD)
            for person in row.people or ()
        ),
        year=row.year or None,
        started_on=row.started_on or "",
        ended_on=row.ended_on or "",
        funding=row.funding,
        identifiers=identifiers_of(
            archive_number="" if is_task else row.archive_number or "",
            result_code="" if is_task else row.result_code or "",
            certificate_number="" if is_task else row.certificate_number or "",
            task_code=row.code or "" if is_task else "",
            agency=row.agency or "",
        ),
        source=row.source,
        source_id=row.source_id,
    )


def former_names_of(rows: Iterable[Any]) -> dict[int, list[str]]:
    """Organisation → the names it had."""
    found: dict[int, list[str]] = {}
    ids = {row.organization_id for row in rows if row.organization_id}
    for organization, name in FormerName.objects.filter(organization__in=ids).values_list(
        "organization", "name"
    ):
        found.setdefault(organization, []).append(name)
    return found


def digest_of(facts: RecordFacts) -> str:
    """Of all that is compared: the same digest, the same decision."""
    content = json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


# --- values ---------------------------------------------------------------------------------------


def is_empty(name: str, value: Any) -> bool:
    return value in (None, "", [], {}) or (name == "application_status" and value == "unknown")


def read_value(row: Any, name: str) -> Any:
    """As JSON keeps it; a foreign key by its number."""
    value = getattr(row, row._meta.get_field(name).attname)
    return value.isoformat() if isinstance(value, date) else value


def write_value(row: Any, name: str, value: Any) -> set[str]:
    """Sets a column from what `read_value` said; returns the columns to save."""
    field = row._meta.get_field(name)
    setattr(row, field.attname, field.to_python(value) if not field.is_relation else value)
    if name == "field_codes":
        row.field_trail = field_trail(value or [])
        return {name, "field_trail"}
    return {name}


def empty_value(row: Any, name: str) -> Any:
    """What the column holds where nothing is known."""
    if name == "application_status":
        return "unknown"
    field = row._meta.get_field(name)
    if field.default is NOT_PROVIDED:
        return None if field.null else ""
    return field.default() if callable(field.default) else field.default
