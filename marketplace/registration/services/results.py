"""From a dossier to the public register: what forms 5 and 8 say, in the register's own fields."""

from datetime import date
from typing import Any

from marketplace.registration import rules
from marketplace.registration.models import Dossier
from marketplace.research.models import Attachment, Result


def result_values(dossier: Dossier) -> dict[str, Any]:
    """The values of `research.services.register_result`."""
    form = dossier.form
    values: dict[str, Any] = {
        "title": form.get("title", ""),
        "title_en": form.get("title_en", ""),
        "abstract": form.get("abstract", ""),
        "keywords": [word.strip() for word in form.get("keywords", "").split(",") if word.strip()],
        "field_codes": form.get("field_codes", []),
        "objective_codes": [form["objective_code"]] if form.get("objective_code") else [],
        "organization": dossier.organization,
        "agency": form.get("agency", ""),
        "level": form.get("level", ""),
        "people": _people(form),
        "started_on": form.get("started_on", ""),
        "ended_on": form.get("ended_on", ""),
        "funding_state": form.get("budget_state"),
        "funding_other": form.get("budget_other"),
        "funding": _sum(form.get("budget_state"), form.get("budget_other")),
        "products": form.get("products", ""),
        "accepting_body": form.get("acceptance_body", ""),
        "accepted_on": _day(form.get("accepted_on")),
        "acceptance_decision": form.get("acceptance_decision", "")[:120],
        "trl": int(form["readiness"]) if form.get("readiness") else None,
        "application_note": form.get("application_plan", ""),
        "restricted_until": dossier.restricted_until,
        "extra": _extra(dossier),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _extra(dossier: Dossier) -> dict[str, Any]:
    """What was asked by fields that staff added to the register's form."""
    return {
        field.code: dossier.form[field.code]
        for field in rules.form_fields(rules.Kind.FORM_5, dossier.ruled_on)
        if field.step == rules.EXTRA_STEP and dossier.form.get(field.code) not in (None, "", [])
    }


def _people(form: dict[str, Any]) -> list[dict[str, Any]]:
    lead = {
        "name": form.get("leader", ""),
        "role": "lead",
        "degree": form.get("leader_degree", ""),
    }
    members = [person | {"role": "member"} for person in form.get("members", [])]
    return [
        {name: value for name, value in person.items() if value}
        for person in (lead, *members)
        if person.get("name")
    ]


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def attach_files(dossier: Dossier, result: Result) -> None:
    """The dossier's files become the result's documents, at the access level their item has by the
    rules; the stored file is the same, nothing is copied."""
    kept = {item.code: item for item in rules.items(dossier.ruled_on) if item.attachment}
    Attachment.objects.bulk_create(
        [
            Attachment(
                result=result,
                kind=kept[file.item].attachment,
                title=kept[file.item].label_vi,
                file=file.file.name,
                file_name=file.display_name,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                pages=file.pages,
                access=kept[file.item].access,
                position=place,
            )
            for place, file in enumerate(dossier.files.order_by("pk"))
            if file.item in kept
        ]
    )
