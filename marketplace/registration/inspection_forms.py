"""Forms of inspections."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.accounts.names import organization_key
from marketplace.core import clock
from marketplace.core.fields import DateField, DocumentField, TextField
from marketplace.registration.compliance_forms import days_past
from marketplace.registration.models import Finding


class PlanForm(forms.Form):
    use_required_attribute = False
    year = forms.IntegerField(
        label=_("Năm"),
        min_value=2020,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    note = TextField(
        label=_("Nội dung, mục đích"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > clock.today().year + 1:
            raise forms.ValidationError(_("Lập kế hoạch cho năm nay hoặc năm sau."))
        return year


class ApprovalForm(forms.Form):
    use_required_attribute = False
    decision = TextField(label=_("Quyết định phê duyệt số"), max_length=120)
    approved_on = DateField(label=_("Ngày phê duyệt"), validators=[days_past])


class VisitForm(forms.Form):
    use_required_attribute = False
    unit = TextField(
        label=_("Đơn vị"),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        help_text=_("Tên như trong cơ sở dữ liệu; đơn vị đang quá hạn được gợi ý trước."),
    )
    planned_on = DateField(label=_("Ngày dự kiến"))
    members = TextField(
        label=_("Thành viên đoàn"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_unit(self) -> Organization:
        key = organization_key(self.cleaned_data["unit"])
        found = Organization.objects.filter(name_key=key).first() if key else None
        if found is None:
            raise forms.ValidationError(
                _("Chưa có tổ chức tên này. Chọn một tên trong danh sách gợi ý.")
            )
        return found


class MinutesForm(forms.Form):
    use_required_attribute = False
    visited_on = DateField(label=_("Ngày kiểm tra"), validators=[days_past])
    members = TextField(
        label=_("Thành viên đoàn"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = TextField(
        label=_("Tóm tắt biên bản"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    file = DocumentField(
        label=_("Biên bản đã ký"),
        required=False,
        help_text=_("PDF, Word hoặc Excel. Chỉ đầu mối và cơ quan thông tin quốc gia mở được."),
    )


class FindingForm(forms.Form):
    use_required_attribute = False
    severity = forms.ChoiceField(label=_("Mức độ"), choices=Finding.Severity.choices)
    text = TextField(
        label=_("Phát hiện và yêu cầu"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = DateField(label=_("Khắc phục trước ngày"))


class FollowUpForm(forms.Form):
    use_required_attribute = False
    note = TextField(
        label=_("Đơn vị đã làm gì"), max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
    )
    closes = forms.BooleanField(label=_("Đã khắc phục xong, đóng phát hiện này"), required=False)
