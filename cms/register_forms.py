"""Forms of the registers in the admin; what they hold is saved by the services of research."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from marketplace.accounts.models import Organization
from marketplace.accounts.services import find_or_create_organization
from marketplace.core.fields import CodeField
from marketplace.listings.forms import parts
from marketplace.registration.forms import form_field, initial_of
from marketplace.registration.rules import added_fields
from marketplace.research.models import Person, Programme, Register, Task
from marketplace.research.programmes import EDITABLE_FIELDS
from marketplace.taxonomy.choices import choices

#: Before the code of a field that staff added to the form of tasks.
_EXTRA: Final = "extra-"


class OrganizationByName(forms.CharField):
    """Thousands of organisations make no list to choose from: one is named, as records name it."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return Organization.objects.filter(pk=value).values_list("name", flat=True).first()
        return value

    def clean(self, value: Any) -> Organization | None:
        name = super().clean(value)
        if not name:
            return None
        return find_or_create_organization(name)


class TaskForm(WagtailAdminModelForm):
    organization = OrganizationByName(label=_("Tổ chức chủ trì"), max_length=300, required=False)
    field_codes = parts.science_fields("")
    kind = CodeField(
        label=_("Loại nhiệm vụ"), choices=partial(choices, "task-kinds"), required=False
    )
    lead = forms.CharField(label=_("Chủ nhiệm nhiệm vụ"), max_length=200, required=False)
    members = forms.CharField(
        label=_("Cá nhân tham gia"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi người một dòng."),
    )

    class Meta:
        model = Task
        fields = (
            "title", "title_en", "code", "kind", "form_code", "level", "organization", "agency",
            "programme", "aims", "summary", "field_codes", "methods", "expected_products",
            "expected_application", "started_on", "ended_on", "months", "funding",
            "funding_state", "funding_own", "funding_other", "approval_number", "approved_on",
            "contract_number", "contracted_on", "accepted_on",
        )  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("title", "title_en", "aims", "summary", "methods", "expected_products",
                         "expected_application")
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field_codes"].required = False
        people = self.instance.people if self.instance.pk else []
        self.fields["lead"].initial = self.instance.lead if self.instance.pk else ""
        self.fields["members"].initial = "\n".join(
            one["name"] for one in people if one.get("role") != "lead"
        )
        self.added = added_fields(Register.TASK)
        for field in self.added:
            asked = form_field(field)
            asked.required = field.required == "always"
            asked.initial = initial_of(field, self.instance.extra.get(field.code))
            self.fields[f"{_EXTRA}{field.code}"] = asked


def task_values(
    cleaned: dict[str, Any],
    known: Iterable[dict[str, Any]] = (),
    known_extra: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """What the form says as values of the service; of `known` people what it does not show is kept."""
    values = {name: value for name, value in cleaned.items() if not name.startswith(_EXTRA)}
    extra = {
        name.removeprefix(_EXTRA): value.isoformat() if isinstance(value, date) else value
        for name, value in cleaned.items()
        if name.startswith(_EXTRA)
    }
    if extra:
        told = {**known_extra, **extra}
        values["extra"] = {name: value for name, value in told.items() if value not in (None, "")}
    facts = {one["name"]: one for one in known}
    lead = " ".join(values.pop("lead").split())
    members = [" ".join(line.split()) for line in values.pop("members").splitlines()]
    named = [(lead, "lead"), *((name, "member") for name in members)]
    values["people"] = [
        {
            **facts.get(name, {}),
            "name": name,
            "role": known_role
            if role == "member"
            and (known_role := facts.get(name, {}).get("role")) not in (None, "lead")
            else role,
        }
        for name, role in named
        if name
    ]
    return values


class ProgrammeForm(WagtailAdminModelForm):
    agency = OrganizationByName(label=_("Cơ quan quản lý"), max_length=300, required=False)
    field_codes = parts.science_fields("")

    class Meta:
        model = Programme
        fields = EDITABLE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field_codes"].required = False


class PersonForm(WagtailAdminModelForm):
    # Checked by the service, which takes every usual writing.
    orcid = forms.CharField(label="ORCID", max_length=60, required=False)
    isni = forms.CharField(label="ISNI", max_length=60, required=False)

    class Meta:
        model = Person
        fields = ("name", "orcid", "isni", "agreed_on", "is_hidden")


class MergeForm(forms.Form):
    other = forms.ModelChoiceField(
        label=_("Mã trang của người cần gộp vào đây"),
        queryset=Person.objects.current(),
        to_field_name="public_id",
        widget=forms.TextInput,
        help_text=_("Phần cuối của địa chỉ trang người đó, 10 ký tự."),
    )
    reason = forms.CharField(label=_("Lý do"), max_length=300)
