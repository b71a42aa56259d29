"""Rows of a step: required or offered figures, and IP rights. A row left empty is no row."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import CodeField, TextField, Unreadable, parse_number, show_number
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


class RowForm(forms.Form):
    use_required_attribute = False
    #: Fields that say by themselves that the row is used.
    telling: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.required = False
            field.asked = True

    @property
    def is_blank(self) -> bool:
        values = self.data if self.is_bound else {}
        return not any(str(values.get(self.add_prefix(name), "")).strip() for name in self.telling)


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

    def row(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("number", "kind", "status")}

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        return {"number": row.number, "kind": row.kind, "status": row.status}


class BaseRows(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        # A box rather than a button: it works without script, and a slip is undone before saving.
        box: Any = form.fields[DELETION_FIELD_NAME]
        box.label, box.asked = _("Bỏ dòng này"), True

    def _is_row(self, form: Any) -> bool:
        return not (form.is_blank or form.cleaned_data.get(DELETION_FIELD_NAME))

    def rows(self) -> list[dict[str, Any]]:
        """The rows that can be read, in order; the rest are in `unread`."""
        self.is_valid()
        return [form.row() for form in self.forms if self._is_row(form) and not form.errors]

    def unread(self) -> list[dict[str, str]]:
        """All rows as typed when one of them cannot be read, so that their order stays."""
        if self.is_valid():
            return []
        return [
            {name: str(self.data.get(form.add_prefix(name), "")) for name in form.base_fields}
            for form in self.forms
            if self._is_row(form)
        ]


SpecificationRows = forms.formset_factory(
    SpecificationForm,
    formset=BaseRows,
    extra=0,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS + 20,
)
IpRightRows = forms.formset_factory(
    IpRightForm,
    formset=BaseRows,
    extra=0,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS + 20,
)
ROW_SETS: dict[str, Any] = {
    "specifications": SpecificationRows,
    "ip_rights": IpRightRows,
}


def posted_rows(prefix: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Rows as a browser would post them."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": str(value or "") for name, value in row.items()}
    return data
