"""Forms and number patterns as shipped: brought in as data, staff's own changes are left alone."""

import json
import re
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.research.extras import forget_extra_fields
from marketplace.research.models import (
    FieldType,
    Form,
    FormField,
    FullTextRule,
    NumberPattern,
)
from marketplace.research.models.forms import Grounded
from marketplace.research.secrecy import SECRECY
from marketplace.taxonomy.models import Vocabulary

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


Row = TypeVar("Row", bound=Grounded)


@transaction.atomic
def save_rule(row: Row, *, by: Any) -> Row:
    """Writes a form, one of its fields, a pattern of numbers or the terms of full texts.

    Raises:
        ValidationError: a value does not fit.
    """
    is_new = row.pk is None
    row.full_clean()
    if isinstance(row, FormField):
        _check_field(row)
    elif isinstance(row, NumberPattern):
        _check_pattern(row)
    elif isinstance(row, FullTextRule):
        _check_days(row)
    row.save()
    kind = str(row._meta.model_name)
    code = getattr(row, "code", row.pk)
    audit.record(f"{kind}.created" if is_new else f"{kind}.changed", f"{kind}:{code}", by=by)
    transaction.on_commit(forget_extra_fields)
    return row


def _check_field(row: FormField) -> None:
    if row.code == SECRECY and row.is_public:
        raise ValidationError({"is_public": _("Mức độ bảo mật không in trên trang công khai.")})
    needs_table = row.type == FieldType.CODE and not row.column
    if needs_table and not Vocabulary.objects.loaded().named(row.vocabulary).exists():
        raise ValidationError({"vocabulary": _("Kiểu này cần một bảng mã đang có.")})


def _check_pattern(row: NumberPattern) -> None:
    try:
        found = re.compile(row.pattern)
    except re.error as error:
        raise ValidationError({"pattern": _("Biểu thức sai: %(why)s") % {"why": error}}) from error
    if row.example and not found.fullmatch(row.example):
        raise ValidationError({"example": _("Ví dụ này không khớp với mẫu.")})


def _check_days(row: FullTextRule) -> None:
    if not all(type(day) is int and 0 < day < 366 for day in row.warn_days):
        raise ValidationError({"warn_days": _("Ghi các số ngày, ví dụ [3, 1].")})
    if not row.answer_days or not row.copy_days:
        raise ValidationError(_("Thời hạn phải từ một ngày trở lên."))
