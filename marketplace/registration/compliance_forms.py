"""Forms of the compliance desk and of the unit's own reports."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.fields import CodeField, DateField, MoneyField, TextField
from marketplace.core.templatetags.design import date_vi
from marketplace.research.models import FormOfUse
from marketplace.taxonomy.choices import choices


def days_past(value: Any) -> None:
    """A day on which something has happened cannot lie ahead."""
    if value and value > clock.today():
        raise forms.ValidationError(_("Ngày này chưa đến."))


class ExcuseForm(forms.Form):
    use_required_attribute = False
    reason = TextField(
        label=_("Lý do miễn hoặc hoãn"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ghi văn bản làm căn cứ nếu có. Đơn vị đọc được lý do này."),
    )
    until = DateField(
        label=_("Hoãn đến hết ngày"),
        required=False,
        help_text=_("Để trống nếu miễn hẳn. Qua ngày này việc lại được tính là nợ."),
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until <= clock.today():
            raise forms.ValidationError(_("Chọn một ngày sau hôm nay, hoặc để trống nếu miễn hẳn."))
        return until


class AcceptanceForm(forms.Form):
    use_required_attribute = False
    accepted_on = DateField(label=_("Ngày nghiệm thu chính thức"), validators=[days_past])


class NumberForm(forms.Form):
    use_required_attribute = False
    number = TextField(
        label=_("Số và ký hiệu"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "short"}),
        help_text=_("Như trong sổ công văn, ví dụ 125/SKHCN-QLKH."),
    )
    issued_on = DateField(label=_("Ngày ban hành"), validators=[days_past])


class ApplicationForm(forms.Form):
    """The yearly report on how a result is used, as short as the register takes it."""

    use_required_attribute = False
    organization_name = TextField(
        label=_("Tổ chức ứng dụng"),
        max_length=300,
        help_text=_("Nơi dùng kết quả; nếu chính đơn vị bạn dùng thì ghi tên đơn vị."),
    )
    place = TextField(label=_("Địa chỉ ứng dụng"), max_length=300, required=False)
    province_code = CodeField(
        label=_("Tỉnh, thành phố"), choices=partial(choices, "provinces"), required=False
    )
    scale = TextField(
        label=_("Quy mô"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: 3 dây chuyền, 20 ha."),
    )
    form_of_use = forms.ChoiceField(
        label=_("Hình thức ứng dụng"), choices=[("", "---------"), *FormOfUse.choices]
    )
    economic_effect = TextField(
        label=_("Hiệu quả kinh tế, xã hội"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    income = MoneyField(
        label=_("Doanh thu từ kết quả"),
        required=False,
        help_text=_("Chỉ dùng cho thống kê, không hiện trên trang công khai."),
    )
    reported_on = DateField(label=_("Ngày báo cáo"), validators=[days_past])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reported_on"].help_text = _("Hôm nay là %(day)s.") % {
            "day": date_vi(clock.today())
        }
