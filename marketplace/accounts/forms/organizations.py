"""What is said of an organisation."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, OrganizationKind
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.names import NAME_LIMIT, clean_name, organization_key
from marketplace.accounts.tax_codes import clean_tax_code
from marketplace.core.fields import CodeField, CodeListField, TextField
from marketplace.core.text import unturned
from marketplace.taxonomy.choices import choices, grouped_choices
from marketplace.taxonomy.models import Term
from marketplace.taxonomy.provinces import current_province, province_choices


class FindOrganizationForm(forms.Form):
    """Looks for the organisation before anybody makes it a second time."""

    ten = forms.CharField(label=_("Tên hoặc mã số thuế của tổ chức"), max_length=NAME_LIMIT)


class NewOrganizationForm(forms.Form):
    """What an organisation cannot be made without; the rest waits until somebody writes its profile."""

    name = forms.CharField(
        label=_("Tên tổ chức"),
        max_length=NAME_LIMIT,
        help_text=_("Tên đầy đủ như trên đăng ký kinh doanh hoặc quyết định thành lập."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Loại hình"), choices=OrganizationKind.choices)
    tax_code = forms.CharField(
        label=_("Mã số thuế"),
        required=False,
        max_length=20,
        help_text=_("10 chữ số; đơn vị phụ thuộc thêm 3 số; hộ kinh doanh 12 số."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not organization_key(name):
            raise forms.ValidationError(_("Hãy ghi tên đầy đủ của tổ chức."))
        return name

    def clean_tax_code(self) -> str:
        code = self.cleaned_data["tax_code"].strip()
        return clean_tax_code(code) if code else ""


class OrganizationForm(NewOrganizationForm):
    """The profile of an organisation."""

    province_code = forms.ChoiceField(label=_("Tỉnh, thành phố"), required=False)
    address = TextField(label=_("Địa chỉ"), required=False, max_length=300)
    website = forms.URLField(
        label=_("Trang web"), required=False, assume_scheme="https", max_length=200
    )
    name_en = TextField(label=_("Tên tiếng Anh"), required=False, max_length=300)
    short_name = TextField(label=_("Tên viết tắt"), required=False, max_length=60)
    description = TextField(
        label=_("Giới thiệu"),
        required=False,
        max_length=4000,
        help_text=_("Tổ chức làm gì, mạnh ở đâu, đã phục vụ ai."),
        widget=forms.Textarea(attrs={"rows": 6, "data-count": ""}),
    )
    field_codes = forms.MultipleChoiceField(
        label=_("Lĩnh vực"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    industry_codes = CodeListField(
        label=_("Ngành kinh tế"),
        choices=partial(grouped_choices, "industries"),
        count=2,
        required=False,
    )
    size_code = CodeField(
        label=_("Quy mô"), choices=partial(choices, "organization-sizes"), required=False
    )

    def __init__(self, *args: Any, organization: Organization | None = None, **kwargs: Any) -> None:
        if organization is not None:
            kwargs["initial"] = {
                name: getattr(organization, name) for name in self.base_fields
            } | kwargs.get("initial", {})
            kwargs["initial"]["province_code"] = current_province(organization.province_code)
        super().__init__(*args, **kwargs)
        kept = organization.field_codes if organization is not None else []
        self._offer("province_code", [("", _("Chưa chọn")), *province_choices()])
        fields = Term.objects.in_vocabulary("st-fields").filter(level=2).choices()
        # A code of an older table stays until its owner takes it off.
        fields += [(code, code) for code in kept if code not in dict(fields)]
        self._offer("field_codes", fields)
        if not fields:
            del self.fields["field_codes"]
        if organization is not None and organization.has_verified_facts:
            # They change by a new submission alone; what is verified stands read-only beside the form.
            for name in self.fields.keys() & set(VERIFIED_FACTS):
                del self.fields[name]

    def clean_website(self) -> str:
        return unturned(self.cleaned_data["website"])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
