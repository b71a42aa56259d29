from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import TextField
from marketplace.privacy.models import SubjectRequest


class RequestForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Bạn yêu cầu gì"),
        choices=[("", _("Chọn một yêu cầu")), *SubjectRequest.Kind.choices],
    )
    text = TextField(
        label=_("Nội dung yêu cầu"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Với dữ liệu nào, vì sao. Không cần theo mẫu nào."),
    )

    class Meta:
        model = SubjectRequest
        fields = ("kind", "text")


class CloseForm(forms.Form):
    understood = forms.BooleanField(
        label=_("Tôi hiểu sau ngày đóng thì không lấy lại được tài khoản này."),
        error_messages={"required": _("Hãy đánh dấu vào ô này nếu bạn muốn đóng tài khoản.")},
    )
