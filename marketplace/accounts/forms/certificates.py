"""Certificates an organisation says it holds: rows that can be added and taken out."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core.fields import DateField, TextField

MOST: Final = 20


class CertificateForm(forms.Form):
    title = TextField(label=_("Chứng nhận"), max_length=200, required=False)
    number = TextField(label=_("Số"), max_length=60, required=False)
    issued_by = TextField(label=_("Nơi cấp"), max_length=200, required=False)
    valid_until = DateField(label=_("Có giá trị đến"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cleaned.values()) and not cleaned.get("title"):
            self.add_error("title", _("Hãy ghi tên chứng nhận, hoặc xóa trống cả dòng."))
        return cleaned


_TOTAL: Final = "certificates-TOTAL_FORMS"
_Rows = forms.formset_factory(CertificateForm, extra=1, max_num=MOST, validate_max=True)


def certificate_rows(organization: Organization, data: Any = None) -> Any:
    """The rows of the profile's form. An emptied row is a certificate taken out."""
    initial = list(organization.certificates.values("title", "number", "issued_by", "valid_until"))
    written = data.get(_TOTAL, "") if data is not None else ""
    if not written.isdecimal():
        data = None  # a form without the rows leaves them as they are
    elif data is not None and "them-dong" in data:
        # Without script the button sends the form: it comes back with what was typed and one row more.
        data = data.copy()
        data[_TOTAL] = str(min(int(written[:3]) + 1, MOST))
    return _Rows(data, initial=initial, prefix="certificates")


def certificates_in(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows.cleaned_data if row.get("title")]
