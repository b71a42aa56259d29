"""Forms made from the rules: fields, labels and limits are data."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.fields import (
    CodeField,
    CodeListField,
    CodesField,
    DateField,
    FilesField,
    MoneyField,
    NumberField,
    TextField,
)
from marketplace.core.step_forms import BaseRows, RowForm, StepForm
from marketplace.registration import rules
from marketplace.registration.rules import Field
from marketplace.taxonomy.choices import choices, grouped_choices

#: Tables too long for boxes.
LONG_SCHEMES = frozenset({"st-fields", "industries"})
YES, NO = "co", "khong"
MOST_PEOPLE = 60


def step_form(fields: tuple[Field, ...]) -> type[StepForm]:
    """The form of one step; rows of people are apart (`PeopleRows`)."""
    made = {field.code: form_field(field) for field in fields if field.kind != "people"}
    asked = frozenset(field.code for field in fields if field.required != "optional")
    return type("DossierStepForm", (StepForm,), {**made, "asked": asked})


def form_field(field: Field) -> forms.Field:
    """How one field is asked for; rows of people have a form of their own."""
    texts: dict[str, Any] = {"label": field.label, "help_text": field.hint}
    match field.kind:
        case "text":
            return TextField(max_length=field.limit, widget=forms.TextInput(), **texts)
        case "sentence":
            attrs = {"rows": 2, "class": "sentence"}
            return TextField(max_length=field.limit, widget=forms.Textarea(attrs=attrs), **texts)
        case "long":
            widget = forms.Textarea(attrs={"rows": field.rows})
            return TextField(max_length=field.limit, widget=widget, **texts)
        case "date":
            return DateField(**texts)
        case "money":
            return MoneyField(**texts)
        case "number":
            return NumberField(**texts)
        case "choice":
            return CodeField(choices=partial(choices, field.scheme), **texts)
        case "codes" if field.scheme in LONG_SCHEMES:
            source = partial(grouped_choices, field.scheme)
            return CodeListField(choices=source, count=field.count, **texts)
        case "codes":
            return CodesField(choices=partial(choices, field.scheme), **texts)
    return forms.TypedChoiceField(
        choices=[(YES, pgettext_lazy("trả lời", "Có")), (NO, pgettext_lazy("trả lời", "Không"))],
        coerce=lambda value: value == YES,
        empty_value=None,
        widget=forms.RadioSelect,
        **texts,
    )


def initial_of(field: Field, value: Any) -> Any:
    """A stored value as its form field takes it."""
    if field.kind == "yes_no":
        return None if value is None else YES if value else NO
    if field.kind == "date":
        return date.fromisoformat(value) if value else None
    return value


class PersonRow(RowForm):
    telling = ("name", "degree", "organization", "work")

    name = TextField(label=_("Họ và tên"), max_length=120)
    degree = TextField(label=_("Học hàm, học vị"), max_length=120)
    organization = TextField(label=_("Tổ chức công tác"), max_length=300)
    work = TextField(label=_("Nội dung tham gia"), max_length=300)

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self.errors and not self.cleaned_data.get("name"):
            self.add_error("name", _("Ghi họ và tên, hoặc bỏ trống cả dòng."))
        return self.cleaned_data

    def row(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.telling if self.cleaned_data[name]}


PeopleRows = forms.formset_factory(
    PersonRow,
    formset=BaseRows,
    extra=0,
    can_delete=True,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE + 20,
)


class SecrecyForm(forms.Form):
    """Asked before anything is kept: what is not normal never gets further than this."""

    use_required_attribute = False

    secrecy = forms.ChoiceField(
        label=_("Mức độ bảo mật của nhiệm vụ"),
        choices=[
            ("normal", _("Bình thường")),
            ("confidential", pgettext_lazy("độ mật", "Mật")),
            ("secret", pgettext_lazy("độ mật", "Tối mật")),
            ("top_secret", pgettext_lazy("độ mật", "Tuyệt mật")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn mức độ bảo mật ghi trên hợp đồng hoặc quyết định.")},
    )


class ItemFilesForm(forms.Form):
    """The files of one item; each is checked on its own where it is taken in."""

    use_required_attribute = False

    files = FilesField(label=_("Thêm tệp"), required=False)

    def __init__(self, *args: Any, item: rules.Item, replaces: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, prefix=item.code, **kwargs)
        rule = rules.file_rule(item.file_rule)
        field: Any = self.fields["files"]
        field.label = _("Thay tệp") if replaces and item.most == 1 else _("Thêm tệp")
        field.asked = True
        field.help_text = rule.label
        field.widget.attrs["data-max-bytes"] = str(rule.most_bytes)
        if rule.types == ("application/pdf",):
            field.widget.attrs["accept"] = ".pdf,application/pdf"


class ReturnForm(forms.Form):
    """Reasons by item: a box a reason, and for which part."""

    use_required_attribute = False

    note = TextField(
        label=_("Cần sửa thế nào"),
        help_text=_("Tổ chức đọc được. Nói rõ chỗ nào, trang nào, cần gì."),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [(item.code, item.label) for item in rules.items(on)]
        for number in range(3):
            self.fields[f"reason_{number}"] = forms.ChoiceField(
                label=_("Lý do %(number)s") % {"number": number + 1},
                choices=[("", "—"), *((r.code, r.label) for r in rules.reasons(on))],
                required=False,
            )
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label=_("Ở thành phần"),
                choices=[("", _("Cả hồ sơ")), *items],
                required=False,
            )
            first: Any = self.fields["reason_0"]
            first.asked = True
        self.order_fields(
            [f"{name}_{n}" for n in range(3) for name in ("reason", "item")] + ["note"]
        )

    @property
    def reasons(self) -> list[tuple[str, str]]:
        data = self.cleaned_data
        return [
            (data[f"reason_{n}"], data[f"item_{n}"]) for n in range(3) if data.get(f"reason_{n}")
        ]


class NoteForm(forms.Form):
    """A word with a decision; the label says whose reason it is."""

    use_required_attribute = False

    note = TextField(
        label=_("Lý do"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CopyForm(forms.Form):
    use_required_attribute = False

    purpose = TextField(
        label=_("Bản sao dùng vào việc gì"),
        help_text=_("Ví dụ: thanh lý hợp đồng, xét chức danh, góp vốn."),
        max_length=300,
        error_messages={"required": _("Ghi bản sao dùng vào việc gì.")},
    )
