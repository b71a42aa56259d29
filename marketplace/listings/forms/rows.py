"""Rows of a step: required or offered figures, IP rights, accreditations. A row left empty is no row."""

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import (
    CodeField,
    DateField,
    TextField,
    Unreadable,
    parse_number,
    show_number,
)
from marketplace.core.step_forms import BaseRows, RowForm
from marketplace.listings.models import Specification
from marketplace.taxonomy.choices import choices

MOST_ROWS = 30
_DASHES = ("–", "—", "…", " - ", "đến", "tới", "~")
_WHOLE_DIGITS, _DECIMALS = 12, 6
Operator = Specification.Operator
#: The model's words in the room a row has.
OPERATORS = (
    (Operator.AT_LEAST, _("ít nhất")),
    (Operator.AT_MOST, _("không quá")),
    (Operator.EQUAL, _("bằng")),
    (Operator.BETWEEN, _("khoảng")),
    (Operator.TEXT, _("mô tả")),
)


class SpecificationForm(RowForm):
    telling = ("name", "value", "unit")

    name = TextField(label=_("Chỉ tiêu"), max_length=120)
    operator = forms.ChoiceField(label=_("So sánh"), choices=OPERATORS, initial=Operator.AT_LEAST)
    value = TextField(label=_("Giá trị"), max_length=300)
    unit = TextField(label=_("Đơn vị"), max_length=40)

    def clean(self) -> dict[str, Any]:
        if self.is_blank or self.errors:
            return self.cleaned_data
        data = self.cleaned_data
        if not data.get("name"):
            self.add_error("name", ValidationError(_("Ghi tên chỉ tiêu, ví dụ: Năng suất.")))
        if not data.get("value"):
            self.add_error("value", ValidationError(_("Ghi giá trị, hoặc bỏ trống cả dòng.")))
            return data
        operator = data.get("operator") or Operator.AT_LEAST
        if operator == Operator.TEXT:
            return data
        try:
            self.bounds = _read_bounds(operator, data["value"])
        except Unreadable:
            example = _("45–50") if operator == Operator.BETWEEN else _("92 hoặc 1.200")
            self.add_error(
                "value",
                ValidationError(
                    _("Chưa đọc được số này. Viết như %(example)s, hoặc chọn “mô tả”.")
                    % {"example": example}
                ),
            )
        return data

    def row(self) -> dict[str, Any]:
        data = self.cleaned_data
        operator = data["operator"] or Operator.AT_LEAST
        if operator == Operator.TEXT:
            low = high = None
        else:
            low, high = self.bounds
        return {
            "name": data["name"],
            "operator": operator,
            "low": low,
            "high": high,
            "unit": data["unit"],
            "text": data["value"] if operator == Operator.TEXT else "",
        }

    @staticmethod
    def initial_of(row: Specification) -> dict[str, Any]:
        return {
            "name": row.name, "operator": row.operator, "value": value_as_typed(row), "unit": row.unit
        }  # fmt: skip


def value_as_typed(row: Specification) -> str:
    if row.operator == Operator.TEXT:
        return row.text
    numbers = [show_number(n) for n in (row.low, row.high) if n is not None]
    return "–".join(dict.fromkeys(numbers))


def _read_bounds(operator: str, written: str) -> tuple[Decimal | None, Decimal | None]:
    if operator == Operator.BETWEEN:
        for dash in _DASHES:
            written = written.replace(dash, "\0")
        parts = written.split("\0" if "\0" in written else "-")
        if len(parts) != 2:
            raise Unreadable(written)
        low, high = sorted(_stored(parse_number(part)) for part in parts)
        return low, high
    number = _stored(parse_number(written.strip().lstrip("≥≤<>=~ ")))
    return (None, number) if operator == Operator.AT_MOST else (number, None)


def _stored(number: Decimal) -> Decimal:
    """Within what the column keeps; more decimals would be rounded without a word."""
    if abs(number) >= 10**_WHOLE_DIGITS or number != round(number, _DECIMALS):
        raise Unreadable(number)
    return number


class IpRightForm(RowForm):
    telling = ("number",)

    number = TextField(label=_("Số bằng hoặc số đơn"), max_length=60)
    kind = CodeField(label=_("Loại"), choices=partial(choices, "ip-kinds"))
    status = CodeField(label=_("Tình trạng"), choices=partial(choices, "ip-statuses"))
    lapses_on = DateField(label=_("Hết hiệu lực ngày"))

    def row(self) -> dict[str, Any]:
        names = ("number", "kind", "status", "lapses_on")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        return {
            "number": row.number, "kind": row.kind, "status": row.status, "lapses_on": row.lapses_on
        }  # fmt: skip


class AccreditationForm(RowForm):
    telling = ("name", "number", "issuer")

    name = TextField(label=_("Công nhận, chứng nhận"), max_length=160)
    number = TextField(label=_("Số"), max_length=60)
    issuer = TextField(label=_("Nơi cấp"), max_length=160)
    valid_until = DateField(label=_("Hiệu lực đến"))

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self.errors and not self.cleaned_data.get("name"):
            self.add_error("name", ValidationError(_("Ghi tên, ví dụ: ISO/IEC 17025, VILAS.")))
        return self.cleaned_data

    def row(self) -> dict[str, Any]:
        names = ("name", "number", "issuer", "valid_until")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        return {
            "name": row.name, "number": row.number, "issuer": row.issuer, "valid_until": row.valid_until
        }  # fmt: skip


def _row_set(form: type[RowForm]) -> Any:
    return forms.formset_factory(
        form,
        formset=BaseRows,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 20,
    )


SpecificationRows = _row_set(SpecificationForm)
ROW_SETS: dict[str, Any] = {
    "specifications": SpecificationRows,
    "ip_rights": _row_set(IpRightForm),
    "accreditations": _row_set(AccreditationForm),
}
