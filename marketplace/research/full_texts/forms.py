"""Forms of asking for a full text and of answering."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.fields import CodeField, DateField, TextField
from marketplace.research.full_texts.services import ways_to
from marketplace.research.models import Attachment, Way
from marketplace.taxonomy.choices import choices


class AskForm(forms.Form):
    use_required_attribute = False

    organization = forms.ModelChoiceField(
        label=_("Đề nghị cho"),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Cho tôi, không thay mặt tổ chức nào"),
    )
    purpose = CodeField(
        label=_("Mục đích"),
        choices=partial(choices, "full-text-purposes"),
        error_messages={"required": _("Chọn mục đích.")},
    )
    purpose_note = TextField(
        label=_("Dùng vào việc gì"),
        help_text=_("Một hai câu cụ thể giúp bên giữ tài liệu trả lời nhanh hơn."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Ghi tài liệu được dùng vào việc gì.")},
    )
    way = forms.ChoiceField(
        label=_("Cách tiếp cận"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn cách tiếp cận.")},
    )

    def __init__(self, *args: Any, attachment: Attachment, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization: Any = self.fields["organization"]
        organization.queryset = Organization.objects.filter(memberships__user=user).order_by(
            "name", "pk"
        )
        ways = ways_to(attachment)
        way: Any = self.fields["way"]
        way.choices = [(value, Way(value).label) for value in ways]
        if len(ways) == 1:
            way.initial = ways[0]


class VisitForm(forms.Form):
    """Day, time and place of reading on site."""

    use_required_attribute = False

    day = DateField(
        label=_("Ngày đọc"),
        error_messages={
            "required": _("Chọn ngày đọc."),
            "invalid": _("Chưa đọc được ngày này. Viết ngày/tháng/năm, ví dụ 15/01/2027."),
        },
    )
    hour = forms.TimeField(
        label=_("Giờ"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={
            "required": _("Ghi giờ hẹn."),
            "invalid": _("Chưa đọc được giờ này. Viết như 14:30."),
        },
    )
    place = TextField(
        label=_("Nơi đọc"), max_length=300, error_messages={"required": _("Ghi nơi đọc.")}
    )
    note = TextField(label=_("Lời nhắn"), max_length=600, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("day") and data.get("hour"):
            data["visit_at"] = datetime.combine(data["day"], data["hour"], tzinfo=clock.VIETNAM)
            if data["visit_at"] <= clock.now():
                self.add_error("day", ValidationError(_("Giờ hẹn đã qua, chọn giờ khác.")))
        return data


class RefuseForm(forms.Form):
    use_required_attribute = False

    reason = CodeField(
        label=_("Lý do"),
        choices=partial(choices, "full-text-refusals"),
        error_messages={"required": _("Chọn một lý do.")},
    )
    note = TextField(
        label=_("Nói thêm"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Người đề nghị đọc được lời này."),
    )


def answer_forms() -> dict[str, forms.Form]:
    return {"visit_form": VisitForm(prefix="hen"), "refuse_form": RefuseForm(prefix="tu-choi")}
