"""Fields that staff added to a register's form: no column holds them, their values lie in `extra`."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.templatetags.design import date_vi, money, vi_number
from marketplace.research.models import FieldType, FormField
from marketplace.research.secrecy import SECRECY
from marketplace.taxonomy.labels import label

FRESH_SECONDS: Final = 60
#: What a form can ask for in one field; tables and files have their own places.
ASKABLE: Final = frozenset(FieldType.values) - {FieldType.TABLE, FieldType.FILE}


@dataclass(frozen=True, slots=True)
class ExtraField:
    code: str
    type: str
    label_vi: str
    label_en: str
    vocabulary: str
    is_required: bool
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


_known: dict[str, tuple[float, tuple[ExtraField, ...]]] = {}


def forget_extra_fields() -> None:
    _known.clear()


def extra_fields(register: str, on: date | None = None) -> tuple[ExtraField, ...]:
    """The fields without a column that can be asked for on a day, in their order."""
    fresh_until, fields = _known.get(register, (0.0, ()))
    if time.monotonic() >= fresh_until:
        rows = (
            FormField.objects.filter(form__register=register, column="", type__in=ASKABLE)
            .exclude(code=SECRECY)
            .order_by("form__position", "position", "pk")
        )
        fields = tuple({row.code: _field(row) for row in rows}.values())
        _known[register] = (time.monotonic() + FRESH_SECONDS, fields)
    day = on or clock.today()
    return tuple(field for field in fields if field.is_valid_on(day))


def _field(row: FormField) -> ExtraField:
    # Of a choice nobody gave a list for, the words themselves are asked.
    needs_list = row.type in (FieldType.CODE, FieldType.CHOICE)
    return ExtraField(
        code=row.code,
        type=str(FieldType.TEXT) if needs_list and not row.vocabulary else row.type,
        label_vi=row.label_vi,
        label_en=row.label_en,
        vocabulary=row.vocabulary if needs_list else "",
        is_required=row.is_required,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def shown_extra(field: FormField, value: Any) -> Any:
    """A kept value as people read it; what does not fit its type stands as it was given."""
    try:
        match field.type:
            case FieldType.MONEY:
                return money(int(value))
            case FieldType.NUMBER:
                return vi_number(value)
            case FieldType.DATE:
                return date_vi(date.fromisoformat(value))
            case FieldType.FLAG:
                return _("Có") if value else _("Không")
            case FieldType.CODE | FieldType.CHOICE if field.vocabulary:
                return label(field.vocabulary, str(value))
    except (TypeError, ValueError):
        return value
    return value
