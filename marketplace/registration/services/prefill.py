"""What the register already knows of a task, in the fields of the form."""

from datetime import date
from typing import Any

from marketplace.accounts.models import Organization, User
from marketplace.research.models import Task


def prefilled(task: Task, *, organization: Organization, contact: User) -> dict[str, Any]:
    """Values by field code; what the task does not say is left out, never guessed."""
    lead: dict[str, Any] = next(
        (person for person in task.people if person.get("role") == "lead"), {}
    )
    values: dict[str, Any] = {
        "title": task.title,
        "title_en": task.title_en,
        "task_code": task.code,
        "level": task.level,
        "task_kind": task.kind,
        "agency": task.agency,
        "leader": lead.get("name", ""),
        "leader_degree": lead.get("degree", ""),
        "members": [
            {name: person.get(name, "") for name in ("name", "degree", "organization", "work")}
            for person in task.people
            if person.get("role") != "lead"
        ],
        "started_on": _day(task.started_on),
        "ended_on": _day(task.ended_on),
        "accepted_on": task.accepted_on.isoformat() if task.accepted_on else "",
        "budget_state": task.funding_state or task.funding,
        "budget_other": (task.funding_own or 0) + (task.funding_other or 0) or None,
        "approval": _reference(task.approval_number, task.approved_on),
        "contract": _reference(task.contract_number, task.contracted_on),
        "field_codes": list(task.field_codes),
        "objective_code": (task.objective_codes or [""])[0],
        "keywords": ", ".join(task.keywords),
        "products": task.expected_products,
        "application_plan": task.expected_application,
        "contact_name": contact.full_name,
        "contact_phone": contact.phone,
        "technology_owner": organization.name,
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _day(written: str) -> str:
    """The register keeps days as they were written; the form asks for whole ones."""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def _reference(number: str, day: date | None) -> str:
    return " ngày ".join(part for part in (number, f"{day:%d/%m/%Y}" if day else "") if part)
