"""Forms and number patterns as shipped: brought in as data, staff's own changes are left alone."""

import json
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from marketplace.research.models import Form, FormField, NumberPattern

_DATA: Final = Path(__file__).parent / "data" / "forms.json"


@transaction.atomic
def load_forms() -> int:
    """Adds what is missing of the shipped forms, fields and patterns; returns how many rows.

    What is there stays as it is: another edition is another row, and staff may have corrected one.
    """
    shipped: dict[str, list[dict[str, Any]]] = json.loads(_DATA.read_text(encoding="utf-8"))
    added = 0
    for position, row in enumerate(shipped["forms"]):
        fields = row.pop("fields")
        form, made = Form.objects.get_or_create(
            code=row["code"], defaults={**row, "position": position}
        )
        known = set(form.fields.values_list("code", flat=True))
        new = [
            FormField(
                form=form,
                position=at,
                status=form.status,
                legal_basis=form.legal_basis,
                **field,
            )
            for at, field in enumerate(fields)
            if field["code"] not in known
        ]
        FormField.objects.bulk_create(new)
        added += made + len(new)
    for row in shipped["patterns"]:
        _pattern, made = NumberPattern.objects.get_or_create(code=row["code"], defaults=row)
        added += made
    return added
