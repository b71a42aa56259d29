"""What the forms of all guided steps share: a draft may be empty, and what cannot be read yet is kept."""

from typing import Any, ClassVar

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class StepForm(forms.Form):
    """One step of a guided form. No field is required: completeness is asked at submission.

    A field named in `asked` is needed for submission and is therefore not marked "optional".
    """

    use_required_attribute = False
    asked: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name, field in fields.items():
            field.required = False
            field.asked = name in self.asked
            limit = getattr(field, "max_length", None)
            if limit and isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("data-count", "")

    def changes(self) -> dict[str, Any]:
        """The values that can be saved: what is wrong elsewhere in the step holds up none of them."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if name not in self.errors}

    def unread(self) -> dict[str, list[str]]:
        """What was typed into fields that cannot be read, as it was posted."""
        self.is_valid()
        posted = self.data
        return {
            self.add_prefix(name): [str(text) for text in _listed(posted, self.add_prefix(name))]
            for name in self.errors
            if name in self.fields
        }

    @classmethod
    def as_posted(cls, initial: dict[str, Any], unread: dict[str, list[str]]) -> MultiValueDict:
        """Stored values as a browser would post them, with what could not be read laid over them.

        Bound to this, a form opened again shows the same text and the same errors as before.
        """
        blank = cls(initial=initial)
        data: MultiValueDict = MultiValueDict()
        for name, field in blank.fields.items():
            _post(data, name, field, field.prepare_value(initial.get(name, field.initial)))
        for name, texts in unread.items():
            data.setlist(name, texts)
        return data


def _listed(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    return [data[name]] if name in data else []


def _post(data: MultiValueDict, name: str, field: forms.Field, value: Any) -> None:
    widget = field.widget
    if isinstance(widget, forms.MultiWidget):
        for number, part in enumerate(widget.decompress(value) or []):
            data[f"{name}_{number}"] = part
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
    elif isinstance(widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
        data.setlist(name, [str(item) for item in value or []])
    elif not isinstance(widget, forms.FileInput):
        shown = widget.format_value(value)
        if isinstance(shown, list):
            shown = shown[0] if shown else ""
        data[name] = "" if shown is None else str(shown)


class RowForm(forms.Form):
    """One row of a step. A row left empty is no row."""

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


def posted_rows(prefix: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Rows as a browser would post them."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": str(value or "") for name, value in row.items()}
    return data
